import { SpanKind } from '@opentelemetry/api';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { attachedBackTest, runBackTest } from '../commands/back-test-rule.ts';
import { grantException } from '../commands/grant-exception.ts';
import { proposeRuleChanges } from '../commands/propose-rule-changes.ts';
import { createTurnAway } from '../commands/turned-away.ts';
import { createDeliveryActivities } from '../activities/delivery.ts';
import { createDigestActivities } from '../activities/digest.ts';
import { createRequestActivities } from '../activities/request.ts';
import { availableParallelism } from 'node:os';
import { createScanActivities, type WarningStarter } from '../activities/scan.ts';
import { openScanThreads } from '../activities/scan-threads.ts';
import { createExceptionActivities } from '../activities/exceptions.ts';
import { createRetentionActivities } from '../activities/retention.ts';
import { createSyncActivities } from '../activities/sync.ts';
import { createCandidateActivities } from '../activities/candidates.ts';
import { createEmbedder } from '../activities/embedder.ts';
import { createLanguageModel } from '../activities/language-model.ts';
import { createReviewActivities } from '../activities/review.ts';
import { createTagImportActivities } from '../activities/tag-import.ts';
import { placeRetirements } from '../commands/place-retirements.ts';
import { createLearningActivities } from '../activities/learning.ts';
import { createDeadlineActivities } from '../activities/deadlines.ts';
import { createAutomaticFixActivities } from '../activities/automatic-fix.ts';
import { createFixActivities } from '../activities/fix.ts';
import { createAssessmentActivities } from '../activities/assessment.ts';
import { createWarningActivities } from '../activities/warning.ts';
import { createDrawCard } from '../bot/cards/draw.ts';
import { logLine } from '../bot/cards/log-line.ts';
import type { Channel } from '../bot/channel.ts';
import { createInteract } from '../bot/interact.ts';
import { createSuggest } from '../bot/suggest.ts';
import type { InboundDependencies } from '../bot/interaction.ts';
import { createInboxChannel } from '../bot/inbox/channel.ts';
import { createEmailChannel } from '../bot/email/channel.ts';
import { createFeishuChannel } from '../bot/feishu/channel.ts';
import { createFirstContact } from './first-contact.ts';
import { createFeishuInbound } from '../bot/feishu/inbound.ts';
import { createSlackChannel } from '../bot/slack/channel.ts';
import { createSlackInbound } from '../bot/slack/inbound.ts';
import type { ViewReader } from '../bot/views.ts';
import { createWayOut, type WayOut } from '../bot/way-out.ts';
import { createDispatcher } from '../delivery/dispatcher.ts';
import { openDatabase, type Database } from '../db/client.ts';
import { previewFix } from '../db/stores/fix-preview.ts';
import { createEventStore } from '../db/stores/inbound-events.ts';
import { findPersonByAccount } from '../db/stores/people.ts';
import { createInboxStore } from '../db/stores/inbox.ts';
import { createViewReader } from '../db/stores/views.ts';
import type { ChannelName } from '../domain/person.ts';
import packageJson from '../package.json' with { type: 'json' };
import { createWeb } from '../web/app.tsx';
import { createOpenId, type OpenId } from '../web/open-id.ts';
import { EnvironmentError, type Environment } from './env.ts';
import type { Lifetime } from './lifetime.ts';
import { openConnectors } from './connectors.ts';
import { createMailLinker } from './mail-links.ts';
import { createSubscribers } from './subscribers.ts';
import { connectClient } from './temporal-client.ts';
import { inSpan, traceOf } from './tracing.ts';
import { temporalConfig } from '../temporal.config.ts';
import {
  findingsChangedSignal,
  warningWorkflowId,
  type WarningInput,
} from '../workflows/messages.ts';

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

/** The ways to reach people that are set up; the inbox always is. */
function createChannels(foundations: Foundations): ReadonlyMap<ChannelName, Channel> {
  const { database, now } = foundations;
  const channels: Channel[] = [createInboxChannel(createInboxStore(database, { now }))];
  const { wayOut } = foundations;
  const { slack, feishu, email } = foundations.environment;
  if (slack !== null) {
    const { botToken: token, apiUrl } = slack;
    channels.push(createSlackChannel({ token, apiUrl: apiUrl ?? undefined, wayOut }));
  }
  if (feishu !== null) channels.push(createFeishuChannel({ ...feishu, wayOut }));
  if (email !== null)
    channels.push(
      createEmailChannel({ ...email, wayOut, createLinks: createMailLinker(foundations) }),
    );
  return new Map(channels.map((channel) => [channel.name, channel]));
}

/** The console and its JSON API. */
export function createConsole(
  foundations: Foundations,
  embedded: boolean,
): { fetch(request: Request): Response | Promise<Response> } {
  return createWeb({
    ...foundations,
    context: foundations,
    interact: createInteract({ ...foundations, context: foundations }),
    embedded,
    openId: createSignIn(foundations),
    limits: foundations.environment.limits,
    version: packageJson.version,
  });
}

function createSignIn(foundations: Foundations): OpenId | null {
  const { wayOut, environment } = foundations;
  if (environment.openId === null) return null;
  return createOpenId(environment.openId, {
    ...foundations,
    fetch: (url, init) => wayOut.fetch(url, init as Parameters<WayOut['fetch']>[1]),
  });
}

/** The doors of the chat platforms that are set up, by path; opens long connections where those are wanted. */
export async function createDoors(
  foundations: Foundations,
  lifetime: Lifetime,
): Promise<ReadonlyMap<string, (request: Request) => Promise<Response>>> {
  const { environment, logger } = foundations;
  const inbound = createInboundDependencies(foundations);
  const doors = new Map<string, (request: Request) => Promise<Response>>();
  const { slack, feishu } = environment;
  const { wayOut } = foundations;
  if (slack !== null) {
    const door = createSlackInbound(inbound, {
      token: slack.botToken,
      wayOut,
      apiUrl: slack.apiUrl ?? undefined,
      signingSecret: slack.signingSecret,
      appToken: slack.appToken ?? undefined,
      onError: (error, reference) => logger.error({ error, reference }, 'A Slack event failed.'),
    });
    doors.set('/slack/events', (request) => door.handle(request));
    await door.start();
    lifetime.onEnd(() => door.stop());
  }
  if (feishu !== null) {
    const door = createFeishuInbound(inbound, {
      ...feishu,
      wayOut,
      onError: (error, reference) => logger.error({ error, reference }, 'A Feishu event failed.'),
    });
    doors.set('/feishu/events', (request) => door.handleEvents(request));
    doors.set('/feishu/cards', (request) => door.handleCards(request));
    await door.start();
    lifetime.onEnd(() => door.stop());
  }
  return doors;
}

function createInboundDependencies(foundations: Foundations): InboundDependencies {
  const { database, now } = foundations;
  const turnAway = createTurnAway({ database, now });
  return {
    interact: createInteract({ ...foundations, context: foundations }),
    suggest: createSuggest(foundations.views),
    meet: createFirstContact({
      database,
      now,
      onError: (error) =>
        foundations.logger.warn({ error }, 'It could not be seen who somebody unknown may be'),
    }),
    findPerson: (channel, platformUserId) =>
      findPersonByAccount(database.query, channel, platformUserId),
    events: createEventStore(database.query),
    refuseAtDoor: (channel, reason) => turnAway({ through: channel, reason }),
    now,
  };
}

/** With more, the database is what a scan waits for. */
const scanThreadsDefaultMax = 4;

/** All activities by name, for the workers. */
export async function createActivities(
  foundations: Foundations,
  lifetime: Lifetime,
): Promise<Readonly<Record<string, Activity>>> {
  const { database, environment, temporal, now } = foundations;
  const connectors = await openConnectors({ ...foundations, lifetime });
  const sync = createSyncActivities({ database, connectors, now });
  const threads = openScanThreads({
    databaseUrl: environment.databaseUrl,
    threads: environment.scanThreads ?? Math.min(availableParallelism(), scanThreadsDefaultMax),
  });
  lifetime.onEnd(() => threads.close());
  return mergeActivities([
    sync,
    createScanActivities({
      database,
      refreshCustomers: sync.refreshCustomers,
      warningStarter: createWarningStarter(foundations),
      now,
      runner: threads,
    }),
    createCandidateActivities({
      database,
      languageModel:
        environment.llm === null ? null : createLanguageModel(environment.llm, foundations.wayOut),
      embedder:
        environment.embedding === null
          ? null
          : createEmbedder(environment.embedding, foundations.wayOut),
      runner: threads,
      now,
    }),
    createTagImportActivities({ database, runner: threads, now }),
    createReviewActivities({
      database,
      placeRetirements: (reviewId) => placeRetirements({ database, temporal, now }, reviewId),
      now,
    }),
    createLearningActivities({
      proposeRuleChanges: () => proposeRuleChanges({ database, temporal, now }),
    }),
    createWarningActivities({ database, now }),
    createAssessmentActivities({ database, now }),
    createDeadlineActivities({ database, now }),
    createFixActivities({ database, connectors, now }),
    createAutomaticFixActivities({ database, now }),
    createDeliveryActivities({
      database,
      channels: createChannels(foundations),
      drawCard: createDrawCard(foundations),
      now,
    }),
    createDigestActivities({ database, now }),
    createRetentionActivities({ database, now }),
    createExceptionActivities({ database, now }),
    createRequestActivities({
      database,
      grantException: (exception) => grantException({ database, temporal, now }, exception),
      backTest: async (order) => {
        const tested = await runBackTest({ database, now }, order);
        return tested.kind === 'refused' ? null : attachedBackTest(tested.backTest, now());
      },
      now,
    }),
  ]);
}

/** Works through the queues of the chat platforms until `signal`. */
export async function runDispatcher(foundations: Foundations, signal: AbortSignal): Promise<void> {
  const { database, logger, now } = foundations;
  const dispatcher = createDispatcher({
    database,
    channels: createChannels(foundations),
    drawCard: createDrawCard(foundations),
    drawLogLine: logLine,
    subscribers: createSubscribers(foundations),
    around: (delivery, work) =>
      inSpan(
        {
          name: `deliver ${delivery.channel}`,
          kind: SpanKind.CLIENT,
          attributes: {
            'tagwarden.delivery_id': delivery.id,
            'tagwarden.subject': `${delivery.subjectKind}/${delivery.subjectId}`,
            'tagwarden.attempt': delivery.attempts + 1,
          },
          parent: traceOf(delivery.trace),
        },
        work,
        ({ kind }) => ({ 'tagwarden.outcome': kind }),
      ),
    onError: (error) => logger.error({ error }, 'A delivery could not be worked on.'),
    now,
  });
  await dispatcher.run(signal);
}

function createWarningStarter({ temporal }: Foundations): WarningStarter {
  return {
    startOrSignal: async ({ warningId, fingerprint, customers }) => {
      const input: WarningInput = { warningId };
      await temporal.workflow.signalWithStart('warning', {
        workflowId: warningWorkflowId(fingerprint),
        taskQueue: temporalConfig.taskQueues.warnings,
        args: [input],
        signal: findingsChangedSignal,
        signalArgs: [{ warningId, customers }],
      });
    },
  };
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
