/** What stretch of time a digest is about; its numbers are held against the stretch before. */
export const digestPeriods = ['day', 'week', 'month'] as const;
export type DigestPeriod = (typeof digestPeriods)[number];

/** What a point of a digest's charts stands for. */
export type DigestStep = 'day' | 'week';

/** full: all of it. words: no pictures. brief: the numbers alone. */
export const digestContents = ['full', 'words', 'brief'] as const;
export type DigestContent = (typeof digestContents)[number];

/** How often somebody has a digest; null: as the policy has it for their roles. */
export type DigestChoice = DigestPeriod | 'never' | null;

/** Where everybody's numbers are reported to. */
export interface DigestReport {
  /** Of the policy's groups. */
  readonly groupCode: string;
  readonly every: readonly DigestPeriod[];
}
