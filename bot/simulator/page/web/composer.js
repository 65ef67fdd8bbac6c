// Where a person writes: text, attachments, commands, the reply keyboard.

import { arrows, h, icon, whole } from './dom.js';
import { label, own, spoken, t, word } from './words.js';
import { snippet } from './message.js';

export class Composer {
  constructor(phone) {
    this.phone = phone;
    const key = phone.key;
    this.about = h('div', { class: 'about', hidden: true });
    this.menu = h('div', { class: 'menu', hidden: true, role: 'group', keydown: (e) => this.inMenu(e) });
    this.keys = h('div', { class: 'keys', hidden: true });
    this.input = label(h('textarea', { rows: '1', 'data-testid': 'input-' + key, maxlength: '4096', enterkeyhint: 'send', autocomplete: 'off' }), 'input.label');
    this.clip = label(h('button', { type: 'button', class: 'round', 'aria-expanded': 'false', 'data-testid': 'attach-' + key, click: () => this.toggle('attach') }, icon('clip')), 'attach.open');
    this.slash = label(h('button', { type: 'button', class: 'round', hidden: true, 'aria-expanded': 'false', 'data-testid': 'commands-' + key, click: () => this.toggle('commands') }, icon('slash')), 'commands.open');
    this.board = label(h('button', { type: 'button', class: 'round', hidden: true, 'aria-expanded': 'true', click: () => this.toggleKeys() }, icon('keys')), 'keys.toggle');
    this.send = label(h('button', { type: 'submit', class: 'round send', 'data-testid': 'send-' + key }, icon('send')), 'input.send');
    this.node = h('form', { class: 'composer', submit: (e) => { e.preventDefault(); this.submit(); } },
      this.menu, this.about, h('div', { class: 'line' }, this.clip, this.input, this.slash, this.board, this.send), this.keys);
    this.input.addEventListener('input', () => this.typed());
    this.input.addEventListener('keydown', (e) => this.key(e));
    this.to = null;
    this.edited = null;
    this.forced = 0; // the message that the bot wants a reply to
    this.open = '';
    this.commands = [];
  }

  // show takes over what the chat offers now.
  // In a group a person only writes here.
  show(chat, group) {
    this.commands = group ? [] : chat.commands ?? [];
    this.slash.hidden = !this.commands.length;
    this.clip.hidden = group;
    this.input.placeholder = (!group && chat.hint) || t('input.placeholder');
    const keyboard = group ? undefined : chat.keyboard;
    const sign = JSON.stringify(keyboard ?? null);
    if (sign !== this.sign) this.lay(keyboard, sign);
    if (group) return;
    const forced = chat.force_reply ?? 0;
    if (forced === this.forced) return;
    const asked = this.phone.pane?.find(forced);
    if (asked) this.answer(asked, this.phone.desk.attended === this.phone);
    else if (this.forced && this.to?.id === this.forced) this.plainly();
    if (asked || !forced) this.forced = forced;
  }

  lay(rows, sign) {
    this.sign = sign;
    this.board.hidden = !rows;
    this.keys.hidden = !rows;
    this.board.setAttribute('aria-expanded', String(!!rows));
    this.keys.replaceChildren(...(rows ?? []).map((row) => h('div', { class: 'row' }, ...row.map((key) => h('button', {
      type: 'button', class: 'inline ' + (key.style ?? ''), 'data-testid': 'key', lang: spoken(key.text),
      click: () => this.phone.do('key', { label: key.text }),
    }, /\p{Extended_Pictographic}/u.test(key.text) ? null : key.contact ? icon('phone') : key.location ? icon('pin') : null, whole(key.text))))));
  }

  toggleKeys() {
    this.keys.hidden = !this.keys.hidden;
    this.board.setAttribute('aria-expanded', String(!this.keys.hidden));
  }

  answer(m, focus = true) {
    this.edited = null;
    this.to = m;
    this.tell('reply', this.phone.pane.nameOf(m.from), snippet(m), focus);
  }

  change(m) {
    this.to = null;
    this.edited = m;
    this.input.value = m.text;
    this.tell('pen', t('message.editing'), snippet(m));
    this.grow();
  }

  plainly() {
    if (this.edited) this.input.value = '';
    this.to = this.edited = null;
    this.about.hidden = true;
    this.grow();
  }

  tell(drawing, title, text, focus = true) {
    this.about.replaceChildren(icon(drawing), h('span', {}, h('b', {}, title), h('span', {}, text)),
      label(h('button', { type: 'button', class: 'round', click: () => this.plainly() }, icon('cross')), 'close'));
    this.about.hidden = false;
    if (focus) this.input.focus();
  }

  typed() {
    this.grow();
    const wanted = /^\/\w*$/.test(this.input.value);
    if (wanted && this.commands.length) this.list('commands');
    else if (this.open === 'commands') this.shut();
  }

  grow() {
    this.input.style.height = 'auto';
    this.input.style.height = Math.min(this.input.scrollHeight, 112) + 'px';
    this.node.classList.toggle('ready', this.input.value.trim() !== '');
  }

  key(event) {
    if (event.key === 'Escape') return this.open ? this.shut() : this.plainly();
    if (this.open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) return arrows(event, this.menu);
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  inMenu(event) {
    if (event.key !== 'Escape') return arrows(event, this.menu);
    const opener = this.open === 'attach' ? this.clip : this.input;
    this.shut();
    opener.focus();
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    const group = this.phone.pane.group || undefined;
    if (this.edited) this.phone.do('edit', { message_id: this.edited.id, text });
    else if (this.to) this.phone.do('reply', { to: this.to.id, text, group });
    else this.phone.do('text', { text, group });
    this.clear();
  }

  clear() {
    this.shut();
    this.edited = null;
    this.input.value = '';
    this.plainly();
  }

  toggle(name) {
    if (this.open === name) return this.shut();
    this.list(name);
    this.menu.querySelector('button')?.focus();
  }

  shut() {
    this.open = '';
    this.menu.hidden = true;
    this.clip.setAttribute('aria-expanded', 'false');
    this.slash.setAttribute('aria-expanded', 'false');
  }

  list(name) {
    this.open = name;
    this.menu.hidden = false;
    this.clip.setAttribute('aria-expanded', String(name === 'attach'));
    this.slash.setAttribute('aria-expanded', String(name === 'commands'));
    const items = name === 'attach' ? this.attachments() : this.offered();
    this.menu.replaceChildren(...items);
    if (!items.length) this.shut();
  }

  offered() {
    const begun = this.input.value.startsWith('/') ? this.input.value.slice(1) : '';
    return this.commands.filter((c) => c.command.startsWith(begun)).map((c) => h('button', {
      type: 'button', class: 'item', 'data-testid': 'command',
      click: () => { this.clear(); this.phone.do('text', { text: '/' + c.command }); },
    }, h('b', {}, '/' + c.command), h('span', { lang: spoken(c.description) }, c.description)));
  }

  // attachments carry what is already typed as their caption.
  attachments() {
    const item = (drawing, key, action, body, captioned) => h('button', {
      type: 'button', class: 'item', 'data-testid': key.replace('.', '-'),
      click: () => {
        const caption = captioned ? this.input.value.trim() : '';
        if (captioned) this.clear(); else this.shut();
        this.phone.do(action, caption ? { ...body, caption } : body);
      },
    }, icon(drawing), word(key));
    const map = h('button', { type: 'button', class: 'item', 'data-testid': 'attach-map', click: () => { this.shut(); this.phone.desk.district.open(this.phone.key); } }, icon('map'), word('attach.map'));
    const posters = this.phone.posters().map((p) => h('button', {
      type: 'button', class: 'item', click: () => { this.shut(); this.phone.start(p.code); },
    }, icon('qr'), h('span', {}, word('attach.poster'), ' · ' + own(p.name))));
    return [
      item('image', 'attach.photo', 'photo', {}, true), item('images', 'attach.album', 'album', { count: 3 }, true),
      item('mic', 'attach.voice', 'voice', { seconds: 7 }), item('video', 'attach.video', 'video', { seconds: 12 }, true),
      item('pin', 'attach.location', 'location', {}), ...(this.phone.desk.district.places.length ? [map] : []), item('phone', 'attach.contact', 'contact', {}), ...posters,
    ];
  }
}
