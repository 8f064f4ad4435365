import type { RateLimit } from '../channel.ts';

/**
 * 30 messages a minute over at most three connections at a time is what Exchange Online takes from a mailbox
 * (https://learn.microsoft.com/en-us/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits#sending-limits),
 * the tightest of the common services; Amazon SES and Google Workspace take more.
 */
export const callLimits: readonly RateLimit[] = [
  { calls: 'post', per: 'app', count: 3, perMs: 6_000 },
];

/** Our own: a phone shows about 40 characters of a subject, a desktop about 70; what counts stands first. */
export const subjectCharsMax = 150;
/** Our own, for all text of the body; less where it would not fit into `htmlBytesMax`. */
export const bodyCharsMax = 10_000;
/** Gmail clips a message of 102 KB and hides the rest behind a link. */
export const htmlBytesMax = 102 * 1_024;
/** Our own: so many parts of a card are shown. */
export const blocksMax = 50;
/** Our own: who did what stands in a line or two. */
export const outcomeCharsMax = 600;
export const urlCharsMax = 2_000;

/** Waiting for the server to take the connection, to greet, and to answer each command. */
export const answerWithinMs = 10_000;
/** One message, from connecting to its last answer. Shorter than what a delivery may take. */
export const messageWithinMs = 40_000;
/** A server that takes no more for now does not say for how long. */
export const busyForMs = 60_000;
