// What a scanned code says of itself: its symbology by the AIM identifier in front, and GS1's application identifiers.

const SYMBOLOGIES = {
  A: 'Code 39', C: 'Code 128', d: 'Data Matrix', e: 'GS1 DataBar', E: 'EAN/UPC', F: 'Codabar', G: 'Code 93', I: 'Interleaved 2 of 5', L: 'PDF417', Q: 'QR code', S: '2 of 5', z: 'Aztec',
};
const GS1_MARKS = ['C1', 'd2', 'e0', 'Q3', 'J1'];

// Identifier, meaning, length; a negative length is a longest one, ended by a separator.
const IDENTIFIERS = [
  ['00', 'SSCC: serial of a shipping container', 18], ['01', 'GTIN: trade item', 14], ['02', 'GTIN of what is inside', 14], ['10', 'Batch or lot', -20], ['11', 'Made on', 6], ['12', 'Due on', 6],
  ['13', 'Packed on', 6], ['15', 'Best before', 6], ['16', 'Sell by', 6], ['17', 'Expires on', 6], ['20', 'Variant', 2], ['21', 'Serial number', -20], ['22', 'Consumer variant', -20],
  ['240', 'More about the item', -30], ['241', "Customer's part number", -30], ['30', 'Count', -8], ['37', 'Units inside', -8],
  ['310', 'Net weight, kg', 6, 1], ['311', 'Length, m', 6, 1], ['320', 'Net weight, lb', 6, 1], ['330', 'Gross weight, kg', 6, 1], ['392', 'Price', -15, 1],
  ['400', "Customer's order", -30], ['401', 'Consignment', -30], ['402', 'Shipment', 17], ['410', 'Ship to (GLN)', 13], ['412', 'Bought from (GLN)', 13], ['414', 'Place (GLN)', 13], ['420', 'Postcode of the receiver', -20],
  ['421', 'Country and postcode of the receiver', -12], ['422', 'Country of origin', 3], ['7003', 'Expires at', 10], ['8005', 'Price per unit', 6], ['8008', 'Made at', -12], ['8020', 'Payment slip', -25],
  ['90', 'Agreed between partners', -30], ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => [`9${n}`, 'Our own', -90]),
];
const SEPARATOR = '\u001d';

// The last digit of GS1's keys: weights three and one in turn, from the right.
export function checkDigit(digits) {
  return (10 - [...digits].reverse().reduce((sum, d, i) => sum + d * (i % 2 ? 1 : 3), 0) % 10) % 10;
}

const isKey = text => /^\d+$/.test(text) && checkDigit(text.slice(0, -1)) === +text.at(-1);

// The identifier in front, if any, and the rest.
export function symbology(text) {
  const found = /^\](\w)(\w)/.exec(text);
  if (!found) return { name: null, isGs1: false, rest: text };
  const mark = found[1] + found[2];
  return { mark: `]${mark}`, name: SYMBOLOGIES[found[1]] ?? 'unknown', isGs1: GS1_MARKS.includes(mark), rest: text.slice(3) };
}

// The parts of a GS1 code, or why it is none. Brackets around identifiers are read too.
export function gs1(text) {
  let rest = text.startsWith(SEPARATOR) ? text.slice(1) : text;
  if (/^\(\d{2,4}\)/.test(rest)) rest = rest.replace(/\((\d{2,4})\)/g, (all, ai, at) => (at ? SEPARATOR : '') + ai);
  const parts = [];
  while (rest) {
    const known = IDENTIFIERS.find(([ai]) => rest.startsWith(ai));
    if (!known) return { parts, problem: `No identifier that we know begins with ${rest.slice(0, 4)}` };
    const [ai, meaning, length, decimals] = known;
    const name = decimals ? rest.slice(0, ai.length + 1) : ai;
    rest = rest.slice(name.length);
    const end = rest.indexOf(SEPARATOR);
    const value = length > 0 ? rest.slice(0, length) : end < 0 ? rest : rest.slice(0, end);
    if (length > 0 && (value.length < length || value.includes(SEPARATOR))) return { parts, problem: `(${name}) wants ${length} characters` };
    if (length < 0 && (value.length === 0 || value.length > -length)) return { parts, problem: `(${name}) has at most ${-length} characters: a separator (FNC1) is missing` };
    const isWrong = (['00', '01', '02'].includes(ai) || /^41/.test(ai)) && !isKey(value);
    parts.push({ ai: name, meaning, value: decimals && length > 0 ? (value / 10 ** +name.at(-1)).toFixed(+name.at(-1)) : value, problem: isWrong ? 'its check digit is wrong' : null });
    rest = rest.slice(value.length);
    if (rest.startsWith(SEPARATOR)) rest = rest.slice(1);
  }
  return { parts, problem: parts.length ? parts.find(p => p.problem)?.problem ?? null : 'Nothing' };
}
