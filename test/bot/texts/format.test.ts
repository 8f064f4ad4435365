import { describe, expect, it } from 'vitest';
import { createFormat } from '../../../bot/texts/format.ts';
import { sampleNowMs } from '../../support/views.ts';

const shanghai = createFormat({ locale: 'zh-CN', timeZone: 'Asia/Shanghai' }, sampleNowMs);
const london = createFormat({ locale: 'en', timeZone: 'Europe/London' }, sampleNowMs);
const hourMs = 3_600_000;
const minuteMs = 60_000;

describe('instants', () => {
  it.each([
    [Date.UTC(2026, 10, 22, 3), '今天 11:00（11-22）', 'today 03:00 (Nov 22)'],
    [Date.UTC(2026, 10, 22, 16), '明天 00:00（11-23）', 'today 16:00 (Nov 22)'],
    [Date.UTC(2026, 10, 21, 15, 59), '昨天 23:59（11-21）', 'yesterday 15:59 (Nov 21)'],
    [Date.UTC(2026, 10, 24, 1), '2026-11-24 09:00', '2026-11-24 01:00'],
    [Date.UTC(2027, 0, 1), '2027-01-01 08:00', '2027-01-01 00:00'],
  ])('writes %d where the reader lives', (atMs, zh, en) => {
    expect(shanghai.dateTime(atMs)).toBe(zh);
    expect(london.dateTime(atMs)).toBe(en);
  });

  it('knows tomorrow on the day the clocks change', () => {
    const beforeChangeMs = Date.UTC(2026, 9, 24, 23, 30);
    const format = createFormat({ locale: 'en', timeZone: 'Europe/London' }, beforeChangeMs);
    expect(format.dateTime(Date.UTC(2026, 9, 26, 0, 30))).toBe('tomorrow 00:30 (Oct 26)');
  });

  it('writes days as dates of the reader', () => {
    expect(shanghai.date(Date.UTC(2026, 10, 22, 16))).toBe('2026-11-23');
    expect(london.date(Date.UTC(2026, 10, 22, 16))).toBe('2026-11-22');
  });
});

it.each([
  [0, '1 分钟', '1 minute'],
  [45 * minuteMs, '45 分钟', '45 minutes'],
  [hourMs, '1 小时', '1 hour'],
  [5.5 * hourMs, '5 小时 30 分钟', '5 hours 30 minutes'],
  [27 * hourMs + 10 * minuteMs, '1 天 3 小时', '1 day 3 hours'],
  [24 * hourMs + 10 * minuteMs, '1 天 10 分钟', '1 day 10 minutes'],
  [60 * minuteMs - 1, '1 小时', '1 hour'],
])('writes a duration of %d ms', (durationMs, zh, en) => {
  expect(shanghai.duration(durationMs)).toBe(zh);
  expect(london.duration(durationMs)).toBe(en);
});

it('writes numbers and parts of a whole', () => {
  expect(shanghai.number(1_234_567)).toBe('1,234,567');
  expect(london.percent(31, 37)).toBe('84%');
  expect(shanghai.percent(1, 0)).toBe('0%');
});
