// Notes that name people, and files that are too large to send: comfort only, everything works without.

import { word } from './keel-words.js';
const find = async text => {
  const answer = await fetch(`/people?q=${encodeURIComponent(text)}`, { headers: { Accept: 'application/json' } });
  return answer.ok ? answer.json() : [];
};

let asked = 0;

function close(box) {
  box.parentElement.querySelector('.k-names')?.remove();
  box.removeAttribute('aria-activedescendant');
}

const typed = box => /(^|[\s(])@([\p{L}][\p{L}.\- ]{0,30}|)$/u.exec(box.value.slice(0, box.selectionStart));

async function suggest(box) {
  const name = typed(box);
  const mine = ++asked;
  if (!name) { close(box); return; }
  narrow(box, name[2].toLowerCase());
  const names = await find(name[2]);
  if (mine !== asked) return;
  close(box);
  if (names.length === 0) return;
  const list = document.createElement('ul');
  list.className = 'k-names';
  list.id = `${box.id}-names`;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', word('People'));
  names.forEach((text, at) => {
    const item = document.createElement('li');
    item.setAttribute('role', 'option');
    item.id = `${list.id}-${at}`;
    item.textContent = text;
    item.setAttribute('aria-selected', at === 0 ? 'true' : 'false');
    item.addEventListener('mousedown', event => { event.preventDefault(); take(box, text); });
    list.append(item);
  });
  box.after(list);
  box.setAttribute('aria-activedescendant', `${list.id}-0`);
}

// Until the answer is there nobody is offered who does not fit what is typed by now.
function narrow(box, text) {
  const items = [...box.parentElement.querySelectorAll('.k-names > li')];
  const fit = items.filter(i => i.textContent.toLowerCase().includes(text));
  if (items.length === 0 || fit.length === items.length) return;
  if (fit.length === 0) { close(box); return; }
  for (const item of items) if (!fit.includes(item)) item.remove();
  if (!fit.some(i => i.getAttribute('aria-selected') === 'true')) { fit[0].setAttribute('aria-selected', 'true'); box.setAttribute('aria-activedescendant', fit[0].id); }
}

function take(box, text) {
  const name = typed(box);
  if (!name) return;
  box.setRangeText(`@${text} `, box.selectionStart - name[2].length - 1, box.selectionStart, 'end');
  close(box);
}

function choose(box, event) {
  const list = box.parentElement.querySelector('.k-names');
  if (!list) return;
  const items = [...list.children];
  const at = items.findIndex(i => i.getAttribute('aria-selected') === 'true');
  if (event.key === 'Escape') { event.stopPropagation(); close(box); return; }
  if (event.key === 'Enter' || event.key === 'Tab') { event.preventDefault(); take(box, items[at].textContent); return; }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  const to = (at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length;
  items.forEach((item, i) => item.setAttribute('aria-selected', i === to ? 'true' : 'false'));
  box.setAttribute('aria-activedescendant', items[to].id);
}

document.addEventListener('input', event => { if (event.target.matches?.('[data-mentions]')) suggest(event.target); });
document.addEventListener('keydown', event => { if (event.target.matches?.('[data-mentions]')) choose(event.target, event); }, true);
document.addEventListener('focusout', event => { if (event.target.matches?.('[data-mentions]')) close(event.target); });

document.addEventListener('submit', event => {
  const most = Number(event.target.dataset?.mostBytes);
  const input = most && event.target.querySelector('input[type=file]');
  if (!input || !input.files[0] || input.files[0].size <= most) return;
  event.preventDefault();
  const wrong = event.target.querySelector('.wrong');
  wrong.textContent = word('This file has {0} MB. At most {1} MB are taken: make it smaller, or split it.', Math.ceil(input.files[0].size / 1048576), Math.floor(most / 1048576));
  wrong.hidden = false;
  input.setAttribute('aria-invalid', 'true');
});
