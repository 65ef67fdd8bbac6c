// Time as people in Tashkent see it: five hours ahead, no summer time.

import { t } from './words.js';

const shift = 5 * 3600e3;

const local = (at) => new Date(new Date(at).getTime() + shift);
const two = (n) => String(n).padStart(2, '0');

export const clock = (at) => `${two(local(at).getUTCHours())}:${two(local(at).getUTCMinutes())}`;
export const seconds = (at) => `${clock(at)}:${two(local(at).getUTCSeconds())}`;
export const dayKey = (at) => local(at).toISOString().slice(0, 10);

export function day(at) {
  const d = local(at);
  return t('date.day', {
    day: d.getUTCDate(),
    month: t('date.months').split(',')[d.getUTCMonth()],
    weekday: t('date.weekdays').split(',')[d.getUTCDay()],
  });
}

// length of a voice or video message.
export const length = (s) => `${Math.floor((s ?? 0) / 60)}:${two((s ?? 0) % 60)}`;

// nextMorning is 09:05 of the next day.
export function nextMorning(now) {
  const d = local(now);
  return new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate() + 1, 9, 5) - shift).toISOString();
}
