import { expect, test } from 'vitest';
import { callLimits as feishuLimits } from '../../bot/feishu/limits.ts';
import { callLimits as slackLimits } from '../../bot/slack/limits.ts';
import type { RateLimit } from '../../bot/channel.ts';
import { createRateWindows } from '../../delivery/rate-windows.ts';

const post = (conversation: string) => ({ calls: 'post', conversation, message: null }) as const;
const update = (message: string) => ({ calls: 'update', conversation: 'c', message }) as const;

test('a second call into a conversation waits for the rest of the second; other conversations do not', () => {
  const windows = createRateWindows(slackLimits);
  windows.note(post('a'), 'begin', 0);
  windows.note(post('a'), 'end', 40);
  expect(windows.waitMs(post('a'), 100)).toBe(1_040);
  expect(windows.waitMs(post('b'), 100)).toBe(0);
  expect(windows.waitMs(update('1'), 100)).toBe(0);
  expect(windows.waitMs(post('a'), 1_140)).toBe(0);
});

test('five a second for one card, and the sixth waits for the first to be a second old', () => {
  const windows = createRateWindows(feishuLimits);
  for (let count = 0; count < 5; count += 1) windows.note(update('1'), 'end', count * 10);
  expect(windows.waitMs(update('1'), 50)).toBe(1_050);
  expect(windows.waitMs(update('2'), 50)).toBe(0);
});

test('what turned out to need no call takes none of the limit', () => {
  const windows = createRateWindows([{ calls: 'update', per: 'app', count: 2, perMs: 1_000 }]);
  windows.note(update('1'), 'begin', 0);
  windows.note(update('2'), 'begin', 10);
  expect(windows.waitMs(update('3'), 20)).toBe(1_080);
  windows.takeBack(update('1'), 0);
  expect(windows.waitMs(update('3'), 20)).toBe(0);
  windows.takeBack(update('1'), 0);
  windows.note(update('3'), 'begin', 20);
  expect(windows.waitMs(update('1'), 30)).toBe(1_080);
});

test('a pause holds up the conversation or all calls of its kind, the longer one first', () => {
  const windows = createRateWindows(slackLimits);
  windows.pause(post('a'), 'conversation', 5_000);
  expect([windows.waitMs(post('a'), 0), windows.waitMs(post('b'), 0)]).toEqual([5_000, 0]);
  windows.pause(post('a'), 'app', 7_000);
  windows.pause(post('a'), 'app', 3_000);
  expect([windows.waitMs(post('b'), 0), windows.waitMs(update('1'), 0)]).toEqual([7_000, 0]);
});

test.each([
  ['Slack', slackLimits, 300 / 60],
  ['Feishu', feishuLimits, 1_000 / 60],
] as const)(
  '%s: no stretch of time holds more calls than allowed, and none is wasted',
  (_, limits, perSecond) => {
    const windows = createRateWindows(limits);
    const sent: { atMs: number; conversation: string }[] = [];
    let nowMs = 0;
    for (let count = 0; count < 3_000; count += 1) {
      const call = post(`c${count % 400}`);
      for (let waitMs = windows.waitMs(call, nowMs); waitMs > 0; ) {
        nowMs += waitMs;
        waitMs = windows.waitMs(call, nowMs);
      }
      windows.note(call, 'begin', nowMs);
      windows.note(call, 'end', nowMs);
      sent.push({ atMs: nowMs, conversation: call.conversation });
    }
    for (const limit of limits.filter(({ calls }) => calls === 'post')) {
      expect(busiest(sent, limit)).toBeLessThanOrEqual(limit.count);
    }
    const minuteMs = 60_000;
    const windowsOfAMinute = Math.ceil(sent.length / (perSecond * 60));
    expect(nowMs).toBeLessThan(windowsOfAMinute * minuteMs * 1.01);
  },
);

/** The most calls that any stretch of the limit's length holds. */
function busiest(
  sent: readonly { readonly atMs: number; readonly conversation: string }[],
  limit: RateLimit,
): number {
  const groups = new Map<string, number[]>();
  for (const { atMs, conversation } of sent) {
    const key = limit.per === 'app' ? '' : conversation;
    groups.set(key, [...(groups.get(key) ?? []), atMs]);
  }
  let most = 0;
  for (const instants of groups.values()) {
    let first = 0;
    instants.forEach((atMs, index) => {
      while (atMs - (instants[first] ?? 0) >= limit.perMs) first += 1;
      most = Math.max(most, index - first + 1);
    });
  }
  return most;
}
