import type { Card } from '../card.ts';
import { markdownOf, type MarkdownStyle } from '../markdown.ts';
import type { Outlet } from '../outlet.ts';
import { createRobotOutlet, type RobotKind, type RobotOptions } from '../robot.ts';

/**
 * WeCom's group robots: https://developer.work.weixin.qq.com/document/path/91770 (message, 20 a minute, 4096 bytes) and
 * https://developer.work.weixin.qq.com/document/path/90313 (codes). The key stands in the address.
 */
export function createWecomOutlet(options: RobotOptions): Outlet {
  return createRobotOutlet(wecom, options);
}

const contentBytesMax = 4_096;
/** Seen by nobody; parts what would format or notify together. The platform documents no escape. */
const parting = '\u200B';

const style: MarkdownStyle = {
  escape: (text) =>
    text
      .replaceAll('<', `<${parting}`)
      .replaceAll('*', `*${parting}`)
      .replaceAll(']', `]${parting}`)
      .replaceAll('`', 'ˋ')
      .replaceAll(/^(?=[#>])/g, parting),
  title: (text) => `### ${text}`,
  note: (text) => `<font color="comment">${text}</font>`,
  gap: '\n',
  fits: (text) => Buffer.byteLength(text, 'utf8') <= contentBytesMax,
};

/** A message's JSON. */
export function renderForWecom(card: Card) {
  return { msgtype: 'markdown', markdown: { content: markdownOf(card, style) } };
}

const wecom: RobotKind = {
  name: 'wecom',
  platform: 'WeCom',
  sign: (url) => url,
  render: renderForWecom,
  empty: { msgtype: 'markdown', markdown: { content: '' } },
  rateLimitedMs: 60_000,
  kindByCode: new Map([
    [45009, 'rate-limited'],
    [45033, 'rate-limited'],
    [-1, 'not-sent'],
    [6000, 'not-sent'],
    // No such robot, or not from this address.
    [93000, 'auth'],
    [60020, 'auth'],
    [93008, 'unreachable'],
  ]),
  advice: {
    auth: 'check the address with its key, and that the robot is still in the group.',
    unreachable: 'check that the robot is still in the group and the address is right.',
    invalid: 'the platform refuses this message; trying again is no use.',
  },
};
