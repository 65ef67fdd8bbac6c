// What may go wrong, on purpose: the bot killed, Telegram ill, Redis emptied.
// Every switch shows what is set at the server, and every figure comes from it.

import { get, post, Refused } from './api.js';
import { h, icon, setText } from './dom.js';
import { current, t, word } from './words.js';
import { clock } from './time.js';

const byId = (id) => document.getElementById(id);
const sends = ['sendMessage', 'sendPhoto', 'sendMediaGroup', 'sendVoice', 'sendVideo', 'sendDocument', 'sendLocation', 'copyMessage', 'editMessageText', 'editMessageCaption', 'editMessageReplyMarkup'];

// switches are those of one kind: setting one ends the others.
const switches = [
  { key: 'fault.500', body: { status: 500 }, on: (f) => f?.status === 500 },
  { key: 'fault.429', body: { retry_after: 3 }, on: (f) => f?.retry_after > 0 },
  { key: 'fault.lost', body: { lose_answer: true, times: 3, methods: sends }, on: (f) => f?.lose_answer },
];

const seconds = (ms) => new Intl.NumberFormat(current() === 'en' ? 'en' : 'ru', { maximumFractionDigits: ms < 10000 ? 2 : 0 }).format(ms / 1000);

export class Faults {
  constructor(desk) {
    this.desk = desk;
    this.fault = null;
    this.latency = 0;
    this.bot = null;
  }

  begin() {
    const { info } = this.desk;
    this.refusal = h('p', { class: 'bad', role: 'status', hidden: true });
    this.buttons = new Map();
    const row = (key, press) => {
      const node = h('button', { type: 'button', class: 'switch', role: 'switch', 'aria-checked': 'false', 'data-testid': key.replace('.', '-'), click: press }, h('span', { class: 'knob', 'aria-hidden': 'true' }), word(key));
      this.buttons.set(key, node);
      return node;
    };
    const deed = (key, drawing, run, style = '') => h('button', { type: 'button', class: 'inline ' + style, 'data-testid': key.replace('.', '-'), click: run }, icon(drawing), word(key));
    const set = (path, body, method) => this.attempt(() => post(path, body, method));
    this.life = h('p', { class: 'life', 'data-testid': 'bot-life' });
    this.kills = h('ul', { class: 'figures', 'aria-live': 'polite', 'data-testid': 'kills' });
    this.flushes = h('ul', { class: 'figures', 'aria-live': 'polite', 'data-testid': 'flushes' });
    const parts = [];
    if (info?.kill) {
      parts.push(word('fault.bot', 'h3'), this.life,
        deed('fault.kill', 'skull', () => this.attempt(async () => { this.show(await post(info.kill)); this.watch(); }), 'danger'), this.kills);
    }
    parts.push(word('fault.telegram', 'h3'),
      ...switches.map((one) => row(one.key, () => set('/sim/faults', one.on(this.fault) ? {} : one.body, one.on(this.fault) ? 'DELETE' : 'POST'))),
      row('fault.slow', () => set('/sim/latency', { delay: this.latency ? '0s' : '3s' })),
      deed('fault.twice', 'copy', () => set('/sim/repeat', {})));
    if (info?.flush) {
      parts.push(word('fault.redis', 'h3'),
        deed('fault.flush', 'reset', () => this.attempt(async () => { this.show(await post(info.flush)); this.watch(); })), this.flushes);
    }
    byId('faults').replaceChildren(word('fault.about', 'p', { class: 'none' }), ...parts, this.refusal);
    this.put();
    this.look();
    setInterval(() => { if (!document.hidden) this.look(); }, 5000);
  }

  async attempt(run) {
    this.refusal.hidden = true;
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refusal.hidden = false;
      this.refusal.replaceChildren(t('refused'), ' ', h('small', { lang: 'en' }, error.message));
    }
  }

  // set takes over what is wrong with Telegram now.
  set({ fault, latency_ms: latency }) {
    if (fault !== undefined) this.fault = fault;
    this.latency = latency ?? 0;
    this.put();
  }

  put() {
    if (!this.buttons) return;
    for (const one of switches) this.buttons.get(one.key).setAttribute('aria-checked', String(!!one.on(this.fault)));
    this.buttons.get('fault.slow').setAttribute('aria-checked', String(this.latency > 0));
    const any = !!this.fault || this.latency > 0;
    byId('tab-faults').classList.toggle('on', any);
  }

  // look asks how the bot is.
  async look() {
    const path = this.desk.info?.bot;
    if (path) this.show(await get(path).catch(() => null));
  }

  // watch looks often until everything that waited is done.
  watch() {
    clearInterval(this.watching);
    const until = Date.now() + 60e3;
    this.watching = setInterval(async () => {
      await this.look();
      const over = this.bot && this.bot.kills.every((k) => k.settled_ms) && this.bot.flushes.every((f) => f.whole_ms) && this.bot.works;
      if (over || Date.now() > until) clearInterval(this.watching);
    }, 200);
  }

  show(bot) {
    if (!bot || !this.life) return;
    this.bot = bot;
    setText(this.life, t('bot.life', { pid: bot.pid, seconds: bot.seconds }));
    this.life.classList.toggle('busy', !bot.works);
    this.list(this.kills, bot.kills.map((k) => this.killed(k)));
    this.list(this.flushes, bot.flushes.map((f) => this.flushed(f)));
    this.desk.changed();
  }

  list(node, lines) {
    lines.reverse();
    lines.forEach((line, i) => {
      const item = node.children[i] ?? node.appendChild(h('li'));
      setText(item, line);
    });
    while (node.children.length > lines.length) node.lastChild.remove();
  }

  killed(k) {
    const began = t(k.itself ? 'bot.fell' : 'bot.killed', { at: clock(k.at) });
    const back = k.back_ms ? t('bot.back', { seconds: seconds(k.back_ms) }) : t('bot.starting');
    const rest = k.settled_ms ? t('bot.lost', { lost: k.lost, updates: k.updates, cases: k.cases, waiting: k.waiting }) : '';
    return [began, back, rest].filter(Boolean).join(' ');
  }

  flushed(f) {
    const began = t('redis.flushed', { at: clock(f.at), keys: f.keys });
    return began + ' ' + (f.whole_ms ? t('redis.whole', { seconds: seconds(f.whole_ms) }) : t('redis.filling'));
  }

  speak() { if (this.bot) this.show(this.bot); }
}
