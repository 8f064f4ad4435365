import { z } from 'zod';

/** What the scanning process is asked for. */
export const scanAskedSchema = z.object({
  kind: z.enum(['full', 'incremental']),
  /** What time it is to be for the scan; epoch milliseconds. */
  nowMs: z.int(),
});

export type ScanAsked = z.infer<typeof scanAskedSchema>;

/** What the scanning process tells the one that started it. */
export const scanMeasuredSchema = z.object({
  customers: z.int(),
  assignments: z.int(),
  /** Open after the scan. */
  findings: z.int(),
  /** The instant the scan was about, epoch seconds. */
  nowSeconds: z.int(),
  planMs: z.number(),
  shardsMs: z.number(),
  /** After the shards; 0 where what changed is counted beside them. */
  countMs: z.number(),
  reconcileMs: z.number(),
  /** Ending the scan; after a full one that looks the whole dictionary over for suggestions (benchmark `suggest`). */
  suggestMs: z.number(),
  /** Of all threads of the scanning process, without suggestions. */
  cpuMs: z.number(),
  /** Since the process began; with the suggestions that follow a full scan. */
  peakRssMb: z.number(),
  peakRssWithSuggestionsMb: z.number(),
  /** How long the thread that answers clicks was kept from it while shards ran: 99 of 100 times less. */
  loopP99Ms: z.number(),
});

export type ScanMeasured = z.infer<typeof scanMeasuredSchema>;
