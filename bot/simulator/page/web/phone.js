// One phone: whose it is, the chat with the bot, and what its owner can do.

import { act, Refused } from './api.js';
import { h, icon, setText } from './dom.js';
import { known, label, own, spoken, t, word } from './words.js';
import { Composer } from './composer.js';
import { Pane } from './pane.js';
import { face } from './people.js';
import { snippet } from './message.js';

export class Phone {
  constructor(desk, chat) {
    this.desk = desk;
    this.key = chat.key;
    this.chat = chat;
    this.turn = 0; // when it was attended last, counted by the desk
    this.rang = false;
    this.panes = new Map();
    this.build();
    this.pane = this.paneOf(chat);
    this.choose(this.pane);
  }

  build() {
    const key = this.key;
    this.name = h('b', { class: 'name' });
    this.role = h('span', { class: 'role' });
    this.badge = h('b', { class: 'badge', hidden: true, 'data-testid': 'unread-' + key });
    this.ringer = label(h('span', { class: 'ringer', role: 'img' }, icon('bell')), 'phone.ring');
    this.face = face(this);
    this.language = h('span', { class: 'tongue', hidden: true, 'data-testid': 'speaks-' + key });
    this.owner = h('button', {
      type: 'button', class: 'owner', 'aria-expanded': 'false', 'data-testid': 'switch-' + key, click: () => this.desk.crowd.open(this),
    }, h('span', { class: 'faced' }, this.face, this.ringer), h('span', { class: 'who2' }, this.name, this.role), this.language, this.badge, icon('down'));
    this.bot = h('b', { class: 'name' });
    this.doing = h('span', { class: 'role' });
    this.copier = label(h('button', { type: 'button', class: 'round', 'data-testid': 'transcript-' + key, click: () => this.copy() }, icon('copy')), 'phone.transcript');
    this.blocker = label(h('button', { type: 'button', class: 'round block', role: 'switch', 'aria-checked': 'false', 'data-testid': 'block-' + key, click: () => this.do(this.chat.blocked ? 'unblock' : 'block') }, icon('block')), 'phone.block');
    this.chats = h('div', { class: 'chats', role: 'group', hidden: true });
    this.pinned = h('button', { type: 'button', class: 'pinned', hidden: true, click: () => this.pane.show(this.chat.pinned) });
    this.body = h('div', { class: 'body' });
    this.toasts = h('div', { class: 'toasts', role: 'status', 'data-testid': 'toast-' + key });
    this.alert = h('div', { class: 'alert', hidden: true });
    this.composer = new Composer(this);
    this.starter = h('div', { class: 'starter', hidden: true });
    this.screen = h('div', { class: 'screen' },
      h('div', { class: 'bar' }, h('span', { class: 'arch' }, icon('bridge')), h('span', { class: 'who2' }, this.bot, this.doing), this.copier, this.blocker),
      ...(this.desk.config.guest ? [this.opener()] : []), this.chats, this.pinned, h('div', { class: 'middle' }, this.body, this.toasts), this.starter, this.composer.node, this.alert);
    this.node = h('section', { class: 'phone', id: 'phone-' + key, 'data-testid': 'phone-' + key, 'data-key': key },
      h('header', {}, this.owner), this.screen);
    for (const kind of ['pointerdown', 'focusin']) this.node.addEventListener(kind, () => this.desk.attend(this));
  }

  get unread() { return [...this.panes.values()].reduce((sum, pane) => sum + pane.unread, 0); }

  // post is what the person is, without the place.
  post() {
    const given = this.desk.person(this.key)?.role ?? this.key;
    return typeof given === 'object' ? own(given) : known('role.' + given) ? t('role.' + given) : given === this.key ? '' : given;
  }

  roleWord() {
    return [this.post(), own(this.desk.person(this.key)?.place)].filter(Boolean).join(' · ');
  }

  // tongue shows in which language the bot speaks to this person.
  tongue() {
    const name = this.desk.speaks[this.key];
    this.language.hidden = !name;
    if (!name) return;
    setText(this.language, { 'uz-Latn': 'Oʻz', 'uz-Cyrl': 'Ўз', ru: 'Ру' }[name] ?? name);
    this.language.lang = name;
    label(this.language, known('speaks.' + name) ? 'speaks.' + name : 'language');
  }

  posters() { return this.desk.person(this.key)?.posters ?? []; }
  firstCode() { return this.desk.person(this.key)?.start ?? ''; }

  paneOf(chat) {
    let pane = this.panes.get(chat.id);
    if (!pane) {
      pane = new Pane(this, chat, this.desk);
      this.panes.set(chat.id, pane);
      this.tabs();
    }
    return pane;
  }

  // tabs appear when the person is in a group beside the private chat.
  tabs() {
    this.chats.hidden = this.panes.size < 2;
    this.chats.replaceChildren(...[...this.panes.values()].map((pane) => h('button', {
      type: 'button', 'aria-pressed': String(pane === this.pane), 'data-testid': `chat-${pane.group || 'bot'}-${this.key}`, click: () => { this.choose(pane); this.read(); },
    }, icon(pane.group ? 'people' : 'bridge'), h('span', {}, pane.group ? pane.chat.title : this.desk.botName()),
    h('b', { class: 'badge quiet', hidden: !pane.unread || pane === this.pane }, String(pane.unread)))));
  }

  choose(pane) {
    this.pane = pane;
    this.body.replaceChildren(pane.node);
    this.tabs();
    this.update(this.chat);
    pane.end(false);
  }

  // update shows the chat's state beside its messages.
  update(chat) {
    this.chat = chat;
    const role = this.roleWord();
    setText(this.name, chat.title);
    setText(this.role, role);
    setText(this.bot, this.pane?.group ? this.pane.chat.title : this.desk.botName());
    this.node.setAttribute('aria-label', [chat.title, role].filter(Boolean).join(', '));
    this.owner.setAttribute('aria-label', t('people.switch', { name: [chat.title, role].filter(Boolean).join(', ') }));
    this.owner.title = t('people.choose');
    this.pane?.scroller.setAttribute('aria-label', t('chat.label', { name: this.pane.group ? this.pane.chat.title : chat.title }));
    this.node.classList.toggle('blocked', !!chat.blocked);
    this.blocker.setAttribute('aria-checked', String(!!chat.blocked));
    this.blocker.hidden = !chat.started;
    label(this.blocker, chat.blocked ? 'phone.unblock' : 'phone.block');
    this.status(chat);
    const open = (chat.started && !chat.blocked && !chat.deactivated) || !!this.pane?.group;
    this.composer.node.hidden = !open;
    this.starter.hidden = open;
    if (open) this.composer.show(chat, !!this.pane?.group); else this.offer(chat);
    const { pinned } = this.pane?.group ? this.pane.chat : chat;
    if (this.pane) this.pin(pinned ? this.pane.find(pinned) : null);
  }

  status(chat) {
    clearTimeout(this.quiet);
    if (this.pane?.group) {
      this.doing.classList.remove('busy');
      return setText(this.doing, t('group.members', { n: (this.pane.chat.members ?? []).length }));
    }
    setText(this.doing, chat.action ? t(known('action.' + chat.action) ? 'action.' + chat.action : 'action.typing') : t(chat.blocked ? 'bot.blocked' : 'bot.here'));
    this.doing.classList.toggle('busy', !!chat.action);
    if (chat.action) this.quiet = setTimeout(() => this.status({ ...this.chat, action: '' }), 5000);
  }

  pin(m) {
    this.pinned.hidden = !m;
    if (m) this.pinned.replaceChildren(icon('pinned'), h('span', {}, snippet(m)));
  }

  // opener is a field for a link that was printed elsewhere, such as an
  // invitation: what on a real phone is a tap on it.
  opener() {
    const input = label(h('input', { type: 'text', inputmode: 'url', autocomplete: 'off', spellcheck: 'false', placeholder: 't.me/…?start=…', 'data-testid': 'link-' + this.key }), 'link.label');
    const open = () => {
      const address = input.value.trim();
      if (!address) return;
      input.value = '';
      this.pane.follow(/^[a-z]+:/i.test(address) ? address : 'https://' + address);
    };
    return h('form', { class: 'opener', submit: (e) => { e.preventDefault(); open(); } },
      input, word('link.open', 'button', { type: 'submit', class: 'inline', 'data-testid': 'open-' + this.key }));
  }

  // offer is START in the place of the input.
  offer(chat) {
    const sign = JSON.stringify([chat.started, chat.blocked, chat.deactivated, this.posters(), document.documentElement.lang, this.desk.description(chat.language)]);
    if (sign === this.offered) return;
    this.offered = sign;
    if (chat.deactivated) return this.starter.replaceChildren(word('phone.gone', 'p'));
    const codes = chat.started ? [] : this.codes();
    const chosen = () => this.starter.querySelector('input:checked')?.value ?? (chat.started ? '' : this.firstCode());
    const description = chat.started ? '' : this.desk.description(chat.language);
    this.starter.replaceChildren(...[
      description ? h('p', { class: 'description', lang: spoken(description) }, description) : null,
      codes.length > 1 ? h('fieldset', { class: 'posters' }, word('start.choose', 'legend'), ...codes) : null,
      word(chat.started ? 'start.again' : 'start', 'button', { type: 'button', class: 'start', 'data-testid': 'start-' + this.key, click: () => this.start(chosen()) }),
    ].filter(Boolean));
  }

  codes() {
    const first = this.firstCode();
    const list = this.posters().map((p) => ({ code: p.code, name: own(p.name), drawing: 'qr' }));
    if (first && !list.some((p) => p.code === first)) list.unshift({ code: first, name: t('start.link'), drawing: 'link' });
    list.push({ code: '', name: t('start.bare'), drawing: 'cross' });
    return list.map((p) => h('label', { class: 'poster' },
      h('input', { type: 'radio', name: 'poster-' + this.key, value: p.code, checked: p.code === (first || list[0].code) }),
      icon(p.drawing), h('span', {}, p.name)));
  }

  start(code) { return this.do('start', code ? { payload: code } : {}); }

  // do is one deed of the person; what the simulator refuses is shown.
  async do(action, body) {
    this.desk.attend(this);
    try {
      return await act(this.key, action, body);
    } catch (error) {
      this.refused(error);
    }
  }

  refused(error) {
    if (!(error instanceof Refused)) throw error;
    this.toast(t('refused'), error.message);
  }

  toast(text, detail = '') {
    const node = h('div', { class: 'toast', lang: spoken(text) }, text, detail ? h('small', { lang: 'en' }, detail) : null);
    this.toasts.replaceChildren(node);
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => node.remove(), 4500);
  }

  // warn is the alert of a callback answer: it waits for the person.
  warn(text) {
    const back = document.activeElement;
    const shut = () => {
      this.alert.hidden = true;
      this.alert.replaceChildren();
      if (this.node.contains(back)) back.focus({ preventScroll: true });
    };
    const ok = word('alert.ok', 'button', { type: 'button', class: 'inline primary', click: shut });
    const text2 = h('p', { lang: spoken(text), id: 'alert-text-' + this.key }, text);
    this.alert.replaceChildren(h('div', {
      role: 'alertdialog', 'aria-describedby': text2.id, 'data-testid': 'alert-' + this.key,
      keydown: (e) => { if (e.key === 'Escape') shut(); if (e.key === 'Tab') e.preventDefault(); },
    }, text2, ok));
    this.alert.hidden = false;
    if (this.desk.attended === this || !this.desk.attended) ok.focus({ preventScroll: true });
  }

  // ring tells of a new message: with sound when it is not silent.
  ring(m, pane) {
    if (!m.silent) {
      this.node.classList.remove('ringing');
      void this.node.offsetWidth;
      this.node.classList.add('ringing');
      clearTimeout(this.ringing);
      this.ringing = setTimeout(() => this.node.classList.remove('ringing'), 2400);
    }
    if (this.desk.attended === this && this.pane === pane && pane.stuck) return;
    pane.unread++;
    this.rang ||= !m.silent;
    this.count();
    this.tabs();
  }

  // read is about the chat that is open.
  read() {
    if (!this.pane?.unread) return;
    this.pane.unread = 0;
    this.rang &&= this.unread > 0;
    this.count();
    this.tabs();
  }

  count() { this.desk.crowd.counted(this); }

  async copy() {
    const text = await (await fetch('/sim/transcript?user=' + encodeURIComponent(this.key))).text();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = h('textarea', { class: 'away' });
      document.body.append(area);
      area.value = text;
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    this.toast(t('phone.copied'));
  }
}
