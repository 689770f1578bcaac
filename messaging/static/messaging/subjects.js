// Subjects of a room: on the page of one, its messages alone stand, and what is moved comes and
// goes; everywhere one chooses in which one writes, and moves what one may move.

const GENERAL = 0; // on the page of what stands under no subject
const SPREAD = 300; // ms within which the readers of a room ask, so that not all do at once

export function beginSubjects({ root, facts, timeline, composer, acts, post, say }) {
  const panel = root.querySelector("[data-subjects]");
  const words = root.querySelector("[data-subject-words]").dataset;
  const choice = root.querySelector("[data-subject-choice]");
  const options = () => panel.querySelector("[data-subject-options]").content.cloneNode(true).children;
  let timer = null;

  // --- What belongs on this page -------------------------------------------------------------

  timeline.isElsewhere = (record) => {
    if (record.kind.startsWith("subject.")) {
      clearTimeout(timer);
      timer = setTimeout(refresh, Math.random() * SPREAD);
    }
    if (facts.subject === null) return false;
    if (facts.subject !== GENERAL) return record.subject !== facts.subject;
    return record.subject !== null || !(record.message || record.client_id); // no acts of the room
  };

  timeline.onLeave = (item) => {
    const isHere = item.contains(document.activeElement);
    item.remove();
    say(words.moved);
    if (isHere) root.querySelector("[data-composer-body]")?.focus({ preventScroll: true });
  };

  // A message that was moved here: it stands by its number, unless that lies before what is loaded.
  timeline.onAbsent = (record) => {
    if (facts.subject === null || record.kind !== "message.moved") return;
    const items = [...timeline.list.querySelectorAll("[data-seq]")];
    const next = items.find((item) => Number(item.dataset.seq) > record.message);
    if (next && next === items[0] && root.querySelector("[data-earlier]")) return;
    timeline.list.insertBefore(timeline.build(record), next ?? timeline.firstPending());
  };

  // --- Which there are -------------------------------------------------------------------------

  async function refresh() {
    try {
      const response = await fetch(facts.subjects, { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      const { html } = await response.json();
      const isInside = panel.contains(document.activeElement);
      panel.innerHTML = html; // rendered and escaped by the server
      if (isInside) panel.querySelector("summary").focus({ preventScroll: true });
    } catch {
      return; // they are asked for again when the next is opened, or this one is looked at
    }
    timeline.paintTimes(panel);
    if (!choice) return;
    const { value } = choice;
    choice.replaceChildren(...options());
    choose(value);
    choice.closest("p").hidden = choice.options.length < 2;
  }

  panel.addEventListener("toggle", () => panel.open && refresh());

  // --- In which one writes ---------------------------------------------------------------------

  function choose(value) {
    choice.value = [...choice.options].some((each) => each.value === value) ? value : "";
  }

  if (composer && choice) {
    const { replyTo } = composer;
    let chosen = null; // before one began to reply
    composer.replyTo = (seq) => {
      replyTo.call(composer, seq);
      if (seq) {
        chosen ??= choice.value;
        choose(document.getElementById(`r${seq}`)?.dataset.subject ?? "");
      } else if (chosen !== null) {
        choose(chosen);
        chosen = null;
      }
      choice.disabled = Boolean(seq); // a reply stands where the message stands that it answers
    };
    choice.disabled = Boolean(composer.form.elements.reply_to.value);
  }

  // --- Moving ----------------------------------------------------------------------------------

  acts.offers.push({
    label: words.move,
    when: (item, mine) =>
      ((mine && facts.writes) || facts.chairs) && (options().length > 1 || "subject" in item.dataset),
    run(item) {
      acts.close(item);
      const { form, field } = acts.form(item, "select", words.subject, words.do);
      field.append(...options());
      field.value = item.dataset.subject ?? "";
      const following = document.createElement("input");
      if (facts.chairs) {
        following.type = "checkbox";
        const label = document.createElement("label");
        label.className = "message__check";
        label.append(following, words.following);
        field.after(label);
      }
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const values = { subject: field.value };
        if (following.checked) values.with_following = "on";
        const seq = Number(item.dataset.seq);
        acts.forms.set(seq, form);
        try {
          const response = await post(`${acts.address(item)}move/`, values);
          const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
          if (!isAnswer) throw new Error(response.status);
          acts.hear(await response.json());
        } catch {
          form.querySelector(".message__fault").textContent = acts.words.failed;
        }
      });
      field.focus();
    },
  });
}
