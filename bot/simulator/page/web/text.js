// A text with its entities as elements. Offsets are UTF-16 units, as the
// strings of JavaScript count.

import { h } from './dom.js';
import { label } from './words.js';

const simple = {
  bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's', code: 'code',
};

// rich makes the nodes. ctx.command and ctx.open are called for what is tapped.
export function rich(text, entities, ctx) {
  const inside = [...(entities ?? [])]
    .filter((e) => e.length > 0 && e.offset < text.length)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, 0, text.length, inside, ctx, true);
}

function build(text, from, to, entities, ctx, commands) {
  const nodes = [];
  let at = from;
  const queue = [...entities];
  while (queue.length) {
    const e = queue.shift();
    const begin = Math.max(e.offset, at);
    const end = Math.min(e.offset + e.length, to);
    if (end <= begin) continue;
    nodes.push(...plain(text.slice(at, begin), ctx, commands));
    const nested = [];
    while (queue.length && queue[0].offset < end) nested.push(queue.shift());
    const rest = nested // what reaches beyond its parent goes on after it
      .filter((n) => n.offset + n.length > end)
      .map((n) => ({ ...n, length: n.offset + n.length - end, offset: end }));
    queue.unshift(...rest);
    const free = commands && !['code', 'pre', 'text_link', 'url', 'bot_command'].includes(e.type);
    nodes.push(element(e, text.slice(begin, end), build(text, begin, end, nested, ctx, free), ctx));
    at = end;
    if (block(e) && text[at] === '\n') at++; // the block has broken the line
  }
  nodes.push(...plain(text.slice(at, to), ctx, commands));
  return nodes;
}

const block = (e) => ['pre', 'blockquote', 'expandable_blockquote'].includes(e.type);

function element(e, words, children, ctx) {
  switch (e.type) {
    case 'pre':
      return h('pre', {}, h('code', {}, ...children));
    case 'blockquote':
      return h('blockquote', {}, ...children);
    case 'expandable_blockquote':
      return expandable(children);
    case 'spoiler':
      return spoiler(children);
    case 'bot_command':
      return h('button', { type: 'button', class: 'link', click: () => ctx.command(words) }, ...children);
    case 'text_link':
      return link(e.url, children, ctx);
    case 'url':
      return link(/^[a-z]+:/i.test(words) ? words : 'https://' + words, children, ctx);
    case 'mention': case 'text_mention': case 'hashtag': case 'cashtag': case 'email': case 'phone_number':
      return h('span', { class: 'marked' }, ...children);
    default:
      return h(simple[e.type] ?? 'span', {}, ...children);
  }
}

const link = (address, children, ctx) =>
  h('button', { type: 'button', class: 'link', title: address, click: () => ctx.open(address) }, ...children);

function spoiler(children) {
  const node = h('span', { class: 'spoiler', role: 'button', tabindex: '0' }, ...children);
  const reveal = () => { node.classList.add('seen'); node.removeAttribute('role'); node.removeAttribute('tabindex'); };
  node.addEventListener('click', reveal);
  node.addEventListener('keydown', (event) => event.key === 'Enter' && reveal());
  return node;
}

function expandable(children) {
  const node = h('blockquote', { class: 'expandable' }, h('div', {}, ...children));
  const more = label(h('button', { type: 'button', class: 'more', 'aria-expanded': 'false' }, '⌄'), 'text.more');
  more.addEventListener('click', () => more.setAttribute('aria-expanded', String(node.classList.toggle('open'))));
  node.append(more);
  return node;
}

// plain finds the commands that Telegram makes tappable by itself.
function plain(text, ctx, commands) {
  if (!text) return [];
  if (!commands) return [text];
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(/(?<![^\s([])\/[a-z][a-z0-9_]{0,31}(?![\w/])/gi)) {
    nodes.push(text.slice(at, found.index), element({ type: 'bot_command' }, found[0], [found[0]], ctx));
    at = found.index + found[0].length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== '');
}

// startPayload is what a link to the bot itself starts it with, null for any
// other address.
export function startPayload(address, bot) {
  let url;
  try { url = new URL(address); } catch { return null; }
  const name = url.protocol === 'tg:' ? url.searchParams.get('domain')
    : /^(www\.)?(t|telegram)\.me$/i.test(url.hostname) ? url.pathname.slice(1) : null;
  if (!name || name.toLowerCase() !== bot.toLowerCase()) return null;
  return url.searchParams.has('startgroup') ? null : url.searchParams.get('start') ?? '';
}

// leadsToTelegram says whether an address is one that this page must not open.
export const leadsToTelegram = (address) => /^(tg:|https?:\/\/(www\.)?(t|telegram)\.(me|org)(\/|$))/i.test(address);
