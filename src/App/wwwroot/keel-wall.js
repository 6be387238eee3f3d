// A board on a wall: it counts down to the cut-off, and says how old its figures are when the link has dropped. Figures stay until newer ones come.

import { word } from './keel-words.js';

const late = 75_000;

// The clock of the device may be wrong: it is set by the moment that the page was made.
let ahead = 0;
let taken;

function length(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (minutes >= 2880) return word('{0} days', Math.floor(minutes / 1440));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

function fresh() {
  const wall = document.querySelector('[data-wall]');
  if (!wall || wall.dataset.taken === taken) return;
  taken = wall.dataset.taken;
  ahead = Date.parse(taken) - Date.now();
}

function tick() {
  fresh();
  const now = Date.now() + ahead;
  for (const until of document.querySelectorAll('[data-until]')) {
    const left = Date.parse(until.dataset.until) - now;
    until.textContent = left > 0 ? length(left) : word('now');
  }

  const stale = document.querySelector('[data-stale]');
  if (!stale) return;
  const age = now - Date.parse(taken);
  stale.hidden = age < late;
  const said = stale.querySelector('[data-age]');
  if (said && age >= late) said.textContent = length(age);
}

tick();
setInterval(tick, 1000);
