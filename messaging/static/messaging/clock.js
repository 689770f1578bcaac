// Times in the reader's zone and language, in the digits of the rest of the page.

export function clock(language, timeZone) {
  const locale = `${language === "en" ? "en-GB" : language}-u-nu-${
    document.documentElement.dataset.digits ?? "latn"
  }`;
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: "numeric", month: "long" });
  const hour = new Intl.DateTimeFormat(locale, {
    timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const full = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: "full", timeStyle: "long" });
  return (root) => {
    for (const time of root.querySelectorAll("time[data-clock]")) {
      const moment = new Date(time.dateTime);
      time.textContent = `${day.format(moment)} · ${hour.format(moment)}`;
      time.title = full.format(moment);
    }
  };
}
