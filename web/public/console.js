// Everything works without this file; with it, forms answer in place and pages stay current by themselves.
const inlineHeader = 'x-tagwarden-inline';
const toastMs = 7000;
const refreshPauseMs = 400;

const dialog = document.getElementById('dialog');
const dialogBody = document.getElementById('dialog-body');
const toasts = document.getElementById('toasts');

document.documentElement.classList.add('has-script');

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-enhance')) return;
  event.preventDefault();
  void submitInPlace(form, event.submitter);
});

document.addEventListener('change', (event) => {
  const form = event.target instanceof Element ? event.target.closest('form[data-autosubmit]') : null;
  if (form instanceof HTMLFormElement && event.target instanceof HTMLSelectElement) {
    form.requestSubmit();
  }
});

/** What a form would say is told in words as soon as typing pauses; the latest answer counts. */
let wordsAsked = 0;
document.addEventListener('input', (event) => {
  if (event.isComposing) return;
  const form = event.target instanceof Element ? event.target.closest('form[data-words]') : null;
  const place = form === null ? null : document.getElementById(form.dataset.words);
  if (place !== null) void tellInWords(form, place);
});

async function tellInWords(form, place) {
  const asked = ++wordsAsked;
  await new Promise((resolve) => setTimeout(resolve, refreshPauseMs));
  if (asked !== wordsAsked) return;
  const body = new FormData(form);
  body.set('step', 'words');
  const response = await fetch(form.action, { method: 'POST', body }).catch(() => null);
  if (response === null || !response.ok || asked !== wordsAsked) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const words = page.getElementById(place.id);
  if (words !== null) place.replaceChildren(...words.childNodes);
}

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest('[data-dismiss]') && dialog.contains(event.target)) {
    event.preventDefault();
    dialog.close();
  }
  if (event.target === dialog) dialog.close();
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.removeAttribute('open');
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    menu.removeAttribute('open');
    menu.querySelector('summary').focus();
  }
});

/** In a queue, J and K move between lines, X ticks one, O opens it, and other keys press the line's buttons that name them. */
const queuePlace = 'queue-place';
// Lines of a page that is live come and go.
const queueRows = () => [...document.querySelectorAll('form[data-queue] [data-queue-row]')];
const focusRow = (index) => {
  const rows = queueRows();
  rows[Math.max(0, Math.min(index, rows.length - 1))]?.focus();
};

document.addEventListener('change', (event) => {
  if (!event.target.matches('form[data-queue] [data-tick-all]')) return;
  for (const box of event.target.form.querySelectorAll('input[name="id"]')) box.checked = event.target.checked;
});

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
  if (event.target.matches('input:not([type="checkbox"]), select, textarea')) return;
  const rows = queueRows();
  const key = event.key.toLowerCase();
  const at = rows.indexOf(document.activeElement?.closest('[data-queue-row]'));
  // The line whose card is shown is where one is, until another is in focus.
  const from = at >= 0 ? at : rows.findIndex((row) => row.querySelector('[data-open][aria-current]'));
  if (key === 'j') focusRow(from + 1);
  else if (key === 'k') focusRow(from - 1);
  else if (at >= 0 && key === 'x') rows[at].querySelector('input[name="id"]')?.click();
  else if (at >= 0 && key === 'o') rows[at].querySelector('a[data-open]')?.click();
  else if (at >= 0 && /^[a-z]$/.test(key)) {
    const button = rows[at].querySelector(`button[data-key="${key}"]`);
    if (button === null) return;
    sessionStorage.setItem(queuePlace, String(at));
    button.click();
  }
});

if (queueRows().length > 0) {
  const place = sessionStorage.getItem(queuePlace);
  sessionStorage.removeItem(queuePlace);
  if (place !== null) focusRow(Number(place));
}

/** Tabs that do not fit go on to the side: the one that is chosen is in sight. */
for (const tab of document.querySelectorAll('.tabs [aria-current]')) {
  const { parentElement: tabs } = tab;
  tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
}

/** A map is dragged, and made larger and smaller by the wheel (with Ctrl, or two fingers) and by its buttons. */
for (const box of document.querySelectorAll('[data-map-box]')) {
  const map = box.querySelector('[data-map]');
  const whole = map.getAttribute('viewBox').split(' ').map(Number);
  let view = [...whole];
  const show = () => map.setAttribute('viewBox', view.join(' '));
  /** Units of the drawing a pixel stands for; the drawing keeps its shape within its frame. */
  const scale = () => Math.max(view[2] / map.clientWidth, view[3] / map.clientHeight);
  const zoom = (factor, at) => {
    const width = Math.min(whole[2], Math.max(whole[2] / 12, view[2] * factor));
    const height = (width / whole[2]) * whole[3];
    view = [view[0] + (view[2] - width) * at.x, view[1] + (view[3] - height) * at.y, width, height];
    show();
  };
  const middle = { x: 0.5, y: 0.5 };

  box.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-map-zoom]') : null;
    if (button === null) return;
    const how = button.dataset.mapZoom;
    if (how === 'reset') {
      view = [...whole];
      show();
    } else zoom(how === 'in' ? 0.7 : 1 / 0.7, middle);
  });
  /** What one tag is linked with stands out while the pointer or the keyboard is on it. */
  const lines = [...map.querySelectorAll('[data-map-ends]')];
  const tags = new Map([...map.querySelectorAll('[data-map-tag]')].map((tag) => [tag.dataset.mapTag, tag]));
  const standOut = (code) => {
    const near = new Set(code === null ? [] : [code]);
    for (const line of lines) {
      const ends = line.dataset.mapEnds.split(' ');
      const isNear = code !== null && ends.includes(code);
      line.classList.toggle('map-near', isNear);
      if (isNear) for (const end of ends) near.add(end);
    }
    for (const [at, tag] of tags) tag.classList.toggle('map-near', near.has(at));
    map.classList.toggle('map-dim', code !== null);
  };
  const codeAt = (target) => target.closest?.('[data-map-tag]')?.dataset.mapTag ?? null;
  for (const kind of ['pointerover', 'focusin']) {
    map.addEventListener(kind, (event) => standOut(codeAt(event.target)));
  }
  for (const kind of ['pointerleave', 'focusout']) map.addEventListener(kind, () => standOut(null));

  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  box.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = steps[event.key];
    if (step !== undefined) {
      view = [view[0] + step[0] * view[2] * 0.1, view[1] + step[1] * view[3] * 0.1, view[2], view[3]];
      show();
    } else if (event.key === '+' || event.key === '=') zoom(0.7, middle);
    else if (event.key === '-') zoom(1 / 0.7, middle);
    else if (event.key === '0') {
      view = [...whole];
      show();
    } else return;
    event.preventDefault();
  });
  map.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const frame = map.getBoundingClientRect();
      zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, {
        x: (event.clientX - frame.left) / frame.width,
        y: (event.clientY - frame.top) / frame.height,
      });
    },
    { passive: false },
  );

  let grip = null;
  map.addEventListener('pointerdown', (event) => {
    // A finger scrolls the frame instead.
    if (event.button === 0 && event.pointerType === 'mouse') grip = { x: event.clientX, y: event.clientY, moved: false };
  });
  map.addEventListener('pointermove', (event) => {
    if (grip === null) return;
    const [dx, dy] = [event.clientX - grip.x, event.clientY - grip.y];
    if (!grip.moved && Math.hypot(dx, dy) < 5) return;
    if (!grip.moved) map.setPointerCapture(event.pointerId);
    view = [view[0] - dx * scale(), view[1] - dy * scale(), view[2], view[3]];
    grip = { x: event.clientX, y: event.clientY, moved: true };
    show();
  });
  // Whoever has dragged did not mean to follow the link that is below the pointer now.
  map.addEventListener('click', (event) => {
    if (grip?.moved) event.preventDefault();
    grip = null;
  });
  map.addEventListener('dragstart', (event) => event.preventDefault());
  for (const end of ['pointerup', 'pointercancel']) {
    map.addEventListener(end, () => setTimeout(() => (grip = null)));
  }
}

/** Posts a form and shows the reply where the person is. */
async function submitInPlace(form, submitter) {
  if (form.getAttribute('aria-busy') === 'true') return;
  keepShownCard(form);
  form.setAttribute('aria-busy', 'true');
  submitter?.setAttribute('aria-busy', 'true');
  try {
    // Not form.action: a field of that name stands before it.
    const response = await fetch(form.getAttribute('action'), {
      method: 'POST',
      body: new URLSearchParams(new FormData(form, submitter)),
      headers: { [inlineHeader]: '1' },
    });
    if (response.status === 401) {
      location.assign('/sign-in');
      return;
    }
    await showReply(response);
  } catch {
    showToast('refused', document.body.dataset.textFailed);
  } finally {
    form.removeAttribute('aria-busy');
    submitter?.removeAttribute('aria-busy');
  }
}

/** Whoever acts on the card that was chosen for them goes on seeing it, also when it is done and leaves the list. */
function keepShownCard(form) {
  const row = document.querySelector('#inbox-list [aria-current="true"]');
  if (row !== null && form.closest('#inbox-card') !== null) {
    history.replaceState(null, '', row.getAttribute('href'));
  }
}

async function showReply(response) {
  const kind = response.headers.get('x-tagwarden-reply');
  const reply = new DOMParser().parseFromString(await response.text(), 'text/html');
  closeMenus();
  if (kind === 'form' || kind === 'card') {
    dialogBody.replaceChildren(...reply.body.childNodes);
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    return;
  }
  if (kind === null) {
    const title = reply.querySelector('main h1')?.textContent ?? document.body.dataset.textFailed;
    showToast('refused', title);
    return;
  }
  dialog.close();
  showToast(kind, reply.body.textContent);
  await refresh();
}

function closeMenus() {
  for (const menu of document.querySelectorAll('details.menu[open]')) menu.removeAttribute('open');
}

function showToast(kind, text) {
  const toast = document.createElement('p');
  toast.className = `toast toast-${kind}`;
  toast.textContent = text;
  toasts.append(toast);
  setTimeout(() => toast.remove(), toastMs);
}

let refreshing = null;
let refreshAgain = false;

/** Fetches the page again and replaces the parts that have changed, but none that somebody is busy in. */
function refresh() {
  if (refreshing !== null) {
    refreshAgain = true;
    return refreshing;
  }
  refreshing = replaceLiveParts().finally(() => {
    refreshing = null;
    if (refreshAgain) {
      refreshAgain = false;
      setTimeout(refresh, refreshPauseMs);
    }
  });
  return refreshing;
}

async function replaceLiveParts() {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (response.redirected && new URL(response.url).pathname.startsWith('/sign-in')) {
    location.assign(response.url);
    return;
  }
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const focused = document.activeElement;
  for (const part of document.querySelectorAll('[data-live][id]')) {
    const wanted = fresh.getElementById(part.id);
    if (wanted === null || wanted.isEqualNode(part)) continue;
    if (part.querySelector('[aria-busy="true"]')) {
      refreshAgain = true;
      continue;
    }
    const hadFocus = part.contains(focused);
    makeLike(part, wanted);
    if (hadFocus) keepFocus(part, focused);
  }
}

/** What was in focus keeps it, also when it has moved; where it is gone, its part of the page takes over. */
function keepFocus(part, focused) {
  if (part.contains(focused)) {
    if (document.activeElement !== focused) focused.focus({ preventScroll: true });
    return;
  }
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

/** Changes an element into its fresh copy; whatever of it is the same stays, with focus, scrolling and what was typed. */
function makeLike(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(document.importNode(fresh, true));
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const name of old.getAttributeNames()) {
    // What a person has opened stays open, and what took over the focus keeps it.
    if (!fresh.hasAttribute(name) && !['open', 'tabindex'].includes(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  makeChildrenLike(old, fresh);
}

function makeChildrenLike(old, fresh) {
  const known = new Map();
  for (const child of old.childNodes) {
    const key = keyOf(child);
    if (key !== null && !known.has(key)) known.set(key, child);
  }
  let at = old.firstChild;
  for (const wanted of fresh.childNodes) {
    const key = keyOf(wanted);
    const isHere = at !== null && keyOf(at) === null && at.nodeName === wanted.nodeName;
    const same = key === null ? (isHere ? at : null) : known.get(key) ?? null;
    known.delete(key);
    if (same === null) {
      old.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    if (same === at) at = at.nextSibling;
    else old.insertBefore(same, at);
    makeLike(same, wanted);
  }
  while (at !== null) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** What a line is about is told by its id or where it leads, a form by what it does; null: one is told from the next by its place alone. */
function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  if (node.id !== '') return `#${node.id}`;
  if (node.nodeName === 'FORM') {
    return node.querySelector('input[name="action"]')?.getAttribute('value') ?? null;
  }
  const link = /^(A|LI|TR)$/.test(node.nodeName) ? node.closest('a') ?? node.querySelector('a') : null;
  return link === null ? null : `${node.nodeName} ${link.getAttribute('href')}`;
}

/** Listens for changes of what the page shows; the first word comes once the server compares, also after a break. */
function listen(watch) {
  const events = new EventSource(`/events?watch=${encodeURIComponent(watch)}`);
  events.addEventListener('changed', () => void refresh());
  window.addEventListener('pagehide', () => events.close());
}

const { watch } = document.body.dataset;
if (watch) listen(watch);
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
