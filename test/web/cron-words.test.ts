import { expect, test } from 'vitest';
import { cronWords } from '../../web/cron-words.ts';
import { en } from '../../web/texts/en.ts';
import { policyTexts } from '../../web/texts/policy.ts';
import { zhCn } from '../../web/texts/zh-cn.ts';

const inEnglish = (cron: string) =>
  cronWords(cron, policyTexts.en.cron, en.workingHours.weekdayNames);
const inChinese = (cron: string) =>
  cronWords(cron, policyTexts['zh-CN'].cron, zhCn.workingHours.weekdayNames);

test.each([
  ['*/15 * * * *', 'every 15 minutes', '每 15 分钟'],
  ['0 2 * * *', 'every day at 02:00', '每天 02:00'],
  ['30 9 * * 1', 'every Mon at 09:30', '每周一 09:30'],
  ['5 0 * * 0', 'every Sun at 00:05', '每周日 00:05'],
])('%s is said in words', (cron, english, chinese) => {
  expect([inEnglish(cron), inChinese(cron)]).toEqual([english, chinese]);
});

test.each(['0 2 1 * *', '0 2 * 1 *', '*/15 9-18 * * *', '0 */2 * * *', '0 2 * * 1-5'])(
  '%s stays as it is written',
  (cron) => expect(inEnglish(cron)).toBe(cron),
);
