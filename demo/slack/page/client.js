/* global document, location, history, fetch, EventSource, HTMLElement, setTimeout, clearTimeout, URLSearchParams */
// The page's script: sends what people do to /_control, and redraws what changed.

const { dataset } = document.body;
const get = (id) => document.getElementById(id);
const drawn = {};

async function post(path, body) {
  const response = await fetch(`/_control${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: dataset.user, ...body }),
  });
  const answer = await response.json();
  if (!response.ok) toast(answer.error);
  return answer.result;
}

let toastTimer;
function toast(text) {
  const box = get('toast');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (box.hidden = true), 5000);
}

// --- drawing ---

async function redraw() {
  const place = new URLSearchParams({
    user: dataset.user,
    channel: dataset.channel,
    thread: dataset.thread ?? '',
  });
  const response = await fetch(`/_page/regions?${place}`);
  const regions = await response.json();
  for (const [id, html] of Object.entries(regions)) {
    const region = get(id);
    if (region && drawn[id] !== html) put(region, html);
    drawn[id] = html;
  }
}

function put(region, html) {
  const isAtEnd = region.scrollHeight - region.scrollTop - region.clientHeight < 60;
  region.innerHTML = html;
  writeTimes(region);
  if (isAtEnd) scrollToEnd(region);
  if (region.id === 'modal') region.querySelector('input, select, textarea')?.focus();
}

const scrollToEnd = (region) => (region.scrollTop = region.scrollHeight);

const DAY = { day: 'numeric', month: 'long', year: 'numeric' };
const TOKENS = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: DAY,
  date_long: { ...DAY, weekday: 'long' },
  date_short: { ...DAY, month: 'short' },
  date_pretty: DAY,
  date_long_pretty: { ...DAY, weekday: 'long' },
  date_short_pretty: { ...DAY, month: 'short' },
  time: { hour: '2-digit', minute: '2-digit' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
};

/** Slack's date tokens, in the reader's zone. */
function writeTimes(root) {
  for (const element of root.querySelectorAll('time[data-format]')) {
    const at = new Date(element.dateTime);
    element.title = at.toLocaleString();
    element.textContent = element.dataset.format.replace(/\{(\w+)\}/g, (whole, token) =>
      token === 'ago' ? ago(at) : (writeToken(at, token) ?? whole),
    );
  }
}

function writeToken(at, token) {
  const format = TOKENS[token];
  if (!format) return null;
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  const near = { '-1': 'tomorrow', 0: 'today', 1: 'yesterday' }[days];
  if (near && token.endsWith('_pretty')) return near;
  return new Intl.DateTimeFormat(undefined, { hourCycle: 'h23', ...format }).format(at);
}

function ago(at) {
  const minutes = Math.round((Date.now() - at) / 60_000);
  return minutes < 1 ? 'just now' : `${minutes} min ago`;
}

// --- doing ---

/** Messages are addressed by their time, modals by whose they are. */
async function act(element, value) {
  const words = element.dataset.confirm && JSON.parse(element.dataset.confirm);
  if (words && !(await confirmed(words))) return;
  const target = { actionId: element.dataset.action, blockId: element.dataset.block, value };
  const message = element.closest('[data-ts]');
  element.classList.add('busy');
  if (message) await post('/press', { channel: dataset.channel, ts: message.dataset.ts, ...target });
  else await post('/view/press', { ...target, choices: choicesOf(get('modal')) });
  element.classList.remove('busy');
}

function confirmed(words) {
  const dialog = get('confirm');
  const [deny, yes] = dialog.querySelectorAll('button');
  dialog.querySelector('h2').textContent = words.title;
  dialog.querySelector('p').textContent = words.text;
  deny.textContent = words.deny;
  yes.textContent = words.confirm;
  yes.className = `push ${words.style}`;
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclick = ({ target }) => target.value && dialog.close(target.value);
    dialog.onclose = () => {
      const isYes = dialog.returnValue === 'confirm';
      dialog.returnValue = '';
      resolve(isYes);
    };
  });
}

/** action id -> what is chosen or written in the modal's fields. */
function choicesOf(form) {
  const choices = {};
  for (const element of form.querySelectorAll('[data-field], select[data-select]')) {
    const chosen = element.multiple ? [...element.selectedOptions].map(({ value }) => value) : element.value;
    if (chosen.length > 0) choices[element.dataset.action] = chosen;
  }
  for (const element of form.querySelectorAll('[data-choices]')) {
    const chosen = [...element.querySelectorAll('input:checked')].map(({ value }) => value);
    if (chosen.length === 0) continue;
    choices[element.dataset.action] = element.dataset.choices === 'one' ? chosen[0] : chosen;
  }
  return choices;
}

async function submitView(form) {
  const result = await post('/view/submit', { choices: choicesOf(form) });
  for (const note of form.querySelectorAll('[data-error-of]')) {
    note.textContent = result?.errors?.[note.dataset.errorOf] ?? '';
  }
}

async function send(form) {
  const text = form.elements.text.value.trim();
  if (text === '') return;
  form.elements.text.value = '';
  const isThread = 'threadComposer' in form.dataset;
  if (!text.startsWith('/')) {
    await post('/say', {
      channel: dataset.channel,
      text: escape(text),
      threadTs: isThread ? dataset.thread : null,
    });
  } else if (isThread) {
    toast(`${text.split(' ')[0]} is not supported in threads. Sorry!`);
  } else {
    await post('/command', { channel: dataset.channel, text });
  }
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function go(changes) {
  const place = { user: dataset.user, channel: dataset.channel, ...changes };
  location.search = new URLSearchParams(place).toString();
}

// --- listening ---

document.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  void (form.matches('.composer') ? send(form) : submitView(form));
});

document.addEventListener('click', (event) => {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return;
  const button = target.closest('button[data-action]');
  const link = target.closest('a[data-thread]');
  if (link) {
    event.preventDefault();
    go({ thread: link.dataset.thread });
  } else if (button) {
    button.closest('details')?.removeAttribute('open');
    if (button.dataset.url) globalThis.open(button.dataset.url, '_blank', 'noreferrer');
    void act(button, button.dataset.value);
  } else if (target.closest('[data-close-view]')) {
    void post('/view/close', {});
  } else if (target.closest('#show-channels')) {
    document.body.classList.toggle('channels-shown');
  } else {
    document.body.classList.remove('channels-shown');
  }
});

document.addEventListener('change', (event) => {
  const { target } = event;
  const error = target.closest('.input')?.querySelector('.error');
  if (error) error.textContent = '';
  if (target.id === 'who') go({ user: target.value });
  else if (target.dataset.select === 'action' && target.value) void act(target, target.value);
  else if (target.closest('[data-ts]')?.contains(target.closest('[data-choices]'))) {
    void act(target.closest('[data-choices]'), target.value);
  }
});

writeTimes(document);
scrollToEnd(get('messages')); // a thread is read from its top
new EventSource('/_page/events').onmessage = () => void redraw();
if (!location.search.includes('user='))
  history.replaceState(null, '', `?user=${dataset.user}&channel=${dataset.channel}`);
