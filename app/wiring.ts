import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Channel } from '../bot/channel.ts';
import { createSlackChannel } from '../bot/slack/channel.ts';
import { createDeliveryActivities } from '../activities/delivery.ts';
import { createDigestActivities } from '../activities/digest.ts';
import { createRequestActivities } from '../activities/request.ts';
import type { CommandContext } from '../commands/context.ts';
import { openDatabase, type Database } from '../db/client.ts';
import type { ChannelName } from '../domain/person.ts';
import type { Environment } from './env.ts';
import type { Lifetime } from './lifetime.ts';
import { connectClient } from './temporal-client.ts';

/** An environment in which everything that a production process needs is set. */
export type FullEnvironment = Environment & {
  readonly databaseUrl: string;
  readonly temporal: NonNullable<Environment['temporal']>;
};

/** What everything else is built on; one per process. */
export interface Foundations extends CommandContext {
  readonly environment: FullEnvironment;
  readonly logger: Logger;
  readonly database: Database;
  readonly temporal: Client;
}
