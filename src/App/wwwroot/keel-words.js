// What the scripts say, in the language of the page: the layout brings the words along, and what it does not bring stays as it is.
const known = JSON.parse(document.querySelector('meta[name=keel-words]')?.content ?? '{}');

export const word = (text, ...values) => (known[text] ?? text).replace(/\{(\d)\}/g, (_, at) => values[at] ?? '');
export const count = (number, one, many) => word(number === 1 ? one : many, number);
