// The guided tour. A step is done when the state says so that the page is shown:
// histories of cases, the bot's languages, its figures, the messages. Clicks
// are never counted. Where to press next is marked.

import { get } from './api.js';
import { h, icon, remembered } from './dom.js';
import { current, t, word } from './words.js';

const byId = (id) => document.getElementById(id);
const happened = (kind) => (s) => s.fresh.some((item) => item.lines.some((line) => line.kind === kind));

// steps in the order in which they are offered. point lists, best first, what
// to press on the step's phone: a part of a button's label, or a selector.
const steps = [
  { key: 'report', who: 'resident', done: (s) => s.fresh.length > 0, point: ['🔊', '✅', 'input'] },
  { key: 'accepted', who: 'inspector', done: happened('accepted'), point: ['✅'] },
  { key: 'promised', who: 'inspector', done: happened('promised'), point: ['🗓:first'] },
  { key: 'second', who: 'neighbour', done: (s) => s.fresh.length > 1, point: ['🔊', '✅', 'input'] },
  { key: 'climbs', done: happened('escalated'), point: ['#clock-1h'] },
  { key: 'closed', who: 'inspector', done: happened('closed'), point: ['🏁', 'input'] },
  { key: 'judged', who: 'resident', done: happened('judged'), point: ['✅'] },
  { key: 'language', who: 'resident', done: (s) => s.changed, point: ['Русский', 'commands'] },
  { key: 'pin', who: 'elder', done: (s) => s.pinned, point: ['#tab-map[aria-selected=false]', '#map .chart'] },
  { key: 'convened', who: 'secretary', done: (s) => s.called > s.calledBefore, point: ['✅ Taklif', '⏩', '📍', '🗓:first', 'input'] },
  { key: 'coming', who: 'social', done: (s) => s.coming > s.comingBefore, point: ['✅'] },
  { key: 'killed', done: (s) => s.survived, point: ['#tab-faults[aria-selected=false]', '[data-testid=fault-kill]'] },
];

export class Tour {
  constructor(desk) {
    this.desk = desk;
    this.cases = [];
    this.meetings = { called: 0, coming: 0 };
    this.ticked = new Set();
  }

  async begin() {
    this.possible = !!this.desk.info?.tour;
    byId('tab-tour').hidden = !this.possible;
    if (!this.possible) return;
    let kept = null;
    try { kept = JSON.parse(remembered.get('tour')); } catch { /* none, then */ }
    this.cases = (await get('/demo/cases').catch(() => null)) ?? [];
    this.meetings = (await get('/demo/meetings').catch(() => null)) ?? this.meetings;
    this.desk.spoken((await get('/demo/people').catch(() => null)) ?? {});
    if (kept?.begun === this.desk.info.begun) this.start(kept);
    else this.again();
    this.desk.panel.sheet(this.from.left ? 'cases' : 'tour');
  }

  // again begins anew from the state of now: what was done before does not count.
  again() {
    const pins = this.pins().map((m) => m.id);
    this.start({
      begun: this.desk.info.begun, left: false, cases: this.cases.map((item) => item.number), speaks: this.desk.speaks,
      meetings: this.meetings, kills: this.desk.panel.faults.bot?.kills.at(-1)?.at ?? '', pin: Math.max(0, ...pins),
    });
  }

  start(from) {
    this.from = from;
    this.ticked = new Set();
    this.keep();
    this.look();
  }

  leave(left) {
    this.from.left = left;
    this.keep();
    if (left) this.desk.panel.sheet('cases');
    this.draw();
  }

  keep() { remembered.set('tour', JSON.stringify(this.from)); }

  // spoken notes in which language the bot began with somebody.
  spoken(speaks) {
    if (!this.from) return;
    const before = Object.keys(this.from.speaks).length;
    this.from.speaks = { ...speaks, ...this.from.speaks };
    if (Object.keys(this.from.speaks).length > before) this.keep();
  }

  // heard takes over the histories of the cases.
  async heard(cases) {
    this.cases = cases;
    if (this.possible) this.meetings = (await get('/demo/meetings').catch(() => null)) ?? this.meetings;
    this.look();
  }

  // pins are the messages of people with a place that a bot's message followed.
  pins() {
    const all = [];
    for (const [key, phone] of this.desk.phones) {
      const list = [...phone.panes.get(this.desk.people.get(key).id).units.values()].flatMap((unit) => unit.list);
      const last = Math.max(0, ...list.filter((m) => m.from_bot).map((m) => m.id));
      all.push(...list.filter((m) => m.kind === 'location' && !m.from_bot && m.id < last));
    }
    return all;
  }

  state() {
    const fresh = this.cases.filter((item) => !this.from.cases.includes(item.number));
    const { speaks } = this.desk;
    const kills = (this.desk.panel.faults.bot?.kills ?? []).filter((k) => k.at > this.from.kills);
    return {
      fresh,
      changed: Object.keys(speaks).some((key) => this.from.speaks[key] && speaks[key] !== this.from.speaks[key]),
      pinned: this.pins().some((m) => m.id > this.from.pin),
      called: this.meetings.called, calledBefore: this.from.meetings?.called ?? 0,
      coming: this.meetings.coming, comingBefore: this.from.meetings?.coming ?? 0,
      survived: kills.some((k) => k.settled_ms && k.lost === 0),
    };
  }

  // look ticks what is done by now; a tick stays.
  look() {
    if (!this.from) return;
    const state = this.state();
    for (const step of steps) if (!this.ticked.has(step.key) && step.done(state)) this.ticked.add(step.key);
    this.draw();
  }

  get next() { return steps.find((step) => !this.ticked.has(step.key)); }

  draw() {
    if (!this.from) return;
    const { next } = this;
    const sign = JSON.stringify([current(), [...this.ticked], this.from.left, this.desk.shown()]);
    if (sign !== this.drawn) {
      this.drawn = sign;
      this.list(next);
      this.bar(next);
    }
    this.mark(this.from.left ? null : next);
  }

  name(step) { return this.desk.people.get(step.who)?.title ?? ''; }

  list(next) {
    byId('tour').replaceChildren(
      h('ol', {}, ...steps.map((step) => {
        const done = this.ticked.has(step.key);
        return h('li', { class: done ? 'done' : step === next ? 'next' : '', 'aria-current': step === next ? 'step' : null, 'data-testid': 'step-' + step.key, 'data-done': String(done) },
          icon(done ? 'check' : 'dot'), h('span', {}, t('tour.' + step.key, { name: this.name(step) })));
      })),
      h('div', { class: 'row' },
        this.from.left ? word('tour.on', 'button', { type: 'button', class: 'inline primary', 'data-testid': 'tour-on', click: () => this.leave(false) })
          : word('tour.leave', 'button', { type: 'button', class: 'inline', click: () => this.leave(true) }),
        word('tour.again', 'button', { type: 'button', class: 'inline', 'data-testid': 'tour-again', click: () => this.again() })));
  }

  // bar says above the phones what to do next.
  bar(next) {
    const bar = byId('guide');
    bar.hidden = this.from.left;
    if (this.from.left) return;
    const dots = h('span', { class: 'dots', role: 'img', 'aria-label': t('tour.count', { done: this.ticked.size, all: steps.length }) },
      ...steps.map((step) => h('i', { class: this.ticked.has(step.key) ? 'done' : step === next ? 'next' : '' })));
    const text = h('p', { role: 'status', 'data-testid': 'guide-text' }, next ? t('tour.' + next.key, { name: this.name(next) }) : t('tour.over'));
    const absent = next?.who && this.desk.phones.has(next.who) && !this.desk.shown().includes(next.who);
    const fetch = absent ? h('button', { type: 'button', class: 'inline primary fetch', 'data-testid': 'guide-show', click: () => this.desk.show(next.who) }, t('tour.show', { name: this.name(next) })) : null;
    const shut = next ? h('button', { type: 'button', class: 'inline leave', 'data-testid': 'tour-leave', 'aria-label': t('tour.leave'), click: () => this.leave(true) }, icon('cross'), word('tour.leave'))
      : word('tour.again', 'button', { type: 'button', class: 'inline', click: () => this.again() });
    bar.replaceChildren(dots, text, ...[fetch, this.unfold(), shut].filter(Boolean));
  }

  // unfold shows all of the text where there is room for two lines.
  unfold() {
    const button = h('button', { type: 'button', class: 'round whole', 'data-testid': 'tour-whole', 'aria-label': t('tour.whole'), 'aria-expanded': 'false',
      click: () => button.setAttribute('aria-expanded', String(button.getAttribute('aria-expanded') !== 'true')) }, icon('down'));
    return button;
  }

  // mark shows where to press.
  mark(next) {
    const node = next ? this.place(next) : null;
    if (node === this.marked && (!node || node.classList.contains('here'))) return;
    this.marked?.classList.remove('here');
    node?.classList.add('here');
    this.marked = node;
    if (node) this.clear(node);
  }

  // clear brings what is marked to where it can be seen and pressed.
  clear(node) {
    const list = node.closest('.scroller, .starter');
    if (!list) return node.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const [at, room] = [node.getBoundingClientRect(), list.getBoundingClientRect()];
    const space = 14;
    if (at.top < room.top + space) list.scrollBy(0, at.top - room.top - space);
    else if (at.bottom > room.bottom - space) list.scrollBy(0, at.bottom - room.bottom + space);
  }

  place(step) {
    const phone = this.desk.phones.get(step.who);
    if (phone && !phone.node.isConnected) return document.querySelector(`${this.desk.isNarrow() ? '#tabs' : '#faces'} [data-key="${CSS.escape(step.who)}"]`);
    if (phone && !phone.starter.hidden) return phone.starter.querySelector('.start');
    for (const point of step.point) {
      const found = phone && !point.startsWith('#') ? this.onPhone(phone, point) : document.querySelector(point);
      if (found) return found;
    }
    return null;
  }

  // onPhone looks among the buttons of the newest messages.
  onPhone(phone, point) {
    if (point === 'input') return phone.composer.node.querySelector('.line');
    if (point === 'commands') return phone.composer.slash;
    const [part, first] = point.split(':');
    const rows = [...phone.pane.inner.querySelectorAll('.buttons')].slice(-4).reverse();
    for (const row of rows) {
      const buttons = [...row.querySelectorAll('button')];
      const found = buttons.find((b) => b.textContent.includes(part));
      if (found) return first ? buttons[0] : found;
    }
    return null;
  }
}
