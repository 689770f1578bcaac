// Polls of opinion are answered in the line that asks. The line itself is the same for everybody:
// what this reader has answered is asked for when they begin. Without this script the link leads to
// the page of the message, with the same form.

export function beginOpinions({ root, acts, timeline, post }) {
  const words = root.querySelector("[data-opinion-words]")?.dataset;
  if (!words) return; // who does not write here does not answer
  timeline.list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-opinion-answer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    begin(link, { acts, post, words });
  });
}

async function begin(link, { acts, post, words }) {
  const item = link.closest(".message");
  const { answer: address } = link.closest("[data-opinion]").dataset;
  let poll;
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) throw new Error(response.status);
    poll = await response.json();
  } catch {
    return location.assign(link.href);
  }
  if (!poll.seats.length) return location.assign(link.href); // the page says why
  acts.close(item);
  const form = document.createElement("form");
  form.className = "message__form";
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = poll.multiple ? words.several : words.one;
  group.append(legend, ...poll.options.map((option) => choice(item, poll, option)));
  const open = document.createElement("p");
  open.className = "meta";
  open.textContent = words.open;
  const fault = document.createElement("p");
  fault.className = "message__fault";
  fault.setAttribute("role", "alert");
  const row = document.createElement("p");
  row.className = "cluster";
  const submit = document.createElement("button");
  submit.className = "button button--primary button--small";
  submit.textContent = words.answer;
  row.append(submit, acts.button("cancel", () => acts.close(form.closest(".message"))));
  form.append(group);
  if (poll.seats.length > 1) form.append(speaking(poll, words));
  form.append(open, fault, row);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.textContent = "";
    try {
      const response = await post(address, new FormData(form));
      if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(response.status);
      const { reason } = await response.json();
      if (response.ok) acts.close(form.closest(".message"));
      else fault.textContent = reason;
    } catch {
      fault.textContent = acts.words.failed;
    }
  });
  item.querySelector(".message__body").before(form);
  (form.querySelector(":checked") ?? form.querySelector("input")).focus();
}

function choice(item, poll, { number, text }) {
  const line = document.createElement("p");
  line.className = "opinion__choice";
  const input = document.createElement("input");
  input.type = poll.multiple ? "checkbox" : "radio";
  input.name = "choices";
  input.value = number;
  input.id = `choice-${item.dataset.seq}-${number}`;
  input.checked = poll.chosen.includes(number);
  const label = document.createElement("label");
  label.htmlFor = input.id;
  label.dir = "auto";
  label.textContent = text;
  line.append(input, " ", label);
  return line;
}

function speaking(poll, words) {
  const label = document.createElement("label");
  label.textContent = `${words.speaking} `;
  const select = document.createElement("select");
  select.name = "mandate";
  for (const { mandate, name } of poll.seats) select.add(new Option(name, mandate));
  label.append(select);
  return label;
}
