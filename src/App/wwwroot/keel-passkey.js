// Passkeys: the page asks Keel for a question, the device answers it, and the answer goes back. Where the browser knows none, the buttons stay hidden.

import { word } from './keel-words.js';

const knows = typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

async function send(address, form, secret, more = {}) {
  const body = new FormData(form);
  if (!secret) body.delete('password');
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(body), headers: { Accept: 'application/json' } });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail);
  return said;
}

function tell(form, text) {
  const place = form.querySelector('[data-passkey-said]');
  place.hidden = false;
  place.textContent = text;
}

async function go(button) {
  const form = button.form;
  const enters = button.hasAttribute('data-passkey-enter');
  if (!enters && !form.reportValidity()) return;
  button.disabled = true;
  try {
    const asked = await send(button.dataset.ask, form, !enters);
    const options = JSON.parse(asked.options);
    const credential = enters
      ? await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
      : await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
    const done = await send(button.dataset.answer, form, false, { question: asked.id, credential: JSON.stringify(credential.toJSON()) });
    location.assign(done.to);
  } catch (failed) {
    tell(form, failed.name === 'NotAllowedError' ? word('The device did not answer, or somebody said no.') : failed.message);
    button.disabled = false;
  }
}

function show() {
  for (const button of document.querySelectorAll('[data-passkey]')) button.hidden = !knows;
}

document.addEventListener('click', event => {
  const button = event.target instanceof Element ? event.target.closest('[data-passkey]') : null;
  if (button) go(button);
});
document.addEventListener('htmx:load', show);
show();
