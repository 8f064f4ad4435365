import type { RateLimit } from '../channel.ts';

/**
 * What Feishu accepts. Lengths are characters, counted as UTF-16 units, which is never fewer than Feishu counts.
 * Its SDK checks none of them; Feishu answers 230025 or 230099 beyond them.
 */

const secondMs = 1_000;
const minuteMs = 60_000;
/**
 * https://open.feishu.cn/document/server-docs/im-v1/message/create and …/message-card/patch: 5 a second to one person or
 * group, 5 a second for one card, and for each of the two calls 50 a second and 1,000 a minute.
 */
export const callLimits: readonly RateLimit[] = [
  { calls: 'post', per: 'conversation', count: 5, perMs: secondMs },
  { calls: 'post', per: 'app', count: 50, perMs: secondMs },
  { calls: 'post', per: 'app', count: 1_000, perMs: minuteMs },
  { calls: 'update', per: 'message', count: 5, perMs: secondMs },
  { calls: 'update', per: 'app', count: 50, perMs: secondMs },
  { calls: 'update', per: 'app', count: 1_000, perMs: minuteMs },
];

/** https://open.feishu.cn/document/server-docs/im-v1/message/create: the request of a card, all of it. */
export const messageBytesMax = 30_000;
/** What a request holds besides the card: receiver, type and uuid. */
export const messageFrameBytes = 500;
/** https://open.feishu.cn/document/feishu-cards/card-json-v2-structure: whatever has a `tag` counts. */
export const cardElementsMax = 200;
/** A card is changed by patch for 14 days (https://open.feishu.cn/document/server-docs/im-v1/message-card/patch). */
export const updateWithinMs = 14 * 24 * 3_600_000;
/** https://open.feishu.cn/document/server-docs/im-v1/message/create: at most one message an hour for each uuid. */
export const uuidCharsMax = 50;

/** Four lines are shown (https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/title); our own bound. */
export const titleCharsMax = 150;
export const statusCharsMax = 40;
/** Our own: what a picture shows in words. */
export const altCharsMax = 300;
/** Our own: the line in the list of conversations. */
export const summaryCharsMax = 200;
/** https://open.feishu.cn/document/feishu-cards/card-json-v2-components/interactive-components/button allows 100; what is longer reads badly. */
export const buttonTextCharsMax = 60;
export const confirmTitleCharsMax = 60;
export const confirmTextCharsMax = 200;
/** Our own: a card has three buttons and a menu, part of which may have to stand as buttons. */
export const buttonsMax = 8;
export const menuOptionsMax = 20;
/** Our own: text of a body, tried one after another until the card fits. */
export const bodyCharsSteps = [4_000, 2_000, 1_000, 300, 0] as const;
/** Our own: a message that notifies more is for nobody in particular. */
export const mentionsMax = 20;
/** Our own: who did what stands in one line, and so does what was left out. */
export const outcomeCharsMax = 400;
export const moreCharsMax = 120;
/** Our own: longer addresses stay without a link. */
export const urlCharsMax = 1_000;

/** https://open.feishu.cn/document/feishu-cards/card-json-v2-components/interactive-components/input */
export const inputTextCharsMax = 1_000;
/** Our own: a field's label, an option's text and hint. */
export const labelCharsMax = 100;
export const optionTextCharsMax = 60;
export const optionValueCharsMax = 150;
export const hintCharsMax = 80;
/** Our own: all options of a form together, so that they leave room for the rest. */
export const formOptionsBytesMax = 12_000;
export const formOptionsMax = 100;
/** Our own: what somebody types to find a person or a tag. */
export const searchedCharsMax = 100;
/** Our own: fields of a form. */
export const formFieldsMax = 24;

/** Feishu shows an error (200341) where a callback is not answered within 3 s; this leaves time for the way back. */
export const acknowledgeWithinMs = 2_500;
/** A toast stands for about three seconds: what is longer than this many columns (Chinese characters take two) is sent as a message. */
export const toastColumnsMax = 60;
/** How far a request's timestamp may be from our clock, either way. */
export const timestampToleranceSeconds = 300;
/** Our own bound; Feishu's payloads stay far below it. */
export const bodyBytesMax = 1_000_000;
