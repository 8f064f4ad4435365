import { SpanKind } from '@opentelemetry/api';
import { attachedBackTest, runBackTest } from '../commands/back-test-rule.ts';
import { grantException } from '../commands/grant-exception.ts';
import { proposeRuleChanges } from '../commands/propose-rule-changes.ts';
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
import { createInboxChannel } from '../bot/inbox/channel.ts';
import { createEmailChannel } from '../bot/email/channel.ts';
import { createFeishuChannel } from '../bot/feishu/channel.ts';
import { createSlackChannel } from '../bot/slack/channel.ts';
import { createDispatcher } from '../delivery/dispatcher.ts';
import { createInboxStore } from '../db/stores/inbox.ts';
import type { ChannelName } from '../domain/person.ts';
import type { Lifetime } from './lifetime.ts';
import { openConnectors } from './connectors.ts';
import type { Environment } from './env.ts';
import { createMailLinker } from './mail-links.ts';
import { createSubscribers } from './subscribers.ts';
import { inSpan, traceOf } from './tracing.ts';
import { temporalConfig } from '../temporal.config.ts';
import {
  findingsChangedSignal,
  warningWorkflowId,
  type WarningInput,
} from '../workflows/messages.ts';
import type { Foundations } from './foundations.ts';

/** With more, the database is what a scan waits for. */
const scanThreadsDefaultMax = 4;

/** How many scanning threads a worker has. */
export function countScanThreads({ scanThreads }: Pick<Environment, 'scanThreads'>): number {
  return scanThreads ?? Math.min(availableParallelism(), scanThreadsDefaultMax);
}

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
    threads: countScanThreads(environment),
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
