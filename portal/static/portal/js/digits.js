// Numbers as the reader has them on the rest of the page (`<html data-digits>`).

const { lang, dataset } = document.documentElement;
const format = new Intl.NumberFormat(`${lang || "en"}-u-nu-${dataset.digits ?? "latn"}`, {
  useGrouping: false,
});

export const number = (value) => format.format(value);
