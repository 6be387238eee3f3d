// The palette: one box that finds a record, goes to a page, or runs an operation. Pages come from the menu, the rest from the server.

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function palette() {
  const dialog = one('#palette');
  if (!dialog || dialog.open) return false;
  const group = one('#found-pages', dialog);
  if (all('[role=option]', group).length === 0) {
    for (const link of all('#side a:not(.k-brand)')) {
      const option = document.createElement('a');
      option.setAttribute('role', 'option');
      option.href = link.href;
      const icon = one('svg', link)?.cloneNode(true) ?? one('svg', link.closest('ul').closest('li') ?? link)?.cloneNode(true);
      const thumb = document.createElement('span');
      thumb.className = 'k-thumb';
      if (icon) thumb.append(icon);
      const word = document.createElement('span');
      word.className = 'k-clip';
      word.textContent = (one('.word', link) ?? link).textContent.trim();
      option.append(thumb, word, document.createElement('span'));
      group.append(option);
    }
  }
  here(one('#found-here', dialog));
  dialog.showModal();
  one('input', dialog).select();
  found();
  return true;
}

// What can be done with the record that is open: its own buttons, by their words.
function here(group) {
  for (const old of all('[role=option]', group)) old.remove();
  for (const act of all('main .k-acts a.btn, main .k-acts button.btn:not([aria-disabled]), main .k-acts button.btn-primary')) {
    const option = document.createElement('a');
    option.setAttribute('role', 'option');
    option.href = '#';
    const thumb = document.createElement('span');
    thumb.className = 'k-thumb';
    const icon = one('svg', act)?.cloneNode(true) ?? one('#palette .ask svg').cloneNode(true);
    thumb.append(icon);
    const words = document.createElement('span');
    words.className = 'k-clip';
    words.textContent = [...act.childNodes].filter(n => n.nodeType === Node.TEXT_NODE).map(n => n.textContent).join('').trim();
    option.append(thumb, words, document.createElement('span'));
    option.addEventListener('click', event => { event.preventDefault(); event.stopPropagation(); one('#palette').close(); act.click(); });
    if (words.textContent) group.append(option);
  }
}

function found() {
  const dialog = one('#palette');
  const asked = one('input', dialog).value.trim().toLowerCase();
  const known = new Set(all('#found-records a[href]', dialog).map(a => a.href));
  for (const option of all('#found-pages [role=option]', dialog)) option.hidden = !option.textContent.toLowerCase().includes(asked) || (asked !== '' && known.has(option.href));
  for (const option of all('#found-here [role=option]', dialog)) option.hidden = asked === '' || !option.textContent.toLowerCase().includes(asked);
  one('#found-here', dialog).hidden = all('#found-here [role=option]:not([hidden])', dialog).length === 0;
  const pages = one('#found-pages', dialog);
  pages.hidden = all('[role=option]:not([hidden])', pages).length === 0;
  const options = all('[role=option]:not([hidden])', dialog);
  one('.none', dialog).hidden = options.length > 0;
  options.forEach((o, i) => { o.setAttribute('aria-selected', String(i === 0)); o.id = `option-${i}`; });
  one('input', dialog).setAttribute('aria-activedescendant', options.length > 0 ? 'option-0' : '');
}

function inPalette(event) {
  const dialog = one('#palette');
  if (!dialog?.open) return false;
  const options = all('[role=option]:not([hidden])', dialog);
  const at = options.findIndex(o => o.getAttribute('aria-selected') === 'true');
  const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
  if (next !== undefined && options[next]) {
    options[at]?.setAttribute('aria-selected', 'false');
    options[next].setAttribute('aria-selected', 'true');
    options[next].scrollIntoView({ block: 'nearest' });
    one('input', dialog).setAttribute('aria-activedescendant', options[next].id);
    event.preventDefault();
  } else if (event.key === 'Enter' && options[at]?.href) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) window.open(options[at].href, '_blank', 'noopener');
    else { dialog.close(); options[at].click(); }
  }
  return true;
}

// In the capture phase, before the keys of the page.
document.addEventListener('keydown', event => {
  if (inPalette(event)) { if (event.key !== 'Escape') event.stopPropagation(); return; }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); palette(); }
}, true);
document.addEventListener('click', event => { if (event.target.closest?.('[data-palette]') && palette()) event.preventDefault(); }, true);
document.addEventListener('input', event => { if (event.target.id === 'palette-q') found(); });
document.addEventListener('htmx:afterSwap', event => { if (event.target.id === 'found-records') found(); });
