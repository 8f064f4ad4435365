/** What stretch of time a digest is about; its numbers are held against the stretch before. */
export const digestPeriods = ['day', 'week', 'month'] as const;
export type DigestPeriod = (typeof digestPeriods)[number];
