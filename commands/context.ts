import type { Client } from '@temporalio/client';
import type { Database } from '../db/client.ts';

/** What commands work with; handed in by app. */
export interface CommandContext {
  readonly database: Database;
  readonly temporal: Client;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
