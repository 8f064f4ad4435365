import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { ViewReader } from '../bot/views.ts';
import { createWayOut, type WayOut } from '../bot/way-out.ts';
import { openDatabase, type Database } from '../db/client.ts';
import { previewFix } from '../db/stores/fix-preview.ts';
import { createViewReader } from '../db/stores/views.ts';
import { EnvironmentError, type Environment } from './env.ts';
import type { Lifetime } from './lifetime.ts';
import { connectClient } from './temporal-client.ts';

/** An environment in which everything that a production process needs is set. */
export type FullEnvironment = Environment & {
  readonly databaseUrl: string;
  readonly temporal: NonNullable<Environment['temporal']>;
};

/** What everything else is built on; one per process. Serves as the context of commands. */
export interface Foundations {
  readonly environment: FullEnvironment;
  readonly logger: Logger;
  readonly database: Database;
  readonly temporal: Client;
  readonly views: ViewReader;
  /** How chat platforms, webhooks and mail servers are reached. */
  readonly wayOut: WayOut;
  /** Base address of the console, without a slash at the end. */
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export const portDefault = 8080;

/** Opens the database and Temporal for as long as the process lives. Throws one sentence where one is missing. */
export async function openFoundations(options: {
  readonly environment: Environment;
  readonly logger: Logger;
  readonly lifetime: Lifetime;
}): Promise<Foundations> {
  const { logger, lifetime } = options;
  const environment = requireAll(options.environment);
  const database = openDatabase(environment.databaseUrl);
  lifetime.onEnd(() => database.close());
  await database.sql`select 1`.catch(() => {
    const { host } = new URL(environment.databaseUrl);
    throw new Error(
      `PostgreSQL does not answer at ${host}. Is it running, and is DATABASE_URL right?`,
    );
  });
  const temporal = await connectClient(environment.temporal);
  lifetime.onEnd(() => temporal.connection.close());
  const now = Date.now;
  const publicUrl = environment.publicUrl ?? `http://localhost:${environment.port ?? portDefault}`;
  const views = createViewReader(database, {
    now,
    fixPreview: (warningId, choice, by) => previewFix(database, warningId, choice, by),
  });
  const wayOut = createWayOut(environment.proxies);
  lifetime.onEnd(() => wayOut.close());
  return { environment, logger, database, temporal, views, wayOut, publicUrl, now };
}

function requireAll(environment: Environment): FullEnvironment {
  const { databaseUrl, temporal } = environment;
  const missing = [
    ...(databaseUrl === null
      ? [
          'DATABASE_URL should be a url such as postgres://user:password@host:5432/tagwarden, but is not set.',
        ]
      : []),
    ...(temporal === null
      ? ['TEMPORAL_ADDRESS should be host:port such as localhost:7233, but is not set.']
      : []),
  ];
  if (databaseUrl === null || temporal === null) throw new EnvironmentError(missing.join('\n'));
  return { ...environment, databaseUrl, temporal };
}
