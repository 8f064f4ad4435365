import { createHmac } from 'node:crypto';
import type { Card } from '../card.ts';
import { markdownOf, type MarkdownStyle } from '../markdown.ts';
import type { Outlet } from '../outlet.ts';
import { cut, harmless, productName } from '../plain-text.ts';
import { createRobotOutlet, type RobotKind, type RobotOptions } from '../robot.ts';

/**
 * DingTalk's group robots: https://open.dingtalk.com/document/orgapp/custom-robot-access (address, signature, message),
 * https://open.dingtalk.com/document/orgapp/custom-bot-send-message-type. Above 20 messages a minute a robot is held back
 * for ten minutes.
 */
export function createDingtalkOutlet(options: RobotOptions): Outlet {
  return createRobotOutlet(dingtalk, options);
}

/** Our own: the platform takes more, a group reads less. */
const textCharsMax = 4_000;
/** Our own: it is what the notification shows. */
const titleCharsMax = 100;

/** What formats or links wherever it stands, what does so where a line begins, and what makes an address a link. */
const formatting = /[\\`*_[\]<>~|]|^[#+-]|(?<=^\d+)[.)]|:(?=\/\/)|(?<=www)\./gi;

const style: MarkdownStyle = {
  escape: (text) => text.replaceAll(formatting, (mark) => `\\${mark}`),
  title: (text) => `### ${text}`,
  note: (text) => `> ${text}`,
  gap: '\n\n',
  fits: (text) => text.length <= textCharsMax,
};

/** A message's JSON. */
export function renderForDingtalk(card: Card) {
  return {
    msgtype: 'markdown',
    markdown: {
      title: cut(harmless(card.summary).trim(), titleCharsMax) || productName,
      text: markdownOf(card, style),
    },
    at: { isAtAll: false },
  };
}

/** The signature proves the instant too, which may be an hour off. */
function sign(url: URL, secret: string | null, nowMs: number): URL {
  if (secret === null) return url;
  const signed = new URL(url);
  const digest = createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64');
  signed.searchParams.set('timestamp', String(nowMs));
  signed.searchParams.set('sign', digest);
  return signed;
}

const dingtalk: RobotKind = {
  name: 'dingtalk',
  platform: 'DingTalk',
  sign,
  render: renderForDingtalk,
  empty: { msgtype: 'markdown', markdown: { title: '', text: '' } },
  rateLimitedMs: 600_000,
  kindByCode: new Map([
    [130101, 'rate-limited'],
    [410100, 'rate-limited'],
    [-1, 'not-sent'],
    // Keyword, signature or address do not fit; no such token.
    [310000, 'auth'],
    [300001, 'auth'],
    [300005, 'auth'],
    [400101, 'auth'],
    // The robot was stopped or removed; the group is gone.
    [400102, 'unreachable'],
    [400013, 'unreachable'],
  ]),
  advice: {
    auth: 'check the address, the secret, and the keywords and addresses that the robot allows.',
    unreachable: 'check that the robot is still in the group and the address is right.',
    invalid: 'the platform refuses this message; trying again is no use.',
  },
};
