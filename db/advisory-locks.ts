/** Every advisory lock of PostgreSQL that Tagwarden takes, so that no two share a number. */
export const advisoryLocks = {
  /** Audit rows are chained under it, so that two writers cannot follow the same row. */
  auditChain: 8_140_001,
  /** Findings change set-wise under it, so that two scans cannot interleave. */
  findings: 8_140_002,
  /** The mirror is changed under it, so that two writers cannot meet in different order. */
  mirror: 8_140_003,
  /** The counts of tags and pairs are replaced under it. */
  population: 8_140_004,
  /** Approved requests begin to be applied under it, so that of two that contradict one is first. */
  applications: 8_140_005,
  /** Held by whoever works through the queues of cards. */
  dispatcher: 8_150_001,
} as const;
