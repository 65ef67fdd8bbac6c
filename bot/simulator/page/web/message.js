// One message, or one album, on a phone. A part of it is drawn anew only when
// that part has changed.

import { h, icon, number, whole } from './dom.js';
import { label, spoken, t, word } from './words.js';
import { clock } from './time.js';
import { rich } from './text.js';
import { media, mediaOf } from './media.js';

// snippet is a message in one line.
export function snippet(m) {
  if (!m) return t('message.gone');
  const text = m.text.replace(/\s+/g, ' ').trim();
  return m.kind === 'text' ? text : [t('kind.' + m.kind), text].filter(Boolean).join(': ');
}

export class Unit {
  // ctx is the pane: what may be done with the message.
  constructor(ctx, key) {
    this.ctx = ctx;
    this.key = key;
    this.parts = new Map();
    this.messages = new Map();
    this.drawn = new Map();
    this.bubble = h('div', { class: 'bubble', click: () => ctx.choose(this) });
    this.tools = h('div', { class: 'tools' });
    this.node = h('article', { class: 'unit', 'data-testid': 'message' }, this.bubble, this.tools);
    for (const name of ['who', 'reply', 'media', 'text', 'meta', 'buttons', 'reaction']) {
      this.parts.set(name, { node: h('div', { class: name }), sign: '' });
      this.bubble.append(this.parts.get(name).node);
    }
  }

  get first() { return this.list[0]; }
  get list() { return [...this.messages.values()].sort((a, b) => a.id - b.id); }

  // put draws the present state of a message of this unit and says whether
  // anything was to be drawn.
  put(m) {
    const sign = JSON.stringify(m);
    if (this.drawn.get(m.id) === sign) return false;
    this.drawn.set(m.id, sign);
    this.messages.set(m.id, m);
    this.draw();
    return true;
  }

  // drop takes a message out and says whether the unit is empty.
  drop(id) {
    this.messages.delete(id);
    this.drawn.delete(id);
    if (this.messages.size) this.draw();
    return this.messages.size === 0;
  }

  draw() {
    const list = this.list;
    const m = list[0];
    const words = list.find((part) => part.text) ?? m;
    const mine = m.from === this.ctx.person;
    const lasting = ['changed', 'chosen'].filter((name) => this.node.classList.contains(name)).join(' ');
    this.node.className = `unit ${mine ? 'mine' : 'theirs'} kind-${m.kind}${m.protected ? ' protected' : ''} ${lasting}`;
    this.node.dataset.id = m.id;
    this.node.dataset.from = m.from;
    const other = this.ctx.group && !mine;
    this.part('who', other ? m.from : '', () => this.author(m.from));
    const replied = m.reply_to ? this.ctx.find(m.reply_to) : null;
    this.part('reply', m.reply_to ? JSON.stringify([m.reply_to, snippet(replied), replied?.from]) : '', () => this.reference(m, replied));
    this.part('media', list.map(mediaOf).join(), () => this.album(list));
    this.part('text', words.text ? JSON.stringify([words.text, words.entities]) : '', () => this.text(words));
    this.part('meta', JSON.stringify([m.date, list.some((x) => x.edited), m.silent && m.from_bot, m.protected, m.forwarded]), () => this.meta(list));
    const rows = list.find((part) => part.buttons?.length)?.buttons ?? [];
    this.part('buttons', rows.length ? JSON.stringify(rows) : '', () => this.rows(list.find((part) => part.buttons?.length)));
    const reaction = list.find((part) => part.reaction)?.reaction ?? '';
    this.part('reaction', reaction, () => h('span', { 'data-testid': 'reaction' }, reaction));
    this.part('tools', `${mine}${words.text !== ''}`, () => this.deeds(m, words, mine), this.tools);
  }

  part(name, sign, build, node = this.parts.get(name)?.node) {
    const part = this.parts.get(name) ?? { sign: null };
    this.parts.set(name, part);
    if (part.sign === sign) return;
    part.sign = sign;
    const focused = node.contains(document.activeElement) ? document.activeElement.dataset.data ?? '' : null;
    const made = sign === '' ? [] : build();
    node.replaceChildren(...[made].flat().filter(Boolean));
    if (focused === null) return;
    const buttons = [...node.querySelectorAll('button')];
    (buttons.find((b) => b.dataset.data === focused) ?? buttons[0] ?? this.ctx.scroller).focus({ preventScroll: true });
  }

  author(key) {
    const node = h('b', {}, this.ctx.nameOf(key));
    if (key !== 'bot') node.style.setProperty('--hue', String(number(key + '·') % 360));
    return node;
  }

  reference(m, replied) {
    return h('button', { type: 'button', click: () => this.ctx.show(m.reply_to) },
      h('b', {}, replied ? this.ctx.nameOf(replied.from) : '…'), h('span', {}, snippet(replied)));
  }

  album(list) {
    const parts = list.map((m) => media(m, this.ctx.desk.district)).filter(Boolean);
    if (parts.length < 2) return parts;
    return h('div', { class: 'album', 'data-count': parts.length, 'data-testid': 'album' }, ...parts);
  }

  text(m) {
    return h('div', { class: 'words', lang: spoken(m.text) },
      ...rich(m.text, m.entities, { command: this.ctx.command, open: this.ctx.open }));
  }

  meta(list) {
    const m = list[0];
    return [
      m.forwarded ? word('mark.forwarded') : null,
      m.protected ? mark('lock', 'mark.protected') : null,
      m.silent && m.from_bot ? mark('mute', 'mark.silent') : null,
      list.some((part) => part.edited) ? word('mark.edited', 'span', { 'data-testid': 'edited' }) : null,
      h('time', { datetime: m.date }, clock(m.date)),
    ];
  }

  rows(m) {
    const labels = m.buttons.flat().map((b) => b.text);
    return m.buttons.map((row) => h('div', { class: 'row' }, ...row.map((b) => {
      const twice = labels.indexOf(b.text) !== labels.lastIndexOf(b.text);
      return h('button', {
        type: 'button', class: 'inline ' + (b.style ?? ''), 'data-testid': 'button', 'data-data': b.data ?? b.text,
        lang: spoken(b.text), click: () => this.ctx.press(m, b, twice),
      }, whole(b.text), b.url || b.action ? icon('away') : null);
    })));
  }

  deeds(m, words, mine) {
    const reply = label(h('button', { type: 'button', class: 'tool', click: () => this.ctx.reply(this.first) }, icon('reply')), 'message.reply');
    if (!mine || !words.text || this.ctx.group) return reply;
    const change = label(h('button', {
      type: 'button', class: 'tool', click: () => this.ctx.change(this.list.find((x) => x.text)),
    }, icon('pen')), 'message.edit');
    return [reply, change];
  }

  // waiting marks the buttons whose press the bot has not answered yet.
  waiting(isWaiting) {
    for (const b of this.parts.get('buttons').node.querySelectorAll('button')) {
      b.classList.toggle('waiting', isWaiting(this.first.chat_id, [...this.messages.keys()], b.dataset.data));
    }
  }
}

const mark = (drawing, key) => label(h('span', { class: 'mark', role: 'img', 'data-testid': key.replace('.', '-') }, icon(drawing)), key);
