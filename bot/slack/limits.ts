import type { RateLimit } from '../channel.ts';

/**
 * What Slack accepts. Lengths are characters, counted as UTF-16 units here, which is never fewer than Slack counts.
 * Slack answers `invalid_blocks` beyond any of these; its SDK checks none of them.
 */

const minuteMs = 60_000;
/**
 * https://docs.slack.dev/apis/web-api/rate-limits: a message a second into one channel and "several hundred" a minute
 * into a workspace, of which 300 is our reading; chat.update is of tier 3, 50 and more a minute.
 */
export const callLimits: readonly RateLimit[] = [
  { calls: 'post', per: 'conversation', count: 1, perMs: 1_000 },
  { calls: 'post', per: 'app', count: 300, perMs: minuteMs },
  { calls: 'update', per: 'app', count: 50, perMs: minuteMs },
];

/** https://docs.slack.dev/reference/block-kit/blocks */
export const messageBlocksMax = 50;
/** https://docs.slack.dev/reference/surfaces/modals */
export const modalBlocksMax = 100;
export const modalTitleCharsMax = 24;
export const modalSubmitCharsMax = 24;
export const modalPrivateMetadataCharsMax = 3000;
/** A view may be 250 KB (https://docs.slack.dev/reference/methods/views.open); this leaves room for its frame. */
export const modalOptionsBytesMax = 150_000;

/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
export const headerCharsMax = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/context-block */
export const contextElementsMax = 10;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export const actionsElementsMax = 25;
/** https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
export const textObjectCharsMax = 3000;
/** A rich text block's own limit is not documented; the section's is used. */
export const richTextCharsMax = 3000;
/** Of a picture, and as long a title: https://docs.slack.dev/reference/block-kit/blocks/image-block */
export const altCharsMax = 2000;
/** Slack looks through what was uploaded before it can be shown; so often it is asked, and after so long each time. */
export const fileLooksMax = 8;
export const fileLookEveryMs = 500;
/** All blocks of one message; `msg_blocks_too_long` beyond about 13,000 (https://docs.slack.dev/reference/methods/chat.postMessage). */
export const messageCharsMax = 11_000;
/** Our own: a message that notifies more is for nobody in particular. */
export const mentionsMax = 20;
/** Our own: who did what stands in one line, and so does what was left out. */
export const outcomeCharsMax = 600;
export const moreCharsMax = 200;
/** The recommended length of the fallback text (https://docs.slack.dev/reference/methods/chat.postMessage#truncating). */
export const fallbackCharsMax = 4000;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const buttonTextCharsMax = 75;
export const urlCharsMax = 3000;
/** https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element */
export const overflowOptionsMax = 5;
/** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
export const optionTextCharsMax = 75;
export const optionDescriptionCharsMax = 75;
export const optionValueCharsMax = 150;
/** https://docs.slack.dev/reference/block-kit/composition-objects/option-group-object */
export const optionGroupsMax = 100;
export const optionsPerGroupMax = 100;
/** https://docs.slack.dev/reference/block-kit/block-elements/radio-button-group-element */
export const radioOptionsMax = 10;
/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
export const selectOptionsMax = 100;
/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
export const placeholderCharsMax = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/input-block */
export const inputLabelCharsMax = 2000;
/** https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element */
export const inputTextCharsMax = 3000;
/** https://docs.slack.dev/reference/block-kit/blocks */
export const blockIdCharsMax = 255;
/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export const confirmTitleCharsMax = 100;
export const confirmTextCharsMax = 300;
export const confirmButtonCharsMax = 30;

/** A trigger id opens a modal for 3 s after the click (https://docs.slack.dev/interactivity/handling-user-interaction). */
export const triggerLifeMs = 3000;
/** Slack shows an error where a request is not answered within 3 s (same page); this leaves time for the way back. */
export const acknowledgeWithinMs = 2500;
/** How far a request's timestamp may be from our clock, either way (https://docs.slack.dev/authentication/verifying-requests-from-slack). */
export const timestampToleranceSeconds = 300;
/** Our own bound; Slack's payloads stay far below it. */
export const bodyBytesMax = 1_000_000;
