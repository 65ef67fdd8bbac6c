// Who there is: a row of faces above the phones, a tab for each on a narrow
// screen, and the list in a phone's head that says whose phone it is.

import { arrows, h, icon, number, setText } from './dom.js';
import { label, t } from './words.js';

const byId = (id) => document.getElementById(id);

// initials are the first letters of somebody's two names, or two of the one.
export function initials(name) {
  const [first = '', second] = name.split(' ').filter(Boolean);
  return second ? [...first][0] + [...second][0] : [...first].slice(0, 2).join('');
}

// face is somebody's initials on a colour of their own.
export function face(phone) {
  const node = h('span', { class: 'face', 'aria-hidden': 'true' }, initials(phone.chat.title));
  node.style.setProperty('--hue', String(number(phone.key + '·') % 360));
  return node;
}

export class People {
  constructor(desk) {
    this.desk = desk;
    document.addEventListener('pointerdown', (e) => { if (!this.list?.contains(e.target) && !this.opener?.contains(e.target)) this.shut(); });
  }

  // lay makes the row of faces and the tabs.
  lay(shown) {
    const sign = JSON.stringify([document.documentElement.lang, shown, this.desk.order().map((key) => [key, this.desk.phones.get(key).chat.title])]);
    if (sign === this.sign) return;
    this.sign = sign;
    const phones = this.desk.order().map((key) => this.desk.phones.get(key));
    byId('faces').replaceChildren(...phones.map((phone) => this.oneFace(phone, shown.includes(phone.key))));
    byId('tabs').replaceChildren(...phones.map((phone) => this.tab(phone.key, face(phone), h('span', {}, phone.chat.title.split(' ')[0]), h('span', { class: 'post' }, phone.post()), this.badge(phone))),
      this.tab('desk', h('span', { class: 'face plain' }, icon('panel')), h('span', {}, t('panel'))));
    for (const phone of phones) this.counted(phone);
    this.select(this.desk.tab);
  }

  oneFace(phone, shown) {
    const name = [phone.chat.title, phone.roleWord()].filter(Boolean).join(', ');
    return h('button', {
      type: 'button', class: 'who3', 'data-key': phone.key, 'data-testid': 'face-' + phone.key, 'aria-pressed': String(shown),
      'aria-label': name, title: name, click: () => { this.desk.show(phone.key); phone.node.scrollIntoView({ inline: 'nearest', block: 'nearest' }); },
    }, face(phone), this.badge(phone));
  }

  tab(key, ...inside) {
    return h('button', {
      type: 'button', role: 'tab', 'data-key': key, 'aria-controls': key === 'desk' ? 'panel' : 'phone-' + key,
      'data-testid': 'tab-' + key, click: () => this.desk.select(key), keydown: (e) => this.walk(e),
    }, ...inside);
  }

  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...byId('tabs').children];
    const next = tabs[(tabs.indexOf(event.currentTarget) + step + tabs.length) % tabs.length];
    this.desk.select(next.dataset.key);
    [...byId('tabs').children].find((node) => node.dataset.key === next.dataset.key)?.focus();
  }

  select(key) {
    for (const node of byId('tabs').children) {
      const chosen = node.dataset.key === key;
      if (chosen && node.getAttribute('aria-selected') !== 'true') node.scrollIntoView({ inline: 'center', block: 'nearest' });
      node.setAttribute('aria-selected', String(chosen));
      node.tabIndex = chosen ? 0 : -1;
    }
  }

  badge(phone) { return h('b', { class: 'badge', hidden: true, 'data-badge': phone.key }); }

  // counted shows somebody's unread messages wherever they stand.
  counted(phone) {
    for (const badge of document.querySelectorAll(`[data-badge="${CSS.escape(phone.key)}"]`)) this.mark(badge, phone);
    this.mark(phone.badge, phone);
  }

  mark(badge, phone) {
    badge.hidden = !phone.unread;
    setText(badge, phone.unread || '');
    badge.classList.toggle('quiet', !phone.rang);
    badge.setAttribute('aria-label', t('phone.unread', { n: phone.unread }));
  }

  // open lists everybody under the head of a phone; a choice puts that person's
  // phone in the place of this one.
  open(phone) {
    if (this.list && this.opener === phone.owner) return this.shut();
    this.shut();
    const shown = this.desk.shown();
    const choose = (other) => {
      const at = shown.indexOf(phone.key);
      this.shut();
      this.desk.show(other.key, at);
      other.owner.focus();
    };
    const item = (key) => {
      const other = this.desk.phones.get(key);
      return h('button', {
        type: 'button', class: 'item', 'data-testid': 'choose-' + key, 'aria-current': key === phone.key ? 'true' : null, click: () => choose(other),
      }, face(other), h('span', { class: 'who2' }, h('b', { class: 'name' }, other.chat.title), h('span', { class: 'role' }, other.roleWord())),
      this.badge(other), shown.includes(key) ? icon('check') : null);
    };
    this.opener = phone.owner;
    this.list = label(h('div', { class: 'crowd', role: 'group', keydown: (e) => this.keys(e) }, ...this.desk.order().map(item)), 'people.choose');
    this.list.removeAttribute('title');
    phone.node.append(this.list);
    phone.owner.setAttribute('aria-expanded', 'true');
    for (const key of this.desk.order()) this.counted(this.desk.phones.get(key));
    this.list.querySelector('[aria-current]')?.focus();
  }

  keys(event) {
    if (event.key !== 'Escape') return arrows(event, this.list);
    const back = this.opener;
    this.shut();
    back.focus();
  }

  shut() {
    this.list?.remove();
    this.opener?.setAttribute('aria-expanded', 'false');
    this.list = this.opener = null;
  }
}
