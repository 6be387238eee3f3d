// Scan screens: a wedge scanner without focus, a queue on the device that outlives reloads, and the scanner's self-test.
import { gs1, symbology } from './keel-gs1.js';
import { word, count } from './keel-words.js';

const one = (selector, from = document) => from.querySelector(selector);
const DATABASE = 'keel-scans';
const STORE = 'scans';
const RETRY = 3000;

// ── The device's memory ─────────────────────────────────────────────────
const opened = new Promise((good, bad) => {
  const ask = indexedDB.open(DATABASE, 1);
  ask.onupgradeneeded = () => ask.result.createObjectStore(STORE, { keyPath: 'seq', autoIncrement: true });
  ask.onsuccess = () => good(ask.result);
  ask.onerror = () => bad(ask.error);
});

async function within(mode, work) {
  const transaction = (await opened).transaction(STORE, mode, { durability: 'strict' });
  const asked = work(transaction.objectStore(STORE));
  return new Promise((good, bad) => {
    transaction.oncomplete = () => good(asked.result);
    transaction.onerror = transaction.onabort = () => bad(transaction.error);
  });
}

const everything = () => within('readonly', store => store.getAll());
const keep = scan => within('readwrite', store => store.put(scan));
const forget = seq => within('readwrite', store => store.delete(seq));

// ── What a scanner types ────────────────────────────────────────────────
// Keys that come quickly one after the other and end with Enter or Tab, or with a pause, are a scan; `heard` gets its text and how it came.
function listen(heard) {
  let text = '';
  let first = 0;
  let last = 0;
  let rest = 0;
  const end = suffix => {
    clearTimeout(rest);
    const scan = { text, suffix, milliseconds: last - first };
    text = '';
    if (scan.text) heard(scan);
  };
  window.addEventListener('keydown', event => {
    if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
    const now = performance.now();
    if (event.key === 'Enter' || event.key === 'Tab') {
      if (!text) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      end(event.key);
      return;
    }

    // Scanners say the group separator as Ctrl+] or F8; a browser never types it.
    const letter = event.key === 'F8' || event.ctrlKey && (event.key === ']' || event.key === '\u001d') ? '\u001d'
      : event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey ? event.key : null;
    if (letter === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!text) first = now;
    last = now;
    text += letter;
    clearTimeout(rest);
    rest = setTimeout(() => end(null), 400);
  }, true);
}

// ── The queue ───────────────────────────────────────────────────────────
const screen = one('[data-scan]');
let sending = false;
let isBroken = false;
let timer = 0;

const age = since => {
  const seconds = Math.max(0, Math.round((Date.now() - since) / 1000));
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
};

function show(right, sentence, waiting = false) {
  const last = one('[data-scan-last]', screen);
  last.hidden = false;
  last.dataset.state = waiting ? 'waiting' : right ? 'done' : 'late';
  last.textContent = sentence;
  // The chirp comes when the scan is kept; a refusal buzzes whenever it is known.
  if (waiting || !right) document.dispatchEvent(new CustomEvent('keel:heard', { detail: { right } }));
}

async function paint() {
  const scans = await everything();
  const mine = scans.filter(s => s.owner === screen.dataset.owner);
  const waiting = mine.filter(s => s.state === 'waiting');
  const refused = mine.filter(s => s.state === 'refused');
  const others = scans.length - mine.length;
  const oldest = waiting[0];
  const text = waiting.length ? word(waiting.length === 1 ? '{0} waits, the oldest for {1}' : '{0} wait, the oldest for {1}', waiting.length, age(oldest.at)) : word('Nothing waits');
  const people = [...new Set(scans.filter(s => s.owner !== screen.dataset.owner).map(s => s.by))].join(', ');
  one('[data-scan-count]', screen).textContent = `${text}.${others ? ' ' + word(others === 1 ? '{0} of {1}: it is sent when {1} signs in here.' : '{0} of {1}: they are sent when {1} signs in here.', others, people) : ''}`;
  const bar = one('[data-offline]');
  if (bar) {
    bar.hidden = !isBroken;
    one('[data-unsent]', bar).textContent = waiting.length ? word('{0} kept', waiting.length) : '';
  }
  const list = one('[data-scan-refused]', screen);
  list.hidden = refused.length === 0;
  list.replaceChildren(...refused.map(scan => {
    const item = document.createElement('li');
    const words = document.createElement('span');
    const code = document.createElement('b');
    code.textContent = scan.code;
    words.append(code, ` ${scan.reason}`);
    const seen = document.createElement('button');
    seen.type = 'button';
    seen.className = 'btn';
    seen.textContent = word('I have looked');
    seen.dataset.seen = scan.seq;
    item.append(words, seen);
    return item;
  }));
}

async function take(code) {
  const { url, field, at, company, by, owner } = screen.dataset;
  const scan = { code, url, field, instant: at, company, by, owner, at: Date.now(), key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, state: 'waiting' };
  await keep(scan);
  show(true, word('{0} kept', code), true);
  await paint();
  await send();
}

// One tab of the device sends, the oldest first; what is not answered stays where it is.
async function send() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    await (navigator.locks ? navigator.locks.request(DATABASE, { ifAvailable: true }, lock => lock && run()) : run());
  } finally {
    sending = false;
    await paint();
    if ((await everything()).some(s => s.state === 'waiting' && s.owner === screen.dataset.owner)) timer = setTimeout(send, RETRY);
  }
}

async function run() {
  for (;;) {
    const next = (await everything()).find(s => s.state === 'waiting' && s.owner === screen.dataset.owner);
    if (!next) return;
    const answer = await tell(next);
    isBroken = answer === null;
    if (answer === null) return;
    if (answer.done) {
      await forget(next.seq);
      show(true, answer.sentence);
    } else {
      await keep({ ...next, state: 'refused', reason: answer.sentence });
      show(false, `${next.code}: ${answer.sentence}`);
    }
    await paint();
  }
}

// Done, refused with a reason, or null where nobody answered and it has to be said again.
async function tell(scan) {
  try {
    const response = await fetch(scan.url, {
      method: 'POST', redirect: 'error', signal: AbortSignal.timeout(15000),
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `scan-${scan.key}`, 'Keel-Company': scan.company },
      body: JSON.stringify({ [scan.field]: scan.code, [scan.instant]: new Date(scan.at).toISOString() }),
    });
    if (response.status === 401) {
      show(false, word('You are signed out. What you scanned is kept: sign in again.'));
      return null;
    }
    if (response.status === 429 || response.status >= 500) return null;
    const said = await response.json();
    return response.ok ? { done: true, sentence: said.sentence ?? word('Done') } : { done: false, sentence: said.detail ?? said.title ?? word('Refused') };
  } catch {
    // No link, or no answer in time: the key makes it safe to say it again.
    return null;
  }
}

// ── The self-test ───────────────────────────────────────────────────────
const spoken = text => [...text].map(c => c === '\u001d' ? '<GS>' : c < ' ' ? `<${c.charCodeAt(0)}>` : c).join('');

function verdict({ text, milliseconds }) {
  const { rest } = symbology(text);
  if (text.length > 2 && milliseconds / text.length > 60) return ['waiting', word('That was typed, or the scanner is very slow: more than 60 ms per character.')];
  if (rest === 'KEEL-TEST') return ['done', word('Right: the scanner says what the test label says.')];
  if (rest === 'keel-test') return ['late', word('Large and small letters are swapped: caps lock is on, here or in the scanner.')];
  if (/^keel.test$/i.test(rest)) return ['late', word('The hyphen arrived as another sign: the keyboard language of the scanner is not the one of this device.')];
  const read = gs1(rest);
  if (read.parts.length && read.problem) return ['waiting', word('It reads like GS1, but {0}.', read.problem)];
  return ['done', read.problem ? word('It arrived.') : word('It arrived, and GS1 reads all of it.')];
}

function test(scan) {
  const root = one('[data-scan-test]');
  const seen = symbology(scan.text);
  const read = gs1(seen.rest);
  const say = (name, words) => { one(`[data-test="${name}"]`, root).textContent = words; };
  say('raw', spoken(scan.text));
  say('count', `${scan.text.length}`);
  say('symbology', seen.name ? `${seen.name}${seen.isGs1 ? ', GS1' : ''} (${seen.mark})` : word('not said: switch the AIM identifier on to see it'));
  say('suffix', scan.suffix ?? word('nothing: set the scanner to end with Enter'));
  say('speed', scan.text.length > 1 ? word('{0} ms per character', (scan.milliseconds / (scan.text.length - 1)).toFixed(1)) : word('one character only'));
  const [state, words] = verdict(scan);
  const told = one('[data-test-verdict]', root);
  told.hidden = false;
  told.dataset.state = state;
  told.textContent = words;
  one('[data-test-facts]', root).hidden = false;
  one('[data-scan-count]', root).textContent = word('Scanned {0}.', new Date().toLocaleTimeString(document.documentElement.lang));
  const table = one('[data-test-gs1]', root);
  table.hidden = read.parts.length === 0 || !seen.isGs1 && read.problem !== null;
  one('tbody', table).replaceChildren(...read.parts.map(part => {
    const row = document.createElement('tr');
    for (const words of [`(${part.ai})`, part.meaning, part.problem ? `${part.value}: ${part.problem}` : part.value]) {
      const cell = document.createElement('td');
      cell.textContent = words;
      row.append(cell);
    }
    return row;
  }));
}

// ── Beginning ───────────────────────────────────────────────────────────
// The page is kept on the device by a worker, which looks after pages that were opened here from the start.
async function stay() {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register('/keel-sw.js', { scope: '/scan/' });
  const worker = (await navigator.serviceWorker.ready).active;
  worker.postMessage({ keep: [location.pathname, ...performance.getEntriesByType('resource').map(r => r.name).filter(n => n.startsWith(location.origin) && /\.(js|css|svg|woff2?)(\?|$)/.test(n))] });
}

const isHere = new URL(performance.getEntriesByType('navigation')[0]?.name ?? location.href).pathname.startsWith('/scan/');
if (!isHere) location.reload();
else {
  stay().catch(() => { /* A browser without workers scans while it has a link. */ });
  if (screen) {
    listen(scan => take(scan.text.trim()));
    one('[data-scan-type]', screen).addEventListener('submit', event => {
      event.preventDefault();
      const typed = event.target.elements.typed;
      const code = typed.value.trim();
      typed.value = '';
      // Who types goes on typing; a scanner is heard again as soon as the field is left.
      if (code) take(code);
      else show(false, 'Type a code first, or scan it.');
    });
    screen.addEventListener('click', async event => {
      const seq = event.target.dataset?.seen;
      if (!seq) return;
      await forget(+seq);
      await paint();
    });
    window.addEventListener('online', send);
    window.addEventListener('offline', () => { isBroken = true; paint(); });
    setInterval(paint, 5000);
    isBroken = !navigator.onLine;
    paint().then(send);
  } else if (one('[data-scan-test]')) {
    listen(test);
  }
}
