/** Where everything runs in Temporal. Read by app and tests, never by workflows. */
export const temporalConfig = {
  namespace: 'default',
  taskQueues: {
    /** Warnings, requests, digests and what people click: must answer at once. */
    warnings: 'tagwarden-warnings',
    /** Reading sources, scanning shards and writing fixes: may be busy for long. */
    scans: 'tagwarden-scans',
  },
  scheduleIds: {
    fullScan: 'tagwarden-full-scan',
    incrementalScan: 'tagwarden-incremental-scan',
    /** Hourly; sends a digest to each reader for whom it is the policy's weekday and hour. */
    digests: 'tagwarden-digests',
  },
  searchAttributes: {
    severity: { name: 'TagwardenSeverity', type: 'KEYWORD' },
    owner: { name: 'TagwardenOwner', type: 'KEYWORD' },
    state: { name: 'TagwardenState', type: 'KEYWORD' },
  },
} as const;
