// The map of the invented district: drawn from its outlines; a click on it
// sends a pin from somebody's phone.

import { act, get, Refused } from './api.js';
import { h, number, setText } from './dom.js';
import { initials } from './people.js';
import { current, label, own, t, word } from './words.js';

const svg = 'http://www.w3.org/2000/svg';
const byId = (id) => document.getElementById(id);
const scale = 20000; // units of the drawing for a degree of latitude
const keptPins = 8;

function s(tag, attributes = {}, ...children) {
  const node = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export class District {
  constructor(desk) {
    this.desk = desk;
    this.places = [];
    this.pins = [];
    this.who = '';
    this.cross = null; // where the arrow keys have moved to
  }

  // load draws nothing where the server has no map.
  async load() {
    const path = this.desk.info?.map;
    const list = path ? await get(path).catch(() => null) : null;
    byId('tab-map').hidden = !list?.length;
    if (!list?.length) return;
    this.squeeze = Math.cos(list[0].rings[0][0][1] * Math.PI / 180);
    this.places = list.map((place) => this.measured(place));
    this.districts = this.places.filter((place) => place.kind === 'district');
    this.view = this.districts[0] ?? this.places[0];
    this.build();
  }

  x(lon) { return lon * this.squeeze * scale; }
  y(lat) { return -lat * scale; }

  // measured adds the drawing and the box of a place.
  measured(place) {
    const points = place.rings[0].map(([lon, lat]) => [this.x(lon), this.y(lat)]);
    const xs = points.map((p) => p[0]);
    const ys = points.map((p) => p[1]);
    const path = place.rings.map((ring) => 'M' + ring.map(([lon, lat]) => `${this.x(lon).toFixed(1)} ${this.y(lat).toFixed(1)}`).join('L') + 'Z').join('');
    return { ...place, path, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  }

  build() {
    this.shapes = s('g', { class: 'shapes' });
    this.marks = s('g', { class: 'marks' });
    this.drawing = s('svg', {
      class: 'chart', tabindex: '0', role: 'application', preserveAspectRatio: 'xMidYMid meet', 'data-testid': 'chart',
    }, this.shapes, this.marks);
    this.drawing.addEventListener('click', (e) => this.clicked(e));
    this.drawing.addEventListener('keydown', (e) => this.keys(e));
    this.drawing.addEventListener('blur', () => { this.cross = null; this.mark(); });
    this.sender = h('select', { id: 'pin-from', 'data-testid': 'pin-from', change: () => { this.who = this.sender.value; this.chosen = true; } });
    this.choice = h('div', { class: 'choice', role: 'group' });
    this.told = h('p', { class: 'none', role: 'status', 'data-testid': 'pin-said' });
    byId('map').replaceChildren(
      h('div', { class: 'from' }, word('map.from', 'label', { for: 'pin-from' }), this.sender), this.choice, this.drawing, this.told);
    for (const place of [...this.places].sort((a, b) => (b.kind === 'district') - (a.kind === 'district'))) {
      const shape = s('path', { d: place.path, class: place.kind, 'data-code': place.code, style: null }, s('title'));
      if (place.kind !== 'district') shape.style.setProperty('--hue', String(60 + number(place.code) % 110));
      this.shapes.append(shape);
    }
    this.shapes.append(this.river(), ...this.districts.map((place) => s('path', { d: place.path, class: 'border' })));
    for (const place of this.places) {
      if (place.kind === 'district') continue;
      this.shapes.append(s('text', { x: (place.left + place.right) / 2, y: (place.top + place.bottom) / 2, 'data-code': place.code }));
    }
    this.speak();
  }

  // river winds through the whole land: it is there to look like a map.
  river() {
    const left = Math.min(...this.places.map((p) => p.left));
    const right = Math.max(...this.places.map((p) => p.right));
    const top = Math.min(...this.places.map((p) => p.top));
    const tall = Math.max(...this.places.map((p) => p.bottom)) - top;
    const points = Array.from({ length: 61 }, (_, i) => {
      const part = i / 60;
      const high = 0.62 - 0.34 * part + 0.07 * Math.sin(part * 15) + 0.03 * Math.sin(part * 37);
      return `${(left + (right - left) * part).toFixed(0)} ${(top + tall * high).toFixed(0)}`;
    });
    return s('path', { class: 'river', d: 'M' + points.join('L') });
  }

  speak() {
    if (!this.drawing) return;
    for (const place of this.places) {
      const name = own(place.name) || place.code;
      for (const node of this.shapes.querySelectorAll(`[data-code="${CSS.escape(place.code)}"]`)) {
        setText(node.tagName === 'text' ? node : node.firstChild, name);
      }
    }
    label(this.drawing, 'map.label');
    this.drawing.removeAttribute('title');
    label(this.choice, 'map.district');
    this.choice.removeAttribute('title');
    this.choice.replaceChildren(...this.districts.map((place) => h('button', {
      type: 'button', class: 'inline', 'aria-pressed': String(place === this.view), 'data-testid': 'district-' + place.code,
      click: () => { this.view = place; this.speak(); this.frame(); },
    }, own(place.name))));
    this.choice.hidden = this.districts.length < 2;
    this.tell(t('map.about'));
    this.from(this.who);
    this.frame();
  }

  frame() {
    const { left, right, top, bottom } = this.view;
    const edge = (right - left) * 0.03;
    this.drawing.setAttribute('viewBox', [left - edge, top - edge, right - left + 2 * edge, bottom - top + 2 * edge].map((n) => n.toFixed(1)).join(' '));
    this.drawing.style.aspectRatio = `${right - left} / ${bottom - top}`;
    this.sizes(this.shapes, right - left);
    this.mark();
  }

  // sizes makes every name fit its place in a drawing of a width.
  sizes(shapes, width) {
    for (const text of shapes.querySelectorAll('text')) {
      text.setAttribute('font-size', Math.min(width / 26, width * 0.42 / Math.max(9, text.textContent.length)).toFixed(1));
    }
  }

  // from names whose phone sends the pin: whoever is attended, until somebody
  // else is chosen here.
  from(key) {
    if (!this.drawing) return;
    if (!this.chosen && key) this.who = key;
    const keys = this.desk.order();
    if (!keys.includes(this.who)) this.who = keys[0] ?? '';
    this.sender.replaceChildren(...keys.map((one) => h('option', { value: one, selected: one === this.who }, this.desk.people.get(one).title)));
    this.sender.value = this.who;
  }

  // open shows the map for somebody who wants to send a pin.
  open(key) {
    this.chosen = false;
    this.from(key);
    document.body.classList.remove('bare');
    if (this.desk.isNarrow()) this.desk.select('desk');
    this.desk.panel.sheet('map');
    this.drawing.focus({ preventScroll: true });
    this.drawing.scrollIntoView({ block: 'nearest' });
  }

  clicked(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.drawing.getScreenCTM().inverse());
    this.send(at.x, at.y);
  }

  keys(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const { left, right, top, bottom } = this.view;
    if (step) {
      this.cross ??= [(left + right) / 2, (top + bottom) / 2];
      this.cross = [this.cross[0] + step[0] * (right - left) / 24, this.cross[1] + step[1] * (bottom - top) / 16];
      this.mark();
      this.tell(own(this.under(...this.cross)?.name));
    } else if (event.key === 'Enter' && this.cross) this.send(...this.cross);
    else return;
    event.preventDefault();
  }

  // under is the smallest place below a point of the drawing.
  under(x, y) {
    const point = new DOMPoint(x, y);
    const found = [...this.shapes.querySelectorAll('path[data-code]')].filter((shape) => shape.isPointInFill(point)).map((shape) => shape.dataset.code);
    return this.places.find((place) => place.code === found.at(-1));
  }

  async send(x, y) {
    const lon = x / scale / this.squeeze;
    const lat = -y / scale;
    const phone = this.desk.phones.get(this.who);
    if (!phone) return;
    try {
      await act(this.who, 'location', { lat: Number(lat.toFixed(6)), lon: Number(lon.toFixed(6)) });
      this.tell(t('map.sent', { name: phone.chat.title, place: own(this.under(x, y)?.name) || '—' }));
      if (this.desk.isNarrow()) this.desk.select(this.who);
      else this.desk.show(this.who);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.tell(t('map.refused', { name: phone.chat.title }));
    }
  }

  tell(text) { setText(this.told, text); }

  // pinned marks a place that somebody has sent.
  pinned(message) {
    if (!this.drawing || !message.location || message.from_bot) return;
    if (this.pins.some((pin) => pin.id === message.id && pin.lat === message.location.latitude && pin.lon === message.location.longitude)) return;
    this.pins = [...this.pins.filter((pin) => pin.id !== message.id), { id: message.id, from: message.from, lat: message.location.latitude, lon: message.location.longitude }].slice(-keptPins);
    this.mark();
  }

  mark() {
    const size = (this.view.right - this.view.left) / 26;
    const pin = ({ lat, lon, from }) => s('g', { class: 'pin', transform: `translate(${this.x(lon)} ${this.y(lat)}) scale(${size / 20})` },
      s('path', { d: 'M0 0c-7-9-10-13-10-18a10 10 0 0 1 20 0c0 5-3 9-10 18z' }), s('text', { y: '-14' }, initials(this.desk.people.get(from)?.title ?? '?')));
    const cross = this.cross ? [s('path', { class: 'cross', d: `M${this.cross[0] - size} ${this.cross[1]}h${2 * size}M${this.cross[0]} ${this.cross[1] - size}v${2 * size}` })] : [];
    this.marks.replaceChildren(...this.pins.map(pin), ...cross);
  }

  // around draws the district about a point, for a message; nothing for a point
  // that lies far from it.
  around(lat, lon) {
    if (!this.places.length) return null;
    const [x, y] = [this.x(lon), this.y(lat)];
    const near = this.places.some((p) => x > p.left && x < p.right && y > p.top && y < p.bottom);
    if (!near) return null;
    const half = (this.view.right - this.view.left) / 5;
    const copy = this.shapes.cloneNode(true);
    this.sizes(copy, half * 4);
    return s('svg', { class: 'chart', 'aria-hidden': 'true', lang: current(), viewBox: `${x - half} ${y - half * 0.68} ${2 * half} ${1.25 * half}`, preserveAspectRatio: 'xMidYMid slice' }, copy);
  }
}
