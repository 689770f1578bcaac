// Names made comparable, as records/folding.py does: without case, diacritics, hamza, tatweel.

const LETTERS = {
  ٱ: "ا",
  ى: "ي",
  ی: "ي",
  ې: "ي",
  ة: "ه",
  ک: "ك",
  ـ: "",
  œ: "oe",
  æ: "ae",
  ß: "ss",
};
const ZEROS = { "٠": 0x660, "۰": 0x6f0 };

export function fold(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{Mn}\p{Me}\p{Cf}]/gu, "")
    .replace(/[ٱىیېةکـœæß]/g, (letter) => LETTERS[letter])
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - ZEROS["٠"])
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - ZEROS["۰"])
    .trim()
    .replace(/\s+/g, " ");
}

// Whether one of the folded `keys` has every word of the folded `sought`. The conjunction و is not in
// the keys; whoever has typed only its first letters may mean a name that begins with it.
export function matches(keys, sought) {
  const ways = [sought, sought.replace(/^و+/, "")].map((each) => each.split(" "));
  return keys.some((key) => ways.some((words) => words.every((word) => key.includes(word))));
}
