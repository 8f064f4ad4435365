import type { Command } from 'commander';
import { openDatabase } from '../../db/client.ts';
import { listUnreached, readChannelQueues } from '../../db/stores/delivery-queue.ts';
import { loadConfiguration } from '../../db/stores/configuration.ts';
import { temporalConfig } from '../../temporal.config.ts';
import { createConnector } from '../connectors.ts';
import { lookAtEmbedder, lookAtLanguageModel } from './language-model-look.ts';
import { createWayOut, type WayOut } from '../../bot/way-out.ts';
import { createOutlets, listSubscribers } from '../subscribers.ts';
import { describeProxies, lookAtSubscriber } from './subscriber-looks.ts';
import { lookAtOpenIdProvider } from './open-id-look.ts';
import { lookAtFeishuApp, lookAtMailServer, lookAtSlackApp } from './chat-looks.ts';
import type { Environment } from '../env.ts';
import { sentenceOf, type Lifetime } from '../lifetime.ts';
import { findMissingSearchAttributes } from '../search-attributes.ts';
import { activityTaskType } from '../task-queues.ts';
import { connectClient } from '../temporal-client.ts';
import type { Tool } from './tool.ts';
import type { Unreached } from '../../bot/views.ts';
import { conversationOf } from '../../domain/chat-group.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What was seen, or what is wrong and what to do. */
  readonly says: string;
}

/** One look; resolves with what was seen, rejects with what is wrong. */
interface Look {
  readonly what: string;
  readonly look: () => Promise<string>;
}

const sourceWithinMs = 10_000;

export function addDoctorCommand(program: Command, tool: Tool): void {
  program
    .command('doctor')
    .description('look at everything Tagwarden depends on; exit code 2 where something is wrong')
    .action(async () => {
      const environment = await tool.environment();
      const wayOut = createWayOut(environment.proxies);
      tool.lifetime.onEnd(() => wayOut.close());
      const looks = [
        lookAtDatabase(environment),
        ...(await lookAtSources(environment)),
        ...lookAtTemporal(environment, tool.lifetime),
        { what: 'Proxy', look: async () => describeProxies(environment.proxies) },
        ...(await lookAtChat(environment, wayOut)),
        ...lookAtSignIn(environment, wayOut),
        ...lookAtModel(environment, wayOut),
        ...(await lookAtSubscribers(environment, wayOut)),
        ...(await lookAtDeliveries(environment)),
      ];
      const findings = await Promise.all(looks.map(examine));
      tool.print(
        findings.map(({ what, ok, says }) => `${ok ? 'ok   ' : 'WRONG'}  ${what}: ${says}`),
        { ok: findings.every(({ ok }) => ok), findings },
      );
      if (findings.some(({ ok }) => !ok)) tool.answerNo();
    });
}

async function examine({ what, look }: Look): Promise<Finding> {
  try {
    return { what, ok: true, says: await look() };
  } catch (error) {
    return { what, ok: false, says: sentenceOf(error) };
  }
}

function lookAtDatabase({ databaseUrl }: Environment): Look {
  return {
    what: 'PostgreSQL',
    look: async () => {
      if (databaseUrl === null) {
        throw new Error('not running here and DATABASE_URL is not set: npm start, or set it.');
      }
      const database = openDatabase(databaseUrl);
      try {
        const configuration = await loadConfiguration(database.query);
        if (configuration === null) {
          throw new Error('no configuration is in force: tagwarden config apply DIRECTORY.');
        }
        const { tags, rules, people } = configuration;
        return `${tags.length} tags, ${rules.length} rules, ${people.length} people in force.`;
      } catch (error) {
        // 42P01: a table is missing.
        if ((error as { cause?: { code?: string } }).cause?.code !== '42P01') throw error;
        throw new Error('the schema is not there or old: npm run migrate.', { cause: error });
      } finally {
        await database.close();
      }
    },
  };
}

async function lookAtSources(environment: Environment): Promise<readonly Look[]> {
  const { databaseUrl } = environment;
  if (databaseUrl === null) return [];
  const database = openDatabase(databaseUrl);
  const configuration = await loadConfiguration(database.query).catch(() => null);
  await database.close();
  const { sources = [], attributes = [] } = configuration ?? {};
  return sources.map((source) => ({
    what: `Source ${source.code}`,
    look: async () => {
      const connector = createConnector(source, { attributes, environment });
      try {
        const tags = await connector.readTags(AbortSignal.timeout(sourceWithinMs));
        return `answers; ${tags.length} tags.`;
      } finally {
        await connector.close();
      }
    },
  }));
}

function lookAtTemporal({ temporal }: Environment, lifetime: Lifetime): readonly Look[] {
  const connect = async (): Promise<Awaited<ReturnType<typeof connectClient>>> => {
    if (temporal === null) {
      throw new Error('not running here and TEMPORAL_ADDRESS is not set: npm start, or set it.');
    }
    const client = await connectClient(temporal);
    lifetime.onEnd(() => client.connection.close());
    return client;
  };
  const queues = Object.values(temporalConfig.taskQueues).map(
    (name): Look => ({
      what: `Workers of ${name}`,
      look: async () => {
        const client = await connect();
        const { pollers } = await client.workflowService.describeTaskQueue({
          namespace: client.options.namespace,
          taskQueue: { name },
          // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the SDK exports no name for it
          taskQueueType: activityTaskType,
        });
        if ((pollers ?? []).length === 0) throw new Error('nobody works: npm run worker.');
        return `${(pollers ?? []).length} at work.`;
      },
    }),
  );
  return [
    {
      what: 'Temporal',
      look: async () => {
        const missing = await findMissingSearchAttributes(await connect());
        if (missing.length === 0) return 'answers and knows the search attributes.';
        throw new Error(`does not know ${missing.join(', ')}: npm run migrate.`);
      },
    },
    ...queues,
  ];
}

function lookAtModel({ llm, embedding }: Environment, wayOut: WayOut): readonly Look[] {
  return [
    ...(llm === null
      ? []
      : [{ what: 'Language model', look: () => lookAtLanguageModel(llm, wayOut) }]),
    ...(embedding === null
      ? []
      : [{ what: 'Embedding model', look: () => lookAtEmbedder(embedding, wayOut) }]),
  ];
}

async function lookAtChat(environment: Environment, wayOut: WayOut): Promise<readonly Look[]> {
  const { slack, feishu, email } = environment;
  const hasGroups = slack !== null && (await hasSlackGroups(environment));
  const use = { wayOut, hasGroups };
  return [
    ...(slack === null ? [] : [{ what: 'Slack', look: () => lookAtSlackApp(slack, use) }]),
    ...(feishu === null ? [] : [{ what: 'Feishu', look: () => lookAtFeishuApp(feishu, wayOut) }]),
    ...(email === null ? [] : [{ what: 'Email', look: () => lookAtMailServer(email, wayOut) }]),
  ];
}

/** Whether cards may stand in channels of Slack; where the database does not tell, they may not. */
async function hasSlackGroups({ databaseUrl }: Environment): Promise<boolean> {
  if (databaseUrl === null) return false;
  const database = openDatabase(databaseUrl);
  const configuration = await loadConfiguration(database.query).catch(() => null);
  await database.close();
  const groups = configuration?.policy.groups ?? [];
  return groups.some((group) => conversationOf(group, 'slack') !== null);
}

function lookAtSignIn({ openId, publicUrl }: Environment, wayOut: WayOut): readonly Look[] {
  if (openId === null || publicUrl === null) return [];
  return [
    { what: 'OpenID Connect', look: () => lookAtOpenIdProvider(openId, { publicUrl, wayOut }) },
  ];
}

async function lookAtSubscribers(
  environment: Environment,
  wayOut: WayOut,
): Promise<readonly Look[]> {
  const { databaseUrl } = environment;
  if (databaseUrl === null) return [];
  const database = openDatabase(databaseUrl);
  const subscribers = await listSubscribers(database, environment).catch(() => []);
  await database.close();
  const outlets = createOutlets({ environment, wayOut, publicUrl: '', now: Date.now });
  return subscribers.map((subscriber) => ({
    what: `Subscriber ${subscriber.code} (${subscriber.kind})`,
    look: () => lookAtSubscriber(subscriber, outlets),
  }));
}

/** Channels on which cards were given up, with the newest reason. */
async function lookAtDeliveries({ databaseUrl }: Environment): Promise<readonly Look[]> {
  if (databaseUrl === null) return [];
  const database = openDatabase(databaseUrl);
  const [queues, unreached] = await Promise.all([
    readChannelQueues(database.sql).catch(() => []),
    listUnreached(database.sql).catch(() => []),
  ]);
  await database.close();
  return queues.map(({ channel, waiting, held, delay, failed, error }) => ({
    what: `Cards on ${channel}`,
    look: async () => {
      const quiet = held === 0 ? '' : ` ${held} wait for quiet hours to end.`;
      const late = delay === null ? '' : ` The last try failed and is repeated: ${delay}`;
      if (failed === 0) return `${waiting} on their way, none given up.${quiet}${late}`;
      throw new Error(
        [
          `${failed} given up; the newest: ${error ?? ''}`,
          ...whomNot(unreached.filter((one) => one.channel === channel)),
          'Mend it, then "Send again" under Deliveries in the console.',
        ].join(' '),
      );
    },
  }));
}

const namedMax = 5;

/** Whom the channel does not reach now, by reason. */
function whomNot(unreached: readonly Unreached[]): readonly string[] {
  const byFailure = new Map<string, string[]>();
  for (const { failure, personCode } of unreached) {
    byFailure.set(failure, [...(byFailure.get(failure) ?? []), personCode]);
  }
  return [...byFailure].map(([failure, codes]) => {
    const more = codes.length > namedMax ? ` and ${codes.length - namedMax} more` : '';
    return `Not reached (${failure}): ${codes.slice(0, namedMax).join(', ')}${more}.`;
  });
}
