import { searchAttributeNames, taskQueues } from './workflows/messages.ts';

/** Where everything runs in Temporal. Read by app and tests, never by workflows. */
export const temporalConfig = {
  namespace: 'default',
  taskQueues,
  scheduleIds: {
    fullScan: 'tagwarden-full-scan',
    incrementalScan: 'tagwarden-incremental-scan',
    /** Hourly; sends a digest to each reader for whom it is the policy's weekday and hour. */
    digests: 'tagwarden-digests',
    /** Hourly; tells of what has come due since. */
    notices: 'tagwarden-notices',
    /** Nightly, after the full scan. */
    retention: 'tagwarden-retention',
    /** By the policy; asks owners which of their tags are still needed. */
    review: 'tagwarden-review',
  },
  searchAttributes: {
    severity: { name: searchAttributeNames.severity, type: 'KEYWORD' },
    owner: { name: searchAttributeNames.owner, type: 'KEYWORD' },
    state: { name: searchAttributeNames.state, type: 'KEYWORD' },
  },
} as const;
