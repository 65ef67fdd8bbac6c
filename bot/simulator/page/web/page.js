// The desk: all phones, what they share, and the stream that keeps them true.

import { get, listen } from './api.js';
import { h, later, remembered, setText } from './dom.js';
import { current, guess, languages, loadWords, say, t } from './words.js';
import { Panel } from './panel.js';
import { Phone } from './phone.js';

const byId = (id) => document.getElementById(id);

class Desk {
  constructor(config) {
    this.config = config;
    this.info = null;
    this.people = new Map(); // chat states by key
    this.groups = new Map(); // by id
    this.byChat = new Map(); // key of the person by chat id
    this.phones = new Map();
    this.presses = new Map();
    this.told = new Set(); // presses whose answer was shown
    this.bot = { first_name: '', username: '' };
    this.texts = {};
    this.attended = null;
    this.hidden = new Set((remembered.get('hidden') ?? '').split(',').filter(Boolean));
    this.panel = new Panel(this);
    this.arrange = later(30, () => this.layOut());
  }

  botName() { return this.texts['name ' + current().slice(0, 2)] || this.texts['name '] || this.bot.first_name; }
  description(code) { return this.texts['description ' + (code ?? '')] || this.texts['description '] || ''; }
  title() { return this.config.title || this.botName(); }

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
      this.phones.get(chat.key)?.pane && this.private(chat.key).load(chat.messages ?? []);
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
      if (fresh && message.from !== key) phone.ring(message);
    }
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

  // attend notes which phone the person at the desk is using.
  attend(phone) {
    if (this.attended !== phone) {
      this.attended?.node.classList.remove('attended');
      this.attended = phone;
      phone.node.classList.add('attended');
    }
    phone.read();
  }

  order() {
    const wanted = this.info?.phones ?? [];
    const rest = [...this.phones.keys()].filter((key) => !wanted.includes(key));
    return [...wanted.filter((key) => this.phones.has(key)), ...rest];
  }

  // absent says whether a phone lies in the drawer: by choice, or because the
  // server names the phones to begin with and this is not one of them.
  absent(key) {
    const wanted = this.info?.phones;
    const usual = !wanted?.length || wanted.includes(key);
    return this.hidden.has(key) ? usual : !usual;
  }

  shown() { return this.order().filter((key) => !this.absent(key)); }

  switchPhone(key) {
    if (!this.hidden.delete(key)) this.hidden.add(key);
    remembered.set('hidden', [...this.hidden].join(','));
    this.layOut();
  }

  // layOut puts the phones in order and makes their tabs for narrow screens.
  layOut() {
    const keys = this.shown();
    const row = byId('phones');
    keys.forEach((key, i) => {
      const node = this.phones.get(key).node;
      if (row.children[i] !== node) row.insertBefore(node, row.children[i] ?? null);
    });
    while (row.children.length > keys.length) row.lastChild.remove();
    for (const key of keys) for (const pane of this.phones.get(key).panes.values()) if (pane.stuck) pane.end(false);
    this.tabs(keys);
    this.drawer();
    this.panel.counters();
    byId('empty').hidden = keys.length > 0;
  }

  tabs(keys) {
    const bar = byId('tabs');
    const chosen = keys.includes(this.tab) || this.tab === 'desk' ? this.tab : keys[0] ?? 'desk';
    const tab = (key, ...inside) => h('button', { type: 'button', role: 'tab', 'data-key': key, 'aria-controls': key === 'desk' ? 'panel' : 'phone-' + key, 'data-testid': 'tab-' + key, click: () => this.select(key) }, ...inside);
    const person = (key) => {
      const phone = this.phones.get(key);
      const node = tab(key, phone.face.cloneNode(true), h('span', {}, phone.roleWord() || phone.chat.title), h('b', { class: 'badge', hidden: true }));
      return node;
    };
    const desk = tab('desk', h('span', { class: 'face plain' }, '⚙'), h('span', { 'data-word': 'panel' }, t('panel')));
    bar.replaceChildren(...keys.map(person), desk);
    for (const key of keys) this.counted(this.phones.get(key));
    this.select(chosen, false);
  }

  select(key, attend = true) {
    this.tab = key;
    document.body.dataset.tab = key === 'desk' ? 'desk' : 'phone';
    for (const node of byId('tabs').children) node.setAttribute('aria-selected', String(node.dataset.key === key));
    for (const [name, phone] of this.phones) phone.node.classList.toggle('front', name === key);
    const phone = this.phones.get(key);
    if (!phone || !attend) return;
    this.attend(phone);
    phone.pane.end(false);
    byId('tabs').querySelector('[aria-selected=true]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }

  // counted shows a phone's unread messages on its tab too.
  counted(phone) {
    const badge = [...byId('tabs').children].find((node) => node.dataset.key === phone.key)?.querySelector('.badge');
    if (!badge) return;
    badge.hidden = !phone.unread;
    setText(badge, phone.unread || '');
    badge.classList.toggle('quiet', !phone.rang);
  }

  drawer() {
    byId('drawer').replaceChildren(...this.order().map((key) => {
      const phone = this.phones.get(key);
      return h('label', {}, h('input', { type: 'checkbox', checked: !this.absent(key), change: () => this.switchPhone(key) }),
        h('span', {}, phone.chat.title), h('small', {}, phone.roleWord()));
    }));
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
      for (const pane of phone.panes.values()) pane.divide();
    }
    this.heading();
    this.tabs(this.shown());
    this.drawer();
    this.panel.speak();
  }
}

function languageSwitch() {
  byId('languages').replaceChildren(...languages().map((name) => {
    const node = h('button', { type: 'button', lang: name, 'data-testid': 'language-' + name }, { 'uz-Latn': 'Oʻz', 'uz-Cyrl': 'Ўз', ru: 'Ру' }[name] ?? name);
    node.addEventListener('click', () => { remembered.set('language', name); say(name); });
    return node;
  }));
  const mark = () => {
    for (const node of byId('languages').children) node.setAttribute('aria-pressed', String(node.lang === current()));
  };
  document.addEventListener('language', mark);
}

function themeSwitch() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const put = (name) => { if (name) document.documentElement.dataset.theme = name; };
  put(remembered.get('theme'));
  byId('theme').addEventListener('click', () => {
    const now = document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light');
    put(now === 'dark' ? 'light' : 'dark');
    remembered.set('theme', document.documentElement.dataset.theme);
  });
}

function openers() {
  const drawer = byId('drawer');
  const opener = byId('people');
  const shut = () => { drawer.hidden = true; opener.setAttribute('aria-expanded', 'false'); };
  opener.addEventListener('click', () => {
    drawer.hidden = !drawer.hidden;
    opener.setAttribute('aria-expanded', String(!drawer.hidden));
    drawer.querySelector('input')?.focus();
  });
  document.addEventListener('pointerdown', (e) => { if (!drawer.contains(e.target) && !opener.contains(e.target)) shut(); });
  drawer.addEventListener('keydown', (e) => { if (e.key === 'Escape') { shut(); opener.focus(); } });
  const panel = byId('panel-switch');
  const put = (open) => { document.body.classList.toggle('bare', !open); panel.setAttribute('aria-expanded', String(open)); };
  put(innerWidth >= 1180);
  panel.addEventListener('click', () => put(document.body.classList.contains('bare')));
}

async function begin() {
  themeSwitch();
  const [config, info] = await Promise.all([get('/config.json'), get('/demo/info').catch(() => null), loadWords()]);
  languageSwitch();
  const chosen = remembered.get('language') || config.language || guess();
  say(chosen);
  const desk = new Desk(config);
  desk.info = info;
  openers();
  const last = await desk.load();
  document.addEventListener('language', () => desk.speak());
  desk.speak();
  desk.panel.begin();
  listen(last, (kind, data) => desk.handle(kind, data), (up) => {
    document.body.classList.toggle('offline', !up);
    byId('offline').hidden = up;
  });
  document.body.dataset.ready = 'yes';
}

begin();
