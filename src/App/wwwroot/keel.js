// Keel in the browser: keys, selection, small helps. Every page works without it. No state but what the address and three cookies say.

import { word, count } from './keel-words.js';

const root = document.documentElement;
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const keep = (name, value) => { document.cookie = `keel-${name}=${value};path=/;max-age=31536000;samesite=lax`; };

// ── What a page needs once it stands ────────────────────────────────────
function begin() {
  marks();
  picked();
  drafts();
  openBoard();
  for (const back of all('[data-back]')) back.hidden = history.length < 2;
  for (const earlier of all('[data-earlier]')) earlier.hidden = false;
  for (const heard of all('[data-sound]')) sound(heard);
  comeBack();
  const said = sessionStorage.getItem('said');
  if (said) { sessionStorage.removeItem('said'); const { text, state, href } = JSON.parse(said); say(text, state, href); }
}

function marks() {
  for (const button of all('[data-density]')) {
    if (button !== root) button.setAttribute('aria-pressed', String(button.dataset.density === root.dataset.density));
  }
}

// ── Speaking: the docked live bar ───────────────────────────────────────
let silence;
export function say(text, state = 'done', href = null) {
  const live = one('#live');
  if (!live) return;
  live.dataset.state = state;
  live.textContent = text;
  // What was made is a step away, unless this is its own page.
  if (href && href !== location.pathname) live.append(' ', Object.assign(document.createElement('a'), { href, textContent: word('Open it') }));
  clearTimeout(silence);
  silence = setTimeout(() => { live.textContent = ''; }, state === 'late' ? 12000 : 6000);
}

// ── Rows: the cursor, the selection, the bulk bar ───────────────────────
const rows = () => all('#rows tbody tr[data-row], .k-list tbody tr[data-row]');
let cursor = -1;
let anchor = -1;

function move(step) {
  const list = rows();
  if (list.length === 0) return false;
  cursor = Math.max(0, Math.min(list.length - 1, cursor + step));
  for (const row of list) row.classList.toggle('k-cursor', row === list[cursor]);
  list[cursor].scrollIntoView({ block: 'nearest' });
  return true;
}

function pick(extend) {
  const list = rows();
  const box = list[cursor] && one('[data-pick]', list[cursor]);
  if (!box) return false;
  const on = !box.checked;
  const from = extend && anchor >= 0 ? Math.min(anchor, cursor) : cursor;
  const to = extend && anchor >= 0 ? Math.max(anchor, cursor) : cursor;
  for (let i = from; i <= to; i++) one('[data-pick]', list[i]).checked = on;
  anchor = cursor;
  picked();
  return true;
}

function picked() {
  const boxes = all('[data-pick]');
  const on = boxes.filter(b => b.checked);
  for (const box of boxes) box.closest('tr').setAttribute('aria-selected', String(box.checked));
  const bar = one('[data-bulk-bar]');
  if (bar) {
    bar.hidden = on.length === 0;
    // All that match are meant only while every row of the page is selected.
    const whole = on.length > 0 && on.length === boxes.length;
    const every = one('[data-every]', bar);
    if (every && !whole) every.disabled = true;
    const offer = one('[data-every-offer]', bar);
    if (offer) offer.hidden = !whole || !every.disabled || Boolean(one('[role=alert]', bar));
    one('[data-picked]', bar).textContent = every && !every.disabled ? word('All {0} that match are', every.dataset.every) : on.length;
    // One filled button per screen: with a selection it is the bulk bar's.
    for (const main of all('#list-head .btn-primary, #list-head [data-was-main]')) {
      main.toggleAttribute('data-was-main', true);
      main.classList.toggle('btn-primary', on.length === 0);
    }
  }
  const every = one('[data-pick-all]');
  if (every) {
    every.checked = on.length > 0 && on.length === boxes.length;
    every.indeterminate = on.length > 0 && on.length < boxes.length;
  }
}

// A letter of the bulk bar acts on the row under the cursor where nothing is selected; the row is given back afterwards.
let lent;
function onCursor(key) {
  const button = one(`[data-bulk-bar][hidden] [data-key="${CSS.escape(key)}"]`);
  const box = button && !button.disabled && rows()[cursor] && one('[data-pick]', rows()[cursor]);
  if (!box) return false;
  box.checked = true;
  lent = box;
  picked();
  button.click();
  return true;
}

function giveBack() {
  if (!lent) return;
  lent.checked = false;
  lent = undefined;
  picked();
}

// What was done leads to the page again: the cursor stays where it was, on what stands there now.
function keepPlace() {
  const columns = lanes();
  const card = one('[data-card][aria-current]');
  const lane = columns.findIndex(l => l.includes(card));
  if (cursor < 0 && lane < 0) return;
  sessionStorage.setItem('keel-place', JSON.stringify({ at: location.pathname, cursor, lane, card: lane < 0 ? -1 : columns[lane].indexOf(card) }));
}

function comeBack() {
  const place = JSON.parse(sessionStorage.getItem('keel-place') ?? 'null');
  sessionStorage.removeItem('keel-place');
  if (place?.at === location.pathname) {
    if (place.cursor >= 0 && cursor < 0) cursor = place.cursor;
    const lane = lanes()[Math.min(place.lane, lanes().length - 1)];
    if (lane && !one('[data-card][aria-current]')) current(lane[Math.min(place.card, lane.length - 1)]);
  }
  if (cursor >= 0 && !one('tr.k-cursor')) move(0);
}

function clearPicks() {
  const had = all('[data-pick]').some(b => b.checked);
  for (const box of all('[data-pick]')) box.checked = false;
  picked();
  return had;
}

// ── Boards ──────────────────────────────────────────────────────────────
// A board that is wider than the screen opens at the first queue in which whoever looks works.
function openBoard() {
  for (const board of all('[data-board]')) {
    const mine = one('.k-lane[data-mine]', board);
    if (board.dataset.opened || !mine) continue;
    board.dataset.opened = 'yes';
    if (board.scrollWidth > board.clientWidth + 1) board.scrollLeft = mine.offsetLeft - board.offsetLeft;
  }
}

const lanes = () => all('[data-board] .k-lane').map(l => all('[data-card]', l)).filter(l => l.length > 0);

function current(card) {
  one('[data-card][aria-current]')?.removeAttribute('aria-current');
  card.setAttribute('aria-current', 'true');
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function step(sideways, cards) {
  const columns = lanes();
  if (columns.length === 0) return false;
  const now = one('[data-card][aria-current]');
  let lane = columns.findIndex(l => l.includes(now));
  const card = lane < 0 ? 0 : columns[lane].indexOf(now) + cards;
  lane = lane < 0 ? 0 : Math.max(0, Math.min(columns.length - 1, lane + sideways));
  current(columns[lane][Math.max(0, Math.min(columns[lane].length - 1, card))]);
  return true;
}

// ── Keys ────────────────────────────────────────────────────────────────
const press = element => { if (!element || element.disabled) return false; element.tagName === 'INPUT' ? element.focus() : element.click(); return true; };
// A record that was opened from a list knows its neighbours there.
const sibling = name => press(one(`a[data-sibling=${name}]`));
const plain = {
  j: () => step(0, 1) || move(1) || sibling('next'),
  k: () => step(0, -1) || move(-1) || sibling('previous'),
  l: () => step(1, 0),
  h: () => step(-1, 0),
  x: event => pick(event.shiftKey),
  Enter: () => press(one('.k-cursor a[href]') ?? one('[data-card][aria-current] a[href]')),
  '/': () => press(one('[data-key="/"]') ?? one('[data-palette]')),
  '?': () => { one('#keys')?.showModal(); return true; },
  Escape: () => clearPicks(),
};

function keydown(event) {
  if (linesKey(event)) return;
  // The first button of the dialog closes it: whoever answers and presses Enter means yes.
  if (event.key === 'Enter' && event.target.matches?.('#ask-answer, #ask-choice')) { event.preventDefault(); one('#ask [data-ask-yes]').click(); return; }
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key === 'Enter') {
    const form = event.target.closest?.('form') ?? one('form#form');
    if (form && one('[type=submit]', form)) { event.preventDefault(); form.requestSubmit(one('[type=submit]', form)); }
    return;
  }
  if (event.altKey && (event.code === 'KeyN' || event.code === 'KeyP')) {
    if (sibling(event.code === 'KeyN' ? 'next' : 'previous')) event.preventDefault();
    return;
  }
  const typing = event.target.matches?.('input:not([type=checkbox]), textarea, select, [contenteditable]');
  if (typing && event.key === 'Escape') {
    if (event.target.type === 'search' && event.target.value) {
      event.preventDefault();
      event.target.value = '';
      event.target.dispatchEvent(new Event('input', { bubbles: true }));
    } else event.target.blur();
  }
  if (typing || control || event.altKey || one('dialog[open]')) return;
  const letters = root.dataset.letters !== 'off';
  if (!letters && /^[a-z0-9]$/i.test(event.key)) return;
  if (event.key === 'Enter' && event.target.matches?.('a, button, summary')) return;
  const way = /^[1-9]$/.test(event.key) && one(`[data-card][aria-current] [data-way="${event.key}"]`);
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const bulk = one('[data-bulk-bar]:not([hidden])');
  const onCard = one(`[data-card][aria-current] [data-key="${CSS.escape(key)}"]`);
  const done = way ? press(way) : (bulk && press(one(`[data-key="${CSS.escape(key)}"]`, bulk))) || press(onCard)
    || plain[key]?.(event) || onCursor(key) || press(all(`[data-key="${CSS.escape(key)}"]`).find(e => !e.closest('[hidden]')));
  if (done) event.preventDefault();
}

// ── Forms: what is wrong stands beside its field; a lost connection keeps the draft ──
function wrongs(form) {
  for (const field of all('[aria-invalid]', form)) if (!isStillWrong(field)) field.removeAttribute('aria-invalid');
  for (const text of all('.wrong', form)) if (!isStillWrong(one('input', text.parentElement))) text.hidden = true;
  refusedLines(form, all('.k-refused', form).map(r => r.textContent).join(' '));
  for (const item of all('.k-refused [data-field]', form)) {
    const name = item.dataset.field.replace(/^\$\.?/, '');
    const place = all('[data-field]', form).find(f => !f.closest('.k-refused') && f.dataset.field.toLowerCase() === name.toLowerCase())
      ?? all('[data-field]', form).find(f => !f.closest('.k-refused') && name.toLowerCase().startsWith(f.dataset.field.toLowerCase()));
    const text = place && all('.wrong', place).at(-1);
    if (!text) continue;
    text.textContent = item.dataset.message ?? item.textContent;
    text.hidden = false;
    const input = one('input:not([type=hidden]), select, textarea', place);
    input?.setAttribute('aria-invalid', 'true');
    if (text.id) input?.setAttribute('aria-describedby', text.id);
    item.hidden = true;
  }
  one('[aria-invalid]', form)?.focus();
}

// What the form would do says as well what is wrong: beside the fields that somebody has been in, not beside those still to come.
function forewarn(form, would) {
  for (const input of all('[data-touched]', form)) {
    const text = all('.wrong', input.closest('[data-field]') ?? form).at(-1);
    const said = all('[data-would-wrong]', would).find(w => w.dataset.wouldWrong.replace(/^\$\.?/, '').toLowerCase() === input.name.toLowerCase());
    if (!text || !said && isStillWrong(input)) continue;
    text.hidden = !said;
    text.textContent = said?.textContent ?? '';
    if (said) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
  }
  refusedLines(form, one('.k-would-no', would)?.textContent ?? '');
}

// A code that nobody knows stays marked until another one stands there.
const isStillWrong = input => Boolean(input?.dataset.goodsWrong) && input.dataset.goodsWrong === input.value.trim();

// A refusal that names a product is marked at its line.
function refusedLines(form, text) {
  for (const row of all('[data-lines] tbody tr', form)) {
    const sku = part(row, 'sku')?.value.trim();
    if (sku && new RegExp(`(^|[^\\w-])${sku.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}($|[^\\w-])`, 'i').test(text)) { wrongLine(row, text.trim()); row.dataset.refused = ''; }
  }
}

// What waits for somebody's yes was asked for: its form makes place, and a button is not pressed twice.
function waits(said, asked) {
  const [around, form] = [said.closest('form'), asked?.closest?.('form')];
  const told = [...said.children];
  if (around && !around.matches('[data-bulk]')) around.replaceChildren(...told);
  else if (form?.closest('.k-acts')) for (const button of all('button', form)) button.disabled = true;
  told[0]?.scrollIntoView({ block: 'nearest' });
}

// A refused act was asked of a state that is over: the record is shown as it is now, the refusal stays, and so does what was typed.
const typedBefore = new Map();
async function lookAgain(said) {
  const told = [...said.children];
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const typed = part => all('textarea, input:not([type=hidden])', part).some(i => i.value !== i.defaultValue && i.type !== 'checkbox');
  const parts = [...['#head', '#state'].map(s => [one(s), one(s, fresh)]), ...all('.k-record > .k-col').map((old, i) => [old, all('.k-record > .k-col', fresh)[i]])];
  for (const [old, now] of parts) {
    if (!old || !now || typed(old)) continue;
    old.replaceWith(document.adoptNode(now));
    window.htmx.process(now);
  }
  one('#said')?.replaceChildren(...told);
  marks();
}

function drafts() {
  for (const form of all('form[data-draft]')) {
    const kept = JSON.parse(localStorage.getItem(`keel-draft-${form.dataset.draft}`) ?? 'null');
    if (!kept) continue;
    localStorage.removeItem(`keel-draft-${form.dataset.draft}`);
    for (const [name, value] of kept) {
      const field = form.elements.namedItem(name);
      if (field && !name.startsWith('__') && 'value' in field && !field.value) field.value = value;
    }
    say(word('What you typed before the connection was lost is here again.'), 'waiting');
  }
}

function keepDraft(form) {
  if (!form?.dataset.draft) return;
  const values = [...new FormData(form)].filter(([name, value]) => !name.startsWith('__') && typeof value === 'string' && value && form.elements.namedItem(name)?.type !== 'password');
  localStorage.setItem(`keel-draft-${form.dataset.draft}`, JSON.stringify(values));
}

function line(button) {
  const box = button.closest('[data-lines]');
  const body = one('tbody', box);
  if (button.matches('[data-line-less]')) {
    if (body.rows.length > 1) button.closest('tr').remove();
    return;
  }
  const last = body.rows[body.rows.length - 1];
  const at = 1 + Math.max(...all('[data-field]', body).map(f => Number(/\[(\d+)\][^[]*$/.exec(f.dataset.field)?.[1] ?? 0)));
  const fresh = last.cloneNode(true);
  for (const element of [fresh, ...all('*', fresh)]) {
    for (const name of ['name', 'id', 'list', 'data-field', 'aria-label']) {
      const value = element.getAttribute?.(name);
      if (value) element.setAttribute(name, name === 'aria-label' ? value.replace(/line \d+/, `line ${at + 1}`) : value.replace(/\[\d+\](?=[^[]*$)|-\d+-(?!.*-\d+-)/, m => m[0] === '[' ? `[${at}]` : `-${at}-`));
    }
    if (element.tagName === 'INPUT' && !element.classList.contains('k-currency')) element.value = '';
    element.removeAttribute?.('required');
  }
  body.append(fresh);
  one('input, select', fresh)?.focus();
}

// ── Goods in a grid of lines: scanned, pasted, walked through with the keyboard ──
const lineRows = box => all('tbody tr', box);
const part = (row, name) => one(`[data-goods="${name}"] input:not(.k-currency), [data-goods="${name}"] select`, row);
const isEmpty = row => all('input:not(.k-currency):not([type=checkbox])', row).every(i => i.value.trim() === '');

function lineAfter(box, row) {
  const next = row?.nextElementSibling;
  if (next) return next;
  line(one('[data-line-more]', box));
  const fresh = lineRows(box).at(-1);
  wrongLine(fresh, '');
  one('[data-goods-name]', fresh)?.replaceChildren();
  fresh.classList.remove('k-added');
  return fresh;
}

function wrongLine(row, why) {
  const place = one('[data-goods="sku"]', row);
  const text = place && one('.wrong', place);
  if (!text) return;
  text.textContent = why ?? '';
  text.hidden = !why;
  const input = part(row, 'sku');
  if (why) { input.setAttribute('aria-invalid', 'true'); input.dataset.goodsWrong = input.value.trim(); } else { input.removeAttribute('aria-invalid'); delete input.dataset.goodsWrong; }
}

function putLine(row, found) {
  part(row, 'sku').value = found.code;
  const quantity = part(row, 'quantity');
  if (quantity) quantity.value = found.quantity;
  const price = part(row, 'price');
  if (price && found.price) price.value = found.price;
  one('[data-goods-name]', row).textContent = found.name ?? '';
  wrongLine(row, found.wrong);
  row.classList.add('k-added');
}

// More of what is there already is added up; what is new takes the first empty line.
function addLine(box, found, sum) {
  const same = sum && lineRows(box).find(r => part(r, 'sku').value.trim().toUpperCase() === found.code.toUpperCase());
  for (const row of lineRows(box)) row.classList.remove('k-added');
  if (same) {
    const quantity = part(same, 'quantity');
    const together = Number(quantity.value.replace(',', '.') || 0) + Number(found.quantity);
    putLine(same, { ...found, quantity: String(Math.round(together * 1e6) / 1e6), price: null });
    return same;
  }
  const row = lineRows(box).find(isEmpty) ?? lineAfter(box, lineRows(box).at(-1));
  putLine(row, found);
  return row;
}

async function readGoods(text) {
  const body = new FormData();
  body.append('text', text);
  const response = await fetch('/goods/read', { method: 'POST', body });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function total(box) {
  sumUp(box);
  const offers = box.closest('[data-offers]');
  if (!offers) return;
  clearTimeout(offering);
  offering = setTimeout(() => offer(offers, box), 250);
}

// What the list asks for each line and what is there: an empty price counts as the list's.
let offering;
async function offer(offers, box) {
  const rows = lineRows(box).filter(r => part(r, 'sku').value.trim() && !part(r, 'sku').matches('[aria-invalid=true]'));
  const asked = new URLSearchParams({ channel: one('[name=channel]', offers.closest('form'))?.value ?? '' });
  const email = one('[name="customer.email"]', offers.closest('form'))?.value.trim();
  if (email) asked.set('email', email);
  for (const row of rows) asked.append('line', `${part(row, 'sku').value.trim()}*${part(row, 'quantity')?.value || 1}`);
  const told = rows.length ? await fetch(`${offers.dataset.offers}?${asked}`).then(r => r.ok ? r.json() : []).catch(() => []) : [];
  for (const row of lineRows(box)) {
    const found = rows.includes(row) && told.find(t => t.sku.toUpperCase() === part(row, 'sku').value.trim().toUpperCase());
    row.dataset.listPrice = found?.price ?? '';
    let note = one('[data-goods-offer]', row);
    if (!note) {
      note = document.createElement('p');
      note.className = 'hint';
      note.dataset.goodsOffer = '';
      one('[data-goods-name]', row).after(note);
    }
    note.textContent = found?.note ?? '';
    note.hidden = !found;
  }
  sumUp(box);
}

function sumUp(box) {
  const place = one('[data-goods-total]', box);
  if (!place) return;
  const filled = lineRows(box).filter(r => !isEmpty(r));
  const figure = (row, name) => Number((part(row, name)?.value ?? '').replace(',', '.') || 0);
  const units = filled.reduce((sum, row) => sum + figure(row, 'quantity'), 0);
  const worth = filled.reduce((sum, row) => sum + figure(row, 'quantity') * (figure(row, 'price') || Number(row.dataset.listPrice || 0)), 0);
  const wrong = filled.filter(row => part(row, 'sku').matches('[aria-invalid=true]')).length;
  const words = [count(filled.length, '1 line', '{0} lines'), count(Math.round(units * 1000) / 1000, '1 unit', '{0} units')];
  if (worth > 0) words.push(`${worth.toFixed(2)} ${one('.k-currency', box)?.value ?? ''}`.trim());
  if (wrong > 0) words.push(word('{0} to correct', wrong));
  place.textContent = filled.length === 0 || Number.isNaN(units + worth) ? '' : words.join(' · ');
}

async function scanned(input) {
  const box = input.closest('[data-lines]');
  const code = input.value.trim();
  if (!code) return;
  input.value = '';
  try {
    const found = (await readGoods(code))[0];
    const row = addLine(box, found, true);
    document.dispatchEvent(new CustomEvent('keel:heard', { detail: { right: !found.wrong } }));
    const said = one('[data-goods-said]', box);
    said.hidden = !found.wrong;
    said.textContent = found.wrong ?? '';
    if (!found.wrong) say(`${found.name ?? found.code}: ${part(row, 'quantity')?.value ?? ''}`);
  } catch {
    input.value = code;
    say(word('The code could not be looked up. It is still there: press Enter again.'), 'late');
  }
  total(box);
}

async function pasted(box, text, from) {
  say(word('Reading the lines …'), 'working');
  try {
    const lines = await readGoods(text);
    let row = from && isEmpty(from) ? from : null;
    for (const found of lines) {
      if (row && isEmpty(row)) putLine(row, found);
      else row = addLine(box, found, false);
      row = row.nextElementSibling;
    }
    const wrong = lines.filter(l => l.wrong).length;
    say(count(lines.length, '1 line taken', '{0} lines taken') + (wrong ? word(', {0} of them to correct', wrong) : '') + '.', wrong ? 'late' : 'done');
    total(box);
    return true;
  } catch {
    say(word('The lines could not be read. They are still where you pasted them; try again.'), 'late');
    return false;
  }
}

// A code in a line's own field: the SKU that it stands for takes its place.
async function settled(row) {
  const input = part(row, 'sku');
  const code = input.value.trim();
  if (!code || row.dataset.settled === code) return;
  row.dataset.settled = code;
  const found = (await readGoods(code).catch(() => []))[0];
  if (!found || input.value.trim() !== code) return;
  input.value = row.dataset.settled = found.code;
  one('[data-goods-name]', row).textContent = found.name ?? '';
  wrongLine(row, found.wrong);
  const quantity = part(row, 'quantity');
  if (quantity && !quantity.value && found.code.toUpperCase() !== code.toUpperCase() && !found.wrong) quantity.value = found.quantity;
  total(row.closest('[data-lines]'));
}

function linesKey(event) {
  const input = event.target;
  if (input.matches?.('[data-goods-scan]') && event.key === 'Enter') { event.preventDefault(); scanned(input); return true; }
  const row = input.closest?.('.k-lines tbody tr');
  const box = row?.closest('[data-lines]');
  if (!row || event.isComposing) return false;
  const at = [...row.cells].indexOf(input.closest('td'));
  const go = to => { const next = to && one('input, select', to.cells[at]); if (next) { event.preventDefault(); next.focus(); next.select?.(); } return true; };
  if (event.key === 'Enter' && input.matches('input') && !event.ctrlKey && !event.metaKey) return go(lineAfter(box, row));
  if (event.key === 'Delete' && event.ctrlKey) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    if (next) row.remove(); else for (const field of all('input:not(.k-currency)', row)) field.value = '';
    total(box);
    return go(next ?? row);
  }
  // The arrows choose among what a field offers while somebody types in it.
  const offers = input.matches('select') || (input.list && input.dataset.typed && input.value);
  if (!offers && (event.key === 'ArrowDown' || event.key === 'ArrowUp') && !event.altKey) {
    return go(event.key === 'ArrowUp' ? row.previousElementSibling : row.nextElementSibling);
  }
  return false;
}

// A customer who is known fills the fields of the order that are still empty.
let customers = [];
let searching;
document.addEventListener('input', event => {
  const input = event.target;
  if (!input.matches?.('[data-customers]')) return;
  const chosen = customers.find(c => `${c.name} · ${c.email ?? c.number}` === input.value);
  if (chosen) {
    input.value = chosen.name;
    for (const field of all('[data-customer]', input.form)) field.value = chosen[field.dataset.customer] ?? '';
    const box = one('[data-offers] [data-lines]', input.form);
    if (box) total(box);
    return;
  }
  clearTimeout(searching);
  searching = setTimeout(async () => {
    customers = await fetch(`${input.dataset.customers}?q=${encodeURIComponent(input.value)}`).then(r => r.ok ? r.json() : []).catch(() => []);
    input.list.replaceChildren(...customers.map(c => new Option([c.city, c.country].filter(Boolean).join(', '), `${c.name} · ${c.email ?? c.number}`)));
  }, 200);
});
document.addEventListener('change', event => {
  const form = event.target.matches?.('[name=channel], [name="customer.email"]') && event.target.form;
  const box = form && one('[data-offers] [data-lines]', form);
  if (box) total(box);
});

let looking;
document.addEventListener('input', event => {
  const input = event.target;
  const box = input.closest?.('[data-lines]');
  if (!box || !one('[data-goods-scan]', box)) return;
  const row = input.closest('tbody tr');
  if (row && 'refused' in row.dataset) { delete row.dataset.refused; wrongLine(row, ''); }
  total(box);
  if (!input.matches('[data-goods-scan], [data-goods="sku"] input')) return;
  input.dataset.typed = '';
  const list = one('datalist[id$="-found"]', box);
  if (!input.list) input.setAttribute('list', list.id);
  if (input.list !== list) return;
  clearTimeout(looking);
  looking = setTimeout(async () => {
    const found = await fetch(`/goods/find?q=${encodeURIComponent(input.value)}`).then(r => r.ok ? r.json() : []).catch(() => []);
    list.replaceChildren(...found.map(f => { const option = new Option(f.name, f.sku); option.label = f.name; return option; }));
  }, 150);
});
document.addEventListener('focusout', event => {
  const input = event.target;
  if (input.dataset) delete input.dataset.typed;
  const row = input.matches?.('[data-goods="sku"] input') && input.closest('tr');
  if (row) settled(row);
});
document.addEventListener('paste', event => {
  const input = event.target;
  const box = input.closest?.('[data-lines]');
  const text = event.clipboardData?.getData('text') ?? '';
  if (!box || !one('[data-goods-scan]', box) || input.matches('textarea') || !/[\n\t]/.test(text.trim())) return;
  event.preventDefault();
  pasted(box, text, input.closest('tbody tr')).then(done => { if (!done) { const kept = one('details.k-paste', box); kept.open = true; one('textarea', kept).value = text; } });
});
document.addEventListener('click', async event => {
  const button = event.target.closest?.('[data-goods-paste]');
  if (!button) return;
  const [box, field] = [button.closest('[data-lines]'), one('textarea', button.closest('details'))];
  if (field.value.trim() && await pasted(box, field.value)) { field.value = ''; button.closest('details').open = false; }
});

// ── A filter is put together in three fields and sent as one ────────────
// The value is written, or chosen where the column has its own: a state, yes or no, a span of days.
function filterName(form) {
  const column = one('[data-filter-column]', form);
  const how = one('[data-filter-how]', form);
  const kind = column.selectedOptions[0]?.dataset.kind;
  for (const option of how.options) option.hidden = option.disabled = Boolean(option.dataset.kinds) && !option.dataset.kinds.split(' ').includes(kind);
  if (how.selectedOptions[0]?.disabled) how.value = '';
  const isTime = kind === 'day' || kind === 'instant';
  const period = one('[data-filter-period]', form);
  const written = one('[data-filter-value]', form);
  const chosen = how.value === 'is' ? one('[data-filter-given]', form) : one(`[data-filter-choice="${column.value}"]`, form) ?? (isTime ? period : null);
  const isDay = chosen === period && period.value === '';
  written.type = isTime ? 'date' : 'text';
  for (const field of all('[data-filter-part] input, [data-filter-part] select', form)) {
    const isShown = field === (chosen ?? written) || (isDay && field === written);
    field.closest('[data-filter-part]').hidden = !isShown;
    field.disabled = !isShown;
    const isMeant = isDay ? field === written : isShown;
    if (isMeant) field.name = `f.${column.value}${how.value ? `.${how.value}` : ''}`; else field.removeAttribute('name');
  }
}

// ── Scan screens: a chirp for right, a buzz for wrong ───────────────────
function sound(heard) {
  if (heard.dataset.played) return;
  heard.dataset.played = 'yes';
  const right = heard.dataset.sound === 'right';
  if (!navigator.userActivation?.hasBeenActive) return;
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.type = right ? 'sine' : 'square';
    tone.frequency.value = right ? 1760 : 160;
    gain.gain.value = .06;
    tone.connect(gain).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + (right ? .09 : .35));
  } catch { /* a device without sound still shows the colour */ }
  if (!right) navigator.vibrate?.(200);
}

document.addEventListener('keel:heard', event => sound({ dataset: { sound: event.detail.right ? 'right' : 'wrong' } }));

// ── Listening ───────────────────────────────────────────────────────────
const toggles = {
  theme: () => { const to = root.dataset.bsTheme === 'dark' ? 'light' : 'dark'; root.dataset.bsTheme = to; keep('theme', to); document.dispatchEvent(new Event('keel:theme')); },
  density: to => { root.dataset.density = to ?? (root.dataset.density === 'compact' ? 'comfortable' : 'compact'); keep('density', root.dataset.density); marks(); },
  letters: () => { root.dataset.letters = root.dataset.letters === 'off' ? 'on' : 'off'; keep('letters', root.dataset.letters); say(root.dataset.letters === 'on' ? word('Single-letter keys are on.') : word('Single-letter keys are off.')); },
};

document.addEventListener('keydown', keydown);
document.addEventListener('click', event => {
  const at = selector => event.target.closest?.(selector);
  for (const menu of all('details.k-menu[open]')) if (!menu.contains(event.target)) menu.open = false;
  if (at('[data-help]')) one('#keys')?.showModal();
  else if (at('[data-theme-toggle]')) toggles.theme();
  else if (at('[data-density-toggle]')) toggles.density();
  else if (at('[data-earlier]')) { const column = at('[data-earlier]').parentElement; if (column.previousElementSibling?.matches('.k-check')) column.previousElementSibling.before(column); at('[data-earlier]').focus(); }
  else if (at('button[data-density]')) toggles.density(at('button[data-density]').dataset.density);
  else if (at('[data-letters-toggle]')) toggles.letters();
  else if (at('[data-pick-none]')) clearPicks();
  else if (at('[data-line-more], [data-line-less]')) line(at('[data-line-more], [data-line-less]'));
  else if (at('[data-back]')) history.back();
  // A file goes to the downloads, and the page says afterwards what became of it.
  else if (at('[data-reload]')) setTimeout(() => location.reload(), 2500);
  else if (at('[data-why]')) {
    const button = at('[data-why]');
    const panel = document.getElementById(button.dataset.why);
    if (panel) { panel.hidden = !panel.hidden; button.setAttribute('aria-expanded', String(!panel.hidden)); }
  }
  const dialog = event.target.matches?.('dialog') ? event.target : null;
  if (dialog) dialog.close();
}, true);
document.addEventListener('change', event => {
  if (event.target.matches('[data-pick]')) { anchor = rows().indexOf(event.target.closest('tr')); picked(); }
  else if (event.target.matches('[data-pick-all]')) { for (const box of all('[data-pick]')) box.checked = event.target.checked; picked(); }
  else if (event.target.closest('[data-filter]')) filterName(event.target.closest('[data-filter]'));
  else if (event.target.matches('.k-drop [type=file]')) one('[data-drop-name]').textContent = event.target.files[0]?.name ?? '';
});
document.addEventListener('toggle', event => { if (event.target.open) { const form = one('[data-filter]', event.target); if (form) filterName(form); } }, true);
for (const [name, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) {
  document.addEventListener(name, event => {
    const zone = event.target.closest?.('[data-drop]');
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle('over', over);
    if (name !== 'drop' || event.dataTransfer.files.length === 0) return;
    one('[type=file]', zone).files = event.dataTransfer.files;
    one('[data-drop-name]', zone).textContent = event.dataTransfer.files[0].name;
  });
}

// What must be asked first is asked in our own dialog; the reason travels with the request.
document.addEventListener('htmx:confirm', event => {
  const { elt, issueRequest } = event.detail;
  const dialog = one('#ask');
  // What goes beyond the page is asked always, with its number.
  const every = elt.closest?.('[data-bulk]') && elt.matches('[formaction]') && one('[data-every]:not(:disabled)');
  const question = [event.detail.question, every && word('It is about all {0} rows that match.', every.dataset.every)].filter(Boolean).join(' ');
  if (!question || !dialog) return;
  event.preventDefault();
  const asks = elt.dataset.asks;
  const choices = JSON.parse(elt.dataset.choices ?? 'null');
  const [typed, chosen] = [one('#ask-answer', dialog), one('#ask-choice', dialog)];
  const answer = choices ? chosen : typed;
  chosen.replaceChildren(...(choices ?? []).map(([value, label]) => new Option(label, value)));
  one('#ask-offers', dialog).replaceChildren(...JSON.parse(elt.dataset.offers ?? '[]').map(text => new Option(text)));
  for (const label of all('[data-ask-label]', dialog)) label.textContent = word((asks ?? 'reason').replace(/^./, c => c.toUpperCase()));
  one('#ask-title', dialog).textContent = elt.dataset.does ?? word('Sure?');
  one('[data-ask-text]', dialog).textContent = question;
  one('[data-ask-field]', dialog).hidden = !asks || Boolean(choices);
  one('[data-ask-choices]', dialog).hidden = !choices;
  one('[data-ask-yes]', dialog).textContent = `${elt.dataset.does ?? word('Yes')}${every ? ` ${every.dataset.every}` : ''}`;
  typed.value = (asks && typedBefore.get(elt.getAttribute('action'))) ?? '';
  typed.minLength = asks === 'value' ? 0 : 3;
  for (const field of [typed, chosen]) {
    field.disabled = !asks || field !== answer;
    field.required = Boolean(asks) && field === answer;
  }
  ownTime();
  dialog.returnValue = 'no';
  dialog.onclose = () => {
    if (dialog.returnValue !== 'yes') { giveBack(); return; }
    if (asks) elt.dataset.answer = answer.value === 'own-time' ? new Date(one('#ask-time', dialog).value).toISOString().replace(/\.\d+Z$/, 'Z') : answer.value;
    if (every) say(word('{0}: {1} rows, a few hundred at a time …', elt.dataset.does, every.dataset.every), 'working');
    issueRequest(true);
  };
  dialog.showModal();
  (asks ? answer : one('[data-ask-yes]', dialog)).focus();
});
// Beside the times that are usual, a person may say their own.
function ownTime() {
  const isOwn = !one('#ask-choice').disabled && one('#ask-choice').value === 'own-time';
  const time = one('#ask-time');
  one('[data-ask-time]').hidden = !isOwn;
  time.disabled = !isOwn;
  time.required = isOwn;
}
document.addEventListener('change', event => { if (event.target.id === 'ask-choice') ownTime(); });
document.addEventListener('htmx:configRequest', event => {
  const { elt: asked, parameters: sent } = event.detail;
  if (asked.dataset?.answer) {
    sent.append(asked.dataset.asks, asked.dataset.answer);
    typedBefore.set(asked.getAttribute('action'), asked.dataset.answer);
    delete asked.dataset.answer;
  }

  // Columns are chosen one by one and sent as one list.
  const { parameters, elt, verb } = event.detail;
  if (verb === 'get') for (const name of [...Object.keys(parameters)]) if (parameters[name] === '') delete parameters[name];
  if (!elt.matches?.('[data-columns]')) return;
  const chosen = new FormData(elt).getAll('cols').join(',');
  parameters.delete('cols');
  if (chosen) parameters.append('cols', chosen);
});
document.addEventListener('htmx:afterSwap', event => {
  if (event.target.matches?.('[data-would]')) forewarn(event.target.closest('form'), event.target);
  if (event.target.id === 'said' && event.detail.requestConfig?.elt.closest?.('.k-acts') && one('[data-state=late]', event.target)) lookAgain(event.target);
  if (event.target.matches?.('#said, [data-said]') && one('[data-waits]', event.target)) waits(event.target, event.detail.requestConfig?.elt);
  else if (event.target.matches?.('#said, [data-said]')) { const form = event.target.closest('form'); if (form) wrongs(form); }
  if (event.detail.boosted || event.target.id === 'list') { cursor = -1; anchor = -1; }
});
document.addEventListener('change', event => { if (event.target.closest?.('form[data-draft]')) event.target.dataset.touched = ''; });
document.addEventListener('input', event => {
  const box = event.target.dataset?.narrows && document.getElementById(event.target.dataset.narrows);
  if (box) for (const label of all('label', box)) label.hidden = !one('input', label).checked && !label.textContent.toLowerCase().includes(event.target.value.trim().toLowerCase());
});
document.addEventListener('htmx:afterSettle', begin);
document.addEventListener('htmx:afterRequest', event => {
  const { elt, successful, xhr } = event.detail;
  if (elt.matches?.('[data-would]')) return;
  const form = elt.closest?.('form');
  if (xhr.getResponseHeader('HX-Redirect')) keepPlace();
  if (form?.matches('[data-bulk]')) giveBack();
  if (xhr.status === 401 || xhr.status === 419) { keepDraft(form); location.assign(`/sign-in?returnUrl=${encodeURIComponent(location.pathname + location.search)}`); return; }
  // Done is done: the next click on the same form is a new intent.
  const key = form && one('input[name=__key]', form);
  if (successful && xhr.status < 400 && key) key.value = crypto.randomUUID();
  // A bulk operation changed rows: show them as they are now, and keep what became of each. The form itself would send its button's address.
  if (successful && xhr.status === 200 && form?.matches('[data-bulk]')) {
    window.htmx.ajax('GET', location.pathname + location.search, { source: '#list', target: '#rows .k-scroll', select: '#rows .k-scroll', swap: 'outerHTML' });
  }
});
document.addEventListener('htmx:sendError', event => { if (event.detail.elt.matches?.('[data-wall]')) return; keepDraft(event.detail.elt.closest?.('form')); say(word('No connection. What you typed is kept here; try again.'), 'late'); });
document.addEventListener('htmx:responseError', event => event.detail.elt.id === 'palette-q' || event.detail.elt.matches?.('[data-wall]') || say(event.detail.xhr.status >= 500 ? word('Something broke, and nothing was changed. Try again.') : word('That is not possible here.'), 'late'));
document.addEventListener('said', event => {
  const detail = event.detail;
  const text = typeof detail === 'string' ? detail : detail.value ?? detail.text ?? '';
  // What is followed by another page is said there again.
  sessionStorage.setItem('said', JSON.stringify({ text, state: detail.state, href: detail.href }));
  setTimeout(() => sessionStorage.removeItem('said'), 4000);
  say(text, detail.state, detail.href);
});

if (!document.cookie.includes('keel-theme=') && matchMedia('(prefers-color-scheme: dark)').matches) root.dataset.bsTheme = 'dark';
begin();
