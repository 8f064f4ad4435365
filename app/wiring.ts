import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { grantException } from '../commands/grant-exception.ts';
import { createDeliveryActivities } from '../activities/delivery.ts';
import { createDigestActivities } from '../activities/digest.ts';
import { createRequestActivities } from '../activities/request.ts';
import type { Card } from '../bot/card.ts';
import { warningCard } from '../bot/cards/warning.ts';
import type { Channel, DeliverySubject } from '../bot/channel.ts';
import { createSlackChannel } from '../bot/slack/channel.ts';
import type { ViewReader } from '../bot/views.ts';
import { openDatabase, type Database } from '../db/client.ts';
import { createViewReader } from '../db/stores/views.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { ChannelName, Person } from '../domain/person.ts';
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
  const views = createViewReader(database, { now, fixPreview: async () => null });
  return { environment, logger, database, temporal, views, publicUrl, now };
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

/** The ways to reach people that are set up; the inbox always is. */
export function createChannels({ environment }: Foundations): ReadonlyMap<ChannelName, Channel> {
  const channels: Channel[] = [];
  const { slack } = environment;
  if (slack !== null) {
    channels.push(createSlackChannel({ token: slack.botToken, apiUrl: slack.apiUrl ?? undefined }));
  }
  return new Map(channels.map((channel) => [channel.name, channel]));
}

/** All activities by name, for the workers. */
export function createActivities(foundations: Foundations): Readonly<Record<string, Activity>> {
  const { database, temporal, now } = foundations;
  return mergeActivities([
    createDeliveryActivities({
      database,
      channels: createChannels(foundations),
      drawCard: (subject, _purpose, reader) => drawCard(foundations, { subject, reader }),
      now,
    }),
    createDigestActivities({ database, now }),
    createRequestActivities({
      database,
      grantException: (exception) => grantException({ database, temporal, now }, exception),
      now,
    }),
  ]);
}

// oxlint-disable-next-line typescript/no-explicit-any -- what the SDK takes: each activity has parameters of its own
type Activity = (...args: any[]) => Promise<unknown>;

/** Activities of one name would hide each other without a word. */
function mergeActivities(
  groups: readonly Readonly<Record<string, Activity>>[],
): Readonly<Record<string, Activity>> {
  const merged = new Map<string, Activity>();
  for (const [name, activity] of groups.flatMap((group) => Object.entries(group))) {
    if (merged.has(name)) throw new Error(`Two activities are named ${name}.`);
    merged.set(name, activity);
  }
  return Object.fromEntries(merged);
}

async function drawCard(
  { views, publicUrl, now }: Foundations,
  { subject, reader }: { readonly subject: DeliverySubject; readonly reader: Person },
): Promise<{ readonly card: Card; readonly version: number } | null> {
  const context = { publicUrl, nowMs: now() };
  switch (subject.kind) {
    case 'warning': {
      const view = await views.warning(subject.id);
      if (view === null) return null;
      return { card: warningCard(view, reader, context), version: view.warning.version };
    }
    case 'request':
    case 'digest':
      return null;
    default:
      return assertNever(subject);
  }
}
