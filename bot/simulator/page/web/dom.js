// Elements made one by one: text from chats only ever becomes text nodes.

const svg = 'http://www.w3.org/2000/svg';

// h makes an element. An attribute that is a function is a listener, null and
// false leave it out, true makes it empty.
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

// icon shows a drawing of index.html's sheet; words beside it or a label say
// what it means.
export function icon(name) {
  const node = document.createElementNS(svg, 'svg');
  node.setAttribute('class', 'icon');
  node.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(svg, 'use');
  use.setAttribute('href', '#i-' + name);
  node.append(use);
  return node;
}

// setText leaves the node alone when nothing changes.
export function setText(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

// whole keeps an emoji on the line of the word beside it. The text is the same.
export function whole(text) {
  const found = /^([^\p{L}\p{N}\s]+ \S+)([^]*)$/u.exec(text);
  if (found) return h('span', {}, h('span', { class: 'whole' }, found[1]), found[2]);
  const last = /^([^]*?)(\S+ [^\p{L}\p{N}\s]+)$/u.exec(text);
  return last ? h('span', {}, last[1], h('span', { class: 'whole' }, last[2])) : h('span', {}, text);
}

// number is a small hash, the same for the same text.
export function number(text) {
  let n = 2166136261;
  for (let i = 0; i < text.length; i++) n = Math.imul(n ^ text.charCodeAt(i), 16777619) >>> 0;
  return n;
}

// later joins calls that come in quick succession into one.
export function later(milliseconds, run) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds);
  };
}

// arrows moves the focus among the buttons of a menu with the arrow keys.
export function arrows(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const items = [...menu.querySelectorAll('button:not([disabled])')];
  const at = items.indexOf(document.activeElement);
  event.preventDefault();
  items[(at + step + items.length) % items.length]?.focus();
}

// remembered is a choice that outlives the page, where the browser allows it.
export const remembered = {
  get(name) {
    try { return localStorage.getItem('koprik.' + name); } catch { return null; }
  },
  set(name, value) {
    try { localStorage.setItem('koprik.' + name, value); } catch { /* not kept, then */ }
  },
};
