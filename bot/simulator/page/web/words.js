// The page's own words. A node with data-word shows one of them, a node with
// data-label has it as its label, one with data-hint as what is said when the
// pointer rests on it; say changes them all with the language.

import { h } from './dom.js';

let dictionary = {};
let language = '';

export const current = () => language;
export const languages = () => Object.keys(dictionary);

export async function loadWords() {
  dictionary = await (await fetch('/words.json')).json();
}

// t gives a word; {name} in it is replaced.
export function t(key, values = {}) {
  const text = dictionary[language]?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

export const known = (key) => dictionary[language]?.[key] !== undefined;

// own chooses from a text that the server gives, a string or an object by language.
export function own(text) {
  if (text === null || text === undefined) return '';
  if (typeof text !== 'object') return String(text);
  return text[language] ?? text['uz-Latn'] ?? Object.values(text)[0] ?? '';
}

export function word(key, tag = 'span', attributes = {}) {
  return h(tag, { ...attributes, 'data-word': key }, t(key));
}

// label names a node that shows no words of its own.
export function label(node, key) {
  node.dataset.label = key;
  node.setAttribute('aria-label', t(key));
  if (node.tagName !== 'TEXTAREA') node.title = t(key);
  return node;
}

// say puts the whole page into a language.
export function say(to) {
  language = dictionary[to] ? to : languages()[0];
  document.documentElement.lang = language;
  retell(document);
  document.dispatchEvent(new Event('language'));
}

// retell does so with what lies in a node, which the page may not show just now.
export function retell(root) {
  for (const node of root.querySelectorAll('[data-word]')) node.textContent = t(node.dataset.word);
  for (const node of root.querySelectorAll('[data-label]')) label(node, node.dataset.label);
  for (const node of root.querySelectorAll('[data-hint]')) node.title = t(node.dataset.hint);
}

// guess is the browser's first language that the page has.
export function guess() {
  for (const wanted of navigator.languages ?? []) {
    if (/^uz-cyrl/i.test(wanted)) return 'uz-Cyrl';
    if (/^uz/i.test(wanted)) return 'uz-Latn';
    if (/^ru/i.test(wanted)) return 'ru';
    if (/^en/i.test(wanted)) return 'en';
  }
  return languages()[0];
}

// spoken guesses the language of a text, for screen readers.
export function spoken(text) {
  if (/[ўқғҳЎҚҒҲ]/.test(text)) return 'uz-Cyrl';
  if (/[а-яё]/i.test(text)) return 'ru';
  return 'uz-Latn';
}
