// The desk: who is there, which phones lie on it, and the stream that keeps
// them true.

import { get, listen } from './api.js';
import { h, later, remembered, setText } from './dom.js';
import { current, guess, languages, loadWords, retell, say, t } from './words.js';
import { District } from './district.js';
import { Panel } from './panel.js';
import { People } from './people.js';
import { Phone } from './phone.js';
import { Tour } from './tour.js';

const byId = (id) => document.getElementById(id);
const narrow = matchMedia('(max-width: 760px)');
const widthOfPhone = 272; // the least, in pixels
const mostPhones = 4;

class Desk {
  constructor(config, info) {
    this.config = config;
    this.info = info;
    this.people = new Map(); // chat states by key
    this.groups = new Map(); // by id
    this.byChat = new Map(); // key of the person by chat id
    this.phones = new Map();
    this.presses = new Map();
    this.told = new Set(); // presses whose answer was shown
    this.speaks = {}; // the bot's language with each person
    this.bot = { first_name: '', username: '' };
    this.texts = {};
    this.attended = null;
    this.turn = 0; // counts who was attended when
    this.slots = (remembered.get('phones') ?? '').split(',').filter(Boolean);
    this.tab = '';
    this.panel = new Panel(this);
    this.crowd = new People(this);
    this.district = new District(this);
    this.tour = new Tour(this);
    this.arrange = later(30, () => this.layOut());
    this.changed = later(200, () => this.tour.look());
    new ResizeObserver(() => this.layOut()).observe(byId('stage'));
    narrow.addEventListener('change', () => this.layOut());
  }

  botName() { return this.texts['name ' + current().slice(0, 2)] || this.texts['name '] || this.bot.first_name; }
  description(code) { return this.texts['description ' + (code ?? '')] || this.texts['description '] || ''; }
  title() { return this.config.title || this.botName(); }
  person(key) { return this.info?.people?.find((p) => p.key === key); }

  // load fetches everything and shows it; nothing rings.
  async load() {
    const [state, calls] = await Promise.all([get('/sim/state'), get('/sim/calls')]);
    this.bot = state.bot;
    this.texts = state.texts;
    this.presses = new Map(state.presses.map((p) => [p.callback_id, p]));
    for (const p of state.presses) if (p.answered) this.told.add(p.callback_id);
    for (const group of state.groups) this.groups.set(group.id, group);
    for (const chat of state.users) {
      this.meet(chat);
      this.private(chat.key).load(chat.messages ?? []);
    }
    for (const group of state.groups) {
      for (const key of group.members ?? []) this.phones.get(key)?.paneOf(group).load(group.messages ?? []);
    }
    this.layOut();
    this.panel.load(state, calls);
    this.pressed();
    this.heading();
    return state.last_event;
  }

  private(key) { return this.phones.get(key).panes.get(this.people.get(key).id); }

  // meet takes over the state of a private chat; a new person gets a phone.
  meet(chat) {
    const { messages: _, ...state } = chat;
    this.people.set(state.key, state);
    this.byChat.set(state.id, state.key);
    const phone = this.phones.get(state.key);
    if (phone) phone.update(state);
    else {
      this.phones.set(state.key, new Phone(this, state));
      this.arrange();
    }
    this.panel.counters();
  }

  handle(kind, data) {
    this.changed();
    switch (kind) {
      case 'message': return this.message(data);
      case 'chat': return this.chat(data.chat);
      case 'press': return this.press(data);
      case 'call': return this.panel.call(data);
      case 'clock': return this.panel.clock(data);
      case 'commands': return this.commands(data);
      case 'profile': this.texts = data; return this.heading();
      case 'reset': return this.load();
    }
  }

  chat(chat) {
    if (chat.kind === 'private') this.meet(chat);
    else {
      this.groups.set(chat.id, chat);
      for (const key of chat.members ?? []) this.phones.get(key)?.paneOf(chat);
    }
    this.panel.refresh();
  }

  message({ chat, message }) {
    if (!this.phones.has(chat.key)) this.chat(chat);
    if (message) this.deliver(chat, message);
    this.chat(chat); // what it says of messages is true only with them
  }

  deliver(chat, message) {
    const keys = chat.kind === 'private' ? [chat.key] : chat.members ?? [];
    for (const key of keys) {
      const phone = this.phones.get(key);
      const pane = phone?.panes.get(chat.id);
      if (!pane) continue;
      const fresh = pane.apply(message);
      pane.waiting(this.isWaiting);
      if (fresh && message.from !== key) phone.ring(message, pane);
    }
    this.district.pinned(message);
  }

  press({ chat, press }) {
    this.chat(chat);
    this.presses.set(press.callback_id, press);
    this.pressed();
    if (!press.answered || this.told.has(press.callback_id)) return;
    this.told.add(press.callback_id);
    if (!press.text) return;
    const phone = this.phones.get(press.user);
    if (press.alert) phone?.warn(press.text);
    else phone?.toast(press.text);
  }

  pressed() {
    const open = [...this.presses.values()].filter((p) => !p.answered);
    this.isWaiting = (chatID, ids, data) => open.some((p) => p.chat_id === chatID && ids.includes(p.message_id) && p.data === data);
    for (const phone of this.phones.values()) for (const pane of phone.panes.values()) pane.waiting(this.isWaiting);
    this.panel.unanswered(open.length);
  }

  isWaiting = () => false;

  commands(menus) {
    for (const [key, commands] of Object.entries(menus)) {
      const chat = this.people.get(key);
      if (chat) this.meet({ ...chat, commands });
    }
  }

  // spoken takes over the languages in which the bot speaks to people.
  spoken(speaks) {
    this.speaks = speaks;
    this.tour.spoken(speaks);
    for (const phone of this.phones.values()) phone.tongue();
    this.changed();
  }

  // attend notes which phone the person at the desk is using.
  attend(phone) {
    phone.turn = ++this.turn;
    if (this.attended !== phone) {
      this.attended?.node.classList.remove('attended');
      this.attended = phone;
      phone.node.classList.add('attended');
      this.district.from(phone.key);
    }
    phone.read();
  }

  // order is everybody, as the server names them, then whoever came later.
  order() {
    const named = (this.info?.people ?? []).map((p) => p.key).filter((key) => this.phones.has(key));
    return [...named, ...[...this.phones.keys()].filter((key) => !named.includes(key))];
  }

  isNarrow() { return narrow.matches; }

  fits() { return Math.max(1, Math.min(mostPhones, Math.floor((byId('stage').clientWidth - 16) / (widthOfPhone + 16)))); }

  // shown are the people whose phones lie on the desk, from left to right: who
  // was chosen, then those to begin with, then the rest.
  shown() {
    if (narrow.matches) return this.phones.has(this.tab) ? [this.tab] : this.order().slice(0, 1);
    const all = [...this.slots, ...(this.info?.phones ?? []), ...this.order()].filter((key) => this.phones.has(key));
    return [...new Set(all)].slice(0, this.fits());
  }

  // show puts somebody's phone on the desk: in the given place, or in that of
  // the phone which was left alone for the longest time.
  show(key, at = -1) {
    if (narrow.matches) return this.select(key);
    const keys = this.shown();
    const was = keys.indexOf(key);
    if (at < 0 && was < 0) at = keys.indexOf(keys.toSorted((a, b) => this.phones.get(a).turn - this.phones.get(b).turn)[0]);
    if (at >= 0) {
      if (was >= 0) keys[was] = keys[at];
      keys[at] = key;
      this.slots = keys;
      remembered.set('phones', keys.join(','));
      this.layOut();
    }
    this.attend(this.phones.get(key));
    this.changed();
  }

  // layOut puts the phones in order, and their tabs for narrow screens.
  layOut() {
    const keys = this.shown();
    const row = byId('phones');
    keys.forEach((key, i) => {
      const { node } = this.phones.get(key);
      node.dataset.place = i;
      if (row.children[i] !== node) row.insertBefore(node, row.children[i] ?? null);
    });
    while (row.children.length > keys.length) row.lastChild.remove();
    for (const key of keys) for (const pane of this.phones.get(key).panes.values()) if (pane.stuck) pane.end(false);
    if (this.attended && !keys.includes(this.attended.key)) {
      this.attended.node.classList.remove('attended');
      this.attended = null;
    }
    this.crowd.lay(keys);
    if (keys.length) this.select(this.tab === 'desk' ? 'desk' : keys[0], false);
    this.panel.counters();
    byId('empty').hidden = keys.length > 0;
  }

  // select shows a phone, or what lies beside them, on a narrow screen.
  select(key, attend = true) {
    const other = this.tab !== key;
    this.tab = key;
    document.body.dataset.tab = key === 'desk' ? 'desk' : 'phone';
    this.crowd.select(key);
    if (!narrow.matches || !attend) return;
    if (other) this.layOut();
    const phone = this.phones.get(key);
    if (phone) {
      this.attend(phone);
      phone.pane.end(false);
    }
    this.changed();
  }

  heading() {
    document.title = this.title();
    setText(byId('title'), this.title());
    const banner = this.config.banner?.[current()];
    setText(byId('banner-text'), banner || t('banner'));
    for (const phone of this.phones.values()) phone.update(phone.chat);
  }

  // speak redraws what is not a plain word.
  speak() {
    for (const phone of this.phones.values()) {
      phone.offered = null;
      phone.update(phone.chat);
      phone.count();
      phone.tabs();
      phone.tongue();
      for (const pane of phone.panes.values()) pane.divide();
      for (const node of [phone.node, ...[...phone.panes.values()].map((pane) => pane.node)]) if (!node.isConnected) retell(node);
    }
    this.heading();
    this.crowd.lay(this.shown());
    this.panel.speak();
    this.district.speak();
    this.tour.draw();
  }
}

function languageSwitch() {
  const short = { 'uz-Latn': 'Oʻz', 'uz-Cyrl': 'Ўз', ru: 'Ру', en: 'En' };
  byId('languages').replaceChildren(...languages().map((name) => {
    const node = h('button', { type: 'button', lang: name, 'data-testid': 'language-' + name }, short[name] ?? name);
    node.addEventListener('click', () => { remembered.set('language', name); say(name); });
    return node;
  }));
  const mark = () => {
    for (const node of byId('languages').children) node.setAttribute('aria-pressed', String(node.lang === current()));
  };
  document.addEventListener('language', mark);
}

function themeSwitch() {
  const put = (name) => { if (name) document.documentElement.dataset.theme = name; };
  put(remembered.get('theme') ?? 'light');
  byId('theme').addEventListener('click', () => {
    put(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
    remembered.set('theme', document.documentElement.dataset.theme);
  });
}

function panelSwitch() {
  const panel = byId('panel-switch');
  const put = (open) => { document.body.classList.toggle('bare', !open); panel.setAttribute('aria-expanded', String(open)); };
  put(innerWidth >= 1180);
  panel.addEventListener('click', () => put(document.body.classList.contains('bare')));
}

async function begin() {
  themeSwitch();
  const [config, info] = await Promise.all([get('/config.json'), get('/demo/info').catch(() => null), loadWords()]);
  languageSwitch();
  say(remembered.get('language') || config.language || guess());
  panelSwitch();
  const desk = new Desk(config, info);
  await desk.district.load();
  const last = await desk.load();
  document.addEventListener('language', () => desk.speak());
  desk.speak();
  desk.panel.begin();
  await desk.tour.begin();
  listen(last, (kind, data) => desk.handle(kind, data), (up) => {
    document.body.classList.toggle('offline', !up);
    byId('offline').hidden = up;
  });
  document.body.dataset.ready = 'yes';
}

begin();
