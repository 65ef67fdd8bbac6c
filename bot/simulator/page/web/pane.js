// The messages of one chat on one phone.

import { act, Refused } from './api.js';
import { h, icon } from './dom.js';
import { label, t, word } from './words.js';
import { day, dayKey } from './time.js';
import { leadsToTelegram, startPayload } from './text.js';
import { Unit } from './message.js';

const near = 48; // pixels from the end that count as being there

export class Pane {
  constructor(phone, chat, desk) {
    this.phone = phone;
    this.chat = chat;
    this.desk = desk;
    this.person = phone.key;
    this.group = chat.kind === 'group' ? chat.key : '';
    this.units = new Map(); // by key: the album or the message
    this.days = new Map();
    this.stuck = true;
    this.missed = 0; // below what is on the screen
    this.unread = 0; // since the phone was looked at
    this.top = 0;
    this.inner = h('div', { class: 'inner' });
    this.scroller = h('div', { class: 'scroller', role: 'log', 'aria-live': 'polite', tabindex: '0', 'data-testid': 'log-' + (this.group || this.person) }, this.inner);
    this.jump = label(h('button', { type: 'button', class: 'jump', hidden: true, click: () => this.end(true) }, icon('down'), h('b')), 'chat.end');
    this.node = h('div', { class: 'pane' }, this.group ? word('group.about', 'p', { class: 'hint' }) : '', this.scroller, this.jump);
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    const grown = new ResizeObserver(() => { if (this.stuck) this.end(false); });
    grown.observe(this.inner);
    grown.observe(this.scroller);
    this.command = (text) => this.phone.do('text', this.group ? { text, group: this.group } : { text });
    this.open = (address) => this.follow(address);
  }

  nameOf(key) { return key === 'bot' ? this.desk.botName() : this.desk.people.get(key)?.title ?? key; }

  find(id) {
    for (const unit of this.units.values()) {
      if (unit.messages.has(id)) return unit.messages.get(id);
    }
    return null;
  }

  unitOf(id) { return [...this.units.values()].find((unit) => unit.messages.has(id)); }

  // load shows the present state of the whole chat without ringing.
  load(messages) {
    this.scroller.setAttribute('aria-busy', 'true');
    const present = new Set(messages.filter((m) => !m.deleted).map((m) => m.id));
    for (const unit of [...this.units.values()]) {
      for (const id of [...unit.messages.keys()]) if (!present.has(id)) this.take(id);
    }
    for (const m of messages) if (!m.deleted) this.place(m);
    this.divide();
    this.scroller.removeAttribute('aria-busy');
  }

  // apply shows one message as it is now, and says whether it is new here.
  apply(m) {
    if (m.deleted) {
      this.take(m.id);
      this.divide();
      return false;
    }
    const fresh = !this.find(m.id);
    const changed = this.place(m);
    if (fresh) {
      this.divide();
      this.arrived(m);
    } else if (changed) {
      const node = this.unitOf(m.id).node;
      node.classList.remove('changed');
      void node.offsetWidth; // begins the animation again
      node.classList.add('changed');
    }
    return fresh;
  }

  place(m) {
    const key = m.album_id ? 'album ' + m.album_id : 'message ' + m.id;
    let unit = this.units.get(key);
    if (!unit) {
      unit = new Unit(this, key);
      this.units.set(key, unit);
      unit.put(m);
      const after = [...this.inner.children].find((node) => Number(node.dataset.id) > m.id);
      this.inner.insertBefore(unit.node, after ?? null);
      return true;
    }
    return unit.put(m);
  }

  take(id) {
    const unit = this.unitOf(id);
    if (!unit?.drop(id)) return;
    this.units.delete(unit.key);
    if (unit.node.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
    unit.node.remove();
  }

  // divide puts the day before its first message.
  divide() {
    const seen = new Set();
    for (const node of [...this.inner.querySelectorAll('.unit')]) {
      const time = node.querySelector('time').dateTime;
      const key = dayKey(time);
      if (seen.has(key)) continue;
      seen.add(key);
      const line = this.days.get(key) ?? h('div', { class: 'day' }, h('span'));
      this.days.set(key, line);
      line.dataset.time = time;
      if (line.firstChild.textContent !== day(time)) line.firstChild.textContent = day(time);
      if (node.previousSibling !== line) this.inner.insertBefore(line, node);
    }
    for (const [key, line] of this.days) {
      if (!seen.has(key)) { line.remove(); this.days.delete(key); }
    }
  }

  arrived(m) {
    if (m.from === this.person) return this.end(false);
    if (!this.stuck) {
      this.missed++;
      this.showJump();
    }
  }

  scrolled() {
    const s = this.scroller;
    const back = s.scrollTop < this.top - 1; // what only grows below has not been left
    this.top = s.scrollTop;
    this.stuck = s.scrollHeight - s.scrollTop - s.clientHeight < near || (this.stuck && !back);
    if (this.stuck) this.missed = 0;
    this.showJump();
  }

  showJump() {
    this.jump.hidden = this.stuck;
    this.jump.lastChild.textContent = this.missed || '';
  }

  end(smooth) {
    this.stuck = true;
    this.missed = 0;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
    this.showJump();
  }

  show(id) {
    const node = this.unitOf(id)?.node;
    if (!node) return;
    node.scrollIntoView({ block: 'center', behavior: 'smooth' });
    node.classList.remove('changed');
    void node.offsetWidth;
    node.classList.add('changed');
  }

  // choose shows what can be done with a message, where nothing hovers.
  choose(unit) {
    this.chosen?.node.classList.remove('chosen');
    this.chosen = unit;
    unit.node.classList.add('chosen');
  }

  reply(m) { this.phone.composer.answer(m); }
  change(m) { this.phone.composer.change(m); }

  async press(m, button, twice) {
    if (button.url) {
      if (startPayload(button.url, this.desk.bot.username) === null) { // a start counts its own tap
        await act(this.person, 'press', { message_id: m.id, label: button.text }).catch(() => {});
      }
      return this.follow(button.url);
    }
    const body = { message_id: m.id, label: button.text };
    if (this.group) body.group = this.group;
    if (!button.data) {
      await act(this.person, 'press', body).catch(() => {}); // counted, and leads nowhere
      return this.phone.toast(t('button.elsewhere'));
    }
    if (twice && !this.group) Object.assign(body, { data: button.data, label: '' });
    try {
      await act(this.person, 'press', body);
    } catch (error) {
      this.phone.refused(error instanceof Refused ? error : new Refused(String(error)));
    }
  }

  // follow opens an address; nothing here leads to the real Telegram.
  follow(address) {
    const payload = startPayload(address, this.desk.bot.username);
    if (payload !== null) return this.phone.start(payload);
    if (leadsToTelegram(address)) return this.phone.toast(t('link.telegram'));
    if (!/^https?:/i.test(address)) return this.phone.toast(t('link.unknown'));
    window.open(address, '_blank', 'noopener,noreferrer');
  }

  waiting(isWaiting) { for (const unit of this.units.values()) unit.waiting(isWaiting); }
}
