// Beside the phones: clock, counters, what the bot calls, cases, faults.

import { get, post, Refused } from './api.js';
import { h, icon, later, setText } from './dom.js';
import { Faults } from './faults.js';
import { current, known, label, own, spoken, t, word } from './words.js';
import { clock, day, nextMorning, seconds } from './time.js';

// state and happened are words for what the server says by a name, and its own
// words otherwise.
const state = (status) => (known('status.' + status) ? t('status.' + status) : own(status));

function happened(line) {
  if (!line?.kind) return own(line?.text ?? line);
  const words = known('event.' + line.kind) ? t('event.' + line.kind) : line.kind;
  return [words, line.level ? t('line.level', { n: line.level }) : '', line.late ? t('line.late') : ''].filter(Boolean).join(' · ');
}

const keptCalls = 200;
const byId = (id) => document.getElementById(id);

export class Panel {
  constructor(desk) {
    this.desk = desk;
    this.ahead = 0; // of this machine's clock, in milliseconds
    this.rows = new Map();
    this.seen = 0; // the newest call shown
    this.faults = new Faults(desk);
    this.refresh = later(350, () => { this.cases(); this.speaks(); });
    this.departures = later(150, () => this.count());
  }

  get now() { return Date.now() + this.ahead; }

  begin() {
    setInterval(() => this.tick(), 500);
    byId('clock-10m').addEventListener('click', () => this.wind({ advance: '10m' }));
    byId('clock-1h').addEventListener('click', () => this.wind({ advance: '1h' }));
    byId('clock-1d').addEventListener('click', () => this.wind({ advance: '24h' }));
    byId('clock-morning').addEventListener('click', () => this.wind({ to: nextMorning(this.now) }));
    document.querySelector('#clock .row').hidden = !!this.desk.config.guest;
    byId('clock-fixed').hidden = !this.desk.config.guest;
    byId('reset-all').addEventListener('click', () => this.desk.order().forEach((key) => this.desk.phones.get(key).do('reset')));
    for (const tab of document.querySelectorAll('#sheets [role=tab]')) {
      tab.addEventListener('click', () => this.sheet(tab.id.slice(4)));
      tab.addEventListener('keydown', (e) => this.walk(e));
    }
    this.faults.begin();
    this.refresh();
  }

  load(state, calls) {
    this.noCases = false;
    this.clock(state);
    this.calls(calls);
    this.depart(state.departures);
    this.counters();
  }

  speak() {
    this.tick();
    this.counters();
    this.links();
    this.drawnCases = null;
    this.faults.speak();
    this.refresh();
  }

  clock(state) {
    const { now, latency_ms: latency } = state;
    this.ahead = new Date(now) - Date.now();
    this.tick();
    this.faults.set(state);
    byId('latency').hidden = !latency;
    setText(byId('latency'), latency ? `${latency / 1000} s` : '');
    this.refresh();
  }

  tick() {
    setText(byId('clock-time'), clock(this.now));
    setText(byId('clock-day'), day(this.now));
  }

  async wind(body) {
    byId('clock-refused').hidden = true;
    try {
      await post('/sim/clock', body); // the stream tells the new time
    } catch (error) {
      this.refused(error);
    }
  }

  refused(error) {
    if (!(error instanceof Refused)) throw error;
    const node = byId('clock-refused');
    node.hidden = false;
    node.replaceChildren(t('refused'), ' ', h('small', { lang: 'en' }, error.message));
    setTimeout(() => { node.hidden = true; }, 6000);
  }

  // counters has a row for each phone on the desk; for everybody on a narrow
  // screen.
  counters() {
    const body = byId('counters');
    const keys = this.desk.isNarrow() ? this.desk.order() : this.desk.shown();
    for (const [key, row] of this.rows) if (!keys.includes(key)) { row.node.remove(); this.rows.delete(key); }
    keys.forEach((key, i) => {
      let row = this.rows.get(key);
      if (!row) this.rows.set(key, row = this.row(key));
      if (body.children[i] !== row.node) body.insertBefore(row.node, body.children[i] ?? null);
      const chat = this.desk.people.get(key);
      setText(row.name, chat.title);
      for (const what of ['taps', 'sent', 'received', 'rings']) setText(row[what], chat[what] ?? 0);
    });
  }

  row(key) {
    const cell = (what) => h('td', { 'data-testid': `${what}-${key}` });
    const row = { name: h('th', { scope: 'row' }), taps: cell('taps'), sent: cell('sent'), received: cell('received'), rings: cell('rings') };
    const reset = label(h('button', { type: 'button', class: 'round', 'data-testid': 'reset-' + key, click: () => this.desk.phones.get(key).do('reset') }, icon('reset')), 'counters.reset');
    row.node = h('tr', {}, row.name, row.taps, row.sent, row.received, row.rings, h('td', {}, reset));
    return row;
  }

  unanswered(n) {
    setText(byId('unanswered'), n);
    byId('unanswered').parentElement.classList.toggle('busy', n > 0);
  }

  async count() {
    const list = await get('/sim/departures').catch(() => null);
    if (list) this.depart(list.length, list);
  }

  depart(n, list) {
    setText(byId('departures'), n);
    byId('departures').parentElement.classList.toggle('bad', n > 0);
    if (n > 0 && !list) return this.departures();
    const node = byId('departure-list');
    node.hidden = !n;
    node.replaceChildren(...(list ?? []).slice(-20).reverse().map((text) => h('li', { lang: 'en' }, text)));
  }

  calls(list) {
    byId('calls').replaceChildren();
    this.seen = 0;
    for (const call of list.slice(-keptCalls)) this.call(call);
  }

  // call adds one line on top; the oldest goes.
  call(call) {
    if (!call.seq || call.seq <= this.seen) return;
    this.seen = call.seq;
    const log = byId('calls');
    const bad = call.status !== 200;
    const node = h('details', { class: bad ? 'bad' : '', 'data-testid': 'call', 'data-method': call.method },
      h('summary', {}, h('time', { datetime: call.time }, seconds(call.time)), h('b', {}, call.method),
        h('span', { class: 'chat' }, this.nameOf(call.chat_id)), h('span', { class: 'code' }, String(call.status))));
    node.addEventListener('toggle', () => {
      if (node.children.length > 1) return;
      if (call.description) node.append(h('p', { lang: 'en' }, call.description));
      node.append(h('pre', {}, JSON.stringify(call.params, null, 1)));
    });
    log.prepend(node);
    while (log.children.length > keptCalls) log.lastChild.remove();
    if (bad) this.departures();
  }

  nameOf(id) {
    if (!id) return '';
    const key = this.desk.byChat.get(id);
    return key ? this.desk.people.get(key).title : this.desk.groups.get(id)?.title ?? String(id);
  }

  // cases is a sheet of its own where the server keeps cases.
  async cases() {
    if (this.noCases) return;
    const list = await get('/demo/cases').catch(() => undefined);
    if (list === undefined) return;
    this.noCases = list === null;
    byId('tab-cases').hidden = this.noCases;
    if (!list) return;
    this.desk.tour.heard(list);
    const sign = JSON.stringify([current(), list]);
    if (sign === this.drawnCases) return;
    this.drawnCases = sign;
    const shut = new Set([...byId('cases').querySelectorAll('details:not([open])')].map((node) => node.dataset.number));
    byId('cases').replaceChildren(...list.map((item) => this.case(item, shut)));
    if (!list.length) byId('cases').append(word('cases.none', 'p', { class: 'none' }));
    setText(byId('case-count'), list.length || '');
  }

  case(item, shut) {
    const number = String(item.number ?? item.id ?? '');
    const lines = (item.history ?? item.lines ?? []).map((line) => {
      const at = line?.kind || line?.text !== undefined ? line.at : null;
      const text = happened(line);
      return h('li', { lang: spoken(text) }, at ? h('time', { datetime: at }, clock(at)) : null, h('span', {}, text));
    });
    return h('details', { open: !shut.has(number), 'data-number': number, 'data-testid': 'case' },
      h('summary', {}, h('b', {}, number), h('span', { class: 'chat' }, own(item.title ?? item.category)), h('span', { class: 'state' }, state(item.status))),
      h('ol', {}, ...lines));
  }

  // speaks asks in which languages the bot speaks to whom.
  async speaks() {
    if (!this.desk.info?.tour) return;
    const list = await get('/demo/people').catch(() => null);
    if (list) this.desk.spoken(list);
  }

  sheet(name) {
    for (const tab of document.querySelectorAll('#sheets [role=tab]')) {
      const chosen = tab.id === 'tab-' + name;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      byId(tab.getAttribute('aria-controls')).hidden = !chosen;
    }
    this.desk.changed();
  }

  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...document.querySelectorAll('#sheets [role=tab]:not([hidden])')];
    const next = tabs[(tabs.indexOf(event.currentTarget) + step + tabs.length) % tabs.length];
    this.sheet(next.id.slice(4));
    next.focus();
  }

  links() {
    const config = this.desk.config;
    const safe = (config.links ?? []).filter((l) => /^(\/(?!\/)|https?:)/.test(l.address));
    const link = (address, text) => h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, text);
    byId('links').replaceChildren(link('/sim/transcript', t('link.transcript')),
      ...(config.differences ? [h('button', { type: 'button', class: 'link', 'data-testid': 'differences', click: () => this.differences() }, t('link.differences'))] : []),
      ...safe.map((l) => link(l.address, own(l.text))));
  }

  // differences shows the list of the simulator's differences: Markdown of
  // headings, points, paragraphs and `code` only.
  async differences() {
    const text = await (await fetch('/differences.md')).text();
    const spans = (line) => line.split('`').map((part, i) => (i % 2 ? h('code', {}, part) : part.replaceAll('**', '')));
    const nodes = text.split('\n').filter(Boolean).map((line) => {
      const heading = /^(#+) (.*)/.exec(line);
      if (heading) return h(heading[1].length > 1 ? 'h3' : 'h2', {}, ...spans(heading[2]));
      return line.startsWith('- ') ? h('p', { class: 'point' }, ...spans(line.slice(2))) : h('p', {}, ...spans(line));
    });
    const dialog = byId('reader');
    dialog.replaceChildren(h('form', { method: 'dialog' }, word('close', 'button', { class: 'inline primary' })), h('div', { lang: 'en' }, ...nodes));
    dialog.showModal();
  }
}
