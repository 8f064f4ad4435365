/** What is not kept for ever, and from when its time runs. */
export const retentionKinds = [
  /** Findings that are gone, from the end of their warning. */
  'findings',
  /** Cards, messages to subscribers and what is known of their delivery, from the end of what they show. */
  'cards',
  /** Records of scans, from their end; the newest good one of each kind stays. */
  'scans',
  /** What a fix did to each customer, from when it can no longer be taken back. */
  'fixDetails',
  /** Who put which tag on which customer, from when it was seen. */
  'tagHistory',
  /** Weekly digests, from when they were sent. */
  'digests',
] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** How long each is kept, in milliseconds. */
export type RetentionPolicy = Readonly<Record<RetentionKind, number>>;

const dayMs = 86_400_000;

export const defaultRetention: RetentionPolicy = {
  findings: 400 * dayMs,
  cards: 180 * dayMs,
  scans: 180 * dayMs,
  fixDetails: 730 * dayMs,
  tagHistory: 730 * dayMs,
  digests: 400 * dayMs,
};

/** Shorter, and what people still look for would be gone. */
export const retentionMsMin = 30 * dayMs;
