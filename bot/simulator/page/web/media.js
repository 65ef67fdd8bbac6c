// What a message carries beside its text. Photos come from the simulator, the
// rest is drawn by the page.

import { h, icon, number } from './dom.js';
import { label, word } from './words.js';
import { length } from './time.js';

export const file = (m) => '/sim/file/' + encodeURIComponent(m.file_unique_id);

// mediaOf is what identifies the media of a message: it is drawn anew only
// when this changes.
export const mediaOf = (m) => JSON.stringify([m.kind, m.file_unique_id, m.duration, m.location, m.phone, m.file_name]);

export function media(m, district) {
  switch (m.kind) {
    case 'photo': return photo(m);
    case 'sticker': return h('div', { class: 'sticker' }, picture(m, 'kind.sticker'));
    case 'video': case 'animation': return moving(m, 'video');
    case 'video_note': return moving(m, 'video round');
    case 'voice': case 'audio': return voice(m);
    case 'document': return paper(m);
    case 'location': case 'venue': return place(m, district);
    case 'contact': return strip('phone', 'kind.contact', m.phone);
    case 'poll': return strip('poll', 'kind.poll', '');
    default: return null;
  }
}

function picture(m, name) {
  const img = h('img', { src: file(m), decoding: 'async' });
  label(img, name);
  img.alt = img.title;
  return img;
}

function photo(m) {
  const img = picture(m, 'kind.photo');
  const node = h('button', { type: 'button', class: 'photo', click: () => view(file(m)) }, img);
  img.addEventListener('load', () => {
    const ratio = img.naturalWidth / img.naturalHeight;
    if (ratio && Math.abs(ratio - 4 / 3) > 0.01 && !node.closest('.album')) node.style.aspectRatio = String(Math.max(0.75, ratio));
  });
  return node;
}

// view shows a picture large.
function view(address) {
  const dialog = document.getElementById('viewer');
  const img = h('img', { src: address, alt: '' });
  dialog.replaceChildren(h('form', { method: 'dialog' }, label(h('button', { class: 'plain' }, img), 'close')));
  dialog.showModal();
}

function moving(m, kind) {
  const node = h('div', { class: kind, role: 'img' },
    h('span', { class: 'play' }, icon('play')), h('span', { class: 'length' }, length(m.duration)));
  return label(node, 'kind.' + m.kind);
}

// voice draws a wave that is the same for the same file.
function voice(m) {
  let n = number(m.file_unique_id ?? '') || 1;
  const bars = h('span', { class: 'bars', 'aria-hidden': 'true' });
  for (let i = 0; i < 32; i++) {
    n = (Math.imul(n, 1664525) + 1013904223) >>> 0;
    const bar = h('i');
    bar.style.height = 4 + Math.round((n >>> 24) / 255 * 18 * Math.sin((i + 2) / 35 * Math.PI)) + 'px';
    bars.append(bar);
  }
  return h('div', { class: 'voice', 'data-testid': m.kind },
    h('span', { class: 'play' }, icon(m.kind === 'voice' ? 'mic' : 'play')),
    h('span', { class: 'wave' }, bars, h('span', { class: 'small' }, word('kind.' + m.kind), ' · ' + length(m.duration))));
}

const paper = (m) => h('a', { class: 'strip', href: file(m), target: '_blank', rel: 'noopener noreferrer' },
  h('span', { class: 'play' }, icon('file')),
  h('span', { class: 'wave' }, m.file_name ? h('b', {}, m.file_name) : word('kind.document', 'b'), word('file.open', 'span', { class: 'small' })));

const strip = (drawing, key, text) => h('div', { class: 'strip' },
  h('span', { class: 'play' }, icon(drawing)),
  h('span', { class: 'wave' }, word(key, 'b'), h('span', { class: 'small' }, text)));

// place shows the district around the pin; the world outside it is only drawn.
function place(m, district) {
  const { latitude, longitude } = m.location ?? { latitude: 0, longitude: 0 };
  const around = district?.around(latitude, longitude);
  const map = h('div', { class: 'map' }, around, icon('pin'));
  if (!around) map.style.backgroundPosition = `${Math.round(longitude * 1e5) % 480}px ${Math.round(latitude * 1e5) % 320}px`;
  return h('div', { class: 'place' }, map,
    h('span', { class: 'small' }, word('kind.' + m.kind), ` · ${latitude.toFixed(5)}, ${longitude.toFixed(5)}`));
}
