import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import type { KindOfDay } from '../../activities/working-time.ts';
import type { Connector } from '../../crm/connector.ts';
import { createAssessmentActivities } from '../../activities/assessment.ts';
import { createDeadlineActivities, type DeadlineActivities } from '../../activities/deadlines.ts';
import { createDeliveryActivities } from '../../activities/delivery.ts';
import { createAutomaticFixActivities } from '../../activities/automatic-fix.ts';
import { createExceptionActivities } from '../../activities/exceptions.ts';
import { createFixActivities } from '../../activities/fix.ts';
import { createScanActivities } from '../../activities/scan.ts';
import { createSyncActivities } from '../../activities/sync.ts';
import { createWarningActivities } from '../../activities/warning.ts';
import type { Card } from '../../bot/card.ts';
import type { Channel, PostRequest } from '../../bot/channel.ts';
import type { Database } from '../../db/client.ts';
import {
  listOpenWarnings,
  loadWarning,
  openWarning,
  type NewWarning,
} from '../../db/stores/warnings.ts';
import type { Warning } from '../../domain/warning.ts';
import {
  findingsChangedSignal,
  taskQueues,
  warningUpdate,
  warningWorkflowId,
  type UpdateResult,
  type WarningUpdate,
} from '../../workflows/messages.ts';
import { blacklistRule } from './company.ts';
import { recordHistory } from './stored-history.ts';
import { sharedWorkflowBundle } from './workflow-bundle.ts';

/** An inbox that keeps what was posted, and can be told to fail. */
export interface FakeInbox extends Channel {
  readonly posts: readonly PostRequest[];
  /** The first card that a person has about a warning, as it stands now. */
  cardOf(recipientCode: string, warningId: number): Card | undefined;
  isDown: boolean;
}

export interface Lifecycle {
  readonly database: Database;
  readonly client: Client;
  readonly inbox: FakeInbox;
  /** Epoch milliseconds on the server's clock. */
  now(): Promise<number>;
  /** The CRMs by source code; tests put theirs in. */
  readonly connectors: Map<string, Connector>;
  /** Opens a warning of a rule of its own, starts its workflow and waits until its deadlines stand. */
  open(overrides?: Partial<NewWarning>): Promise<Warning>;
  /** Opens a warning and tells its workflow to begin, which one that is about to end does later. */
  openUnawaited(overrides?: Partial<NewWarning>): Promise<Warning>;
  start(warning: Warning): Promise<void>;
  /** Lets time pass on the server's clock. */
  pass(duration: Parameters<TestWorkflowEnvironment['sleep']>[0]): Promise<void>;
  /** Purposes of the posts to a person, in order. */
  purposes(warning: Warning, personCode: string): Promise<readonly string[]>;
  /** Stores the warning's history so far, as `recordHistory` says. */
  record(name: string, warning: Warning): Promise<void>;
  /** Ends what a test left running. */
  endAll(): Promise<void>;
  /** Sends what a person does; a refusal by the validator is thrown. */
  act(warning: Warning, personCode: string, update: WarningUpdate): Promise<UpdateResult>;
  news(warning: Warning, customers: number): Promise<void>;
  read(warning: Warning): Promise<Warning>;
  /** Actions in the audit trail about the warning, in order. */
  audit(warning: Warning): Promise<readonly string[]>;
  /** Waits until what the database says fits; fails after a minute of real time. */
  until(warning: Warning, fits: (now: Warning) => boolean): Promise<Warning>;
  stop(): Promise<void>;
}

/** What a test puts in place of, or adds to, the real activities. */
export type ActivityOverrides = NonNullable<WorkerOptions['activities']>;

/** Real warnings in a real database, with an inbox that keeps everything, on a Temporal whose clock can skip. */
export async function startLifecycle(input: {
  readonly environment: TestWorkflowEnvironment;
  readonly database: Database;
  readonly activities?: ActivityOverrides;
  /** Which days are holidays. @default China's */
  readonly kindOfDay?: KindOfDay;
}): Promise<Lifecycle> {
  const { environment, database } = input;
  const { client } = environment;
  const inbox = createFakeInbox();
  const connectors = new Map<string, Connector>();
  const now = () => Context.current().info.currentAttemptScheduledTimestampMs;
  const planned = new Set<number>();
  const deadlines = createDeadlineActivities({
    database,
    now,
    ...(input.kindOfDay === undefined ? {} : { kindOfDay: input.kindOfDay }),
  });
  const activities = {
    ...createWarningActivities({ database, now }),
    ...createAssessmentActivities({ database, now }),
    ...createExceptionActivities({ database, now }),
    ...deadlines,
    planDeadlines: async (request: Parameters<DeadlineActivities['planDeadlines']>[0]) => {
      const answer = await deadlines.planDeadlines(request);
      planned.add(request.warningId);
      return answer;
    },
    ...createFixActivities({ database, connectors, now }),
    ...createAutomaticFixActivities({ database, now }),
    ...createScanActivities({
      database,
      now,
      refreshCustomers: createSyncActivities({ database, connectors, now }).refreshCustomers,
      warningStarter: {
        startOrSignal: async ({ warningId, fingerprint, customers }) => {
          const workflowId = warningWorkflowId(fingerprint);
          await client.workflow.signalWithStart('warning', {
            workflowId,
            taskQueue: taskQueues.warnings,
            args: [{ warningId }],
            signal: findingsChangedSignal,
            signalArgs: [{ warningId, customers }],
          });
        },
      },
    }),
    ...createDeliveryActivities({
      database,
      now,
      channels: new Map([['inbox', inbox]]),
      drawCard: async (subject, purpose) => drawWarning(database, subject.id, purpose),
    }),
    ...input.activities,
  };
  const workers = await Promise.all(
    [taskQueues.warnings, taskQueues.scans].map((taskQueue) =>
      Worker.create({
        connection: environment.nativeConnection,
        taskQueue,
        activities,
        ...(taskQueue === taskQueues.warnings ? { workflowBundle: sharedWorkflowBundle() } : {}),
        identity: `test-${randomUUID()}`,
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  const handleOf = (warning: Warning) =>
    client.workflow.getHandle(warningWorkflowId(warning.fingerprint));
  const read = async (warning: Warning) => {
    const found = await loadWarning(database.query, warning.id);
    if (found === null) throw new Error(`There is no warning ${warning.id}.`);
    return found;
  };
  const start = async (warning: Warning) => {
    const workflowId = warningWorkflowId(warning.fingerprint);
    await client.workflow.start('warning', {
      workflowId,
      taskQueue: taskQueues.warnings,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ warningId: warning.id }],
    });
  };
  const openUnawaited = async (overrides?: Partial<NewWarning>) => {
    const nowMs = await environment.currentTimeMs();
    const ruleCode = `rule-${randomUUID()}`;
    const { warning } = await database.query.transaction((transaction) =>
      openWarning(transaction, { ...newWarning, ruleCode, ...overrides }, nowMs),
    );
    await start(warning);
    return warning;
  };
  const until: Lifecycle['until'] = async (warning, fits) => {
    const giveUpAtMs = Date.now() + untilTimeoutMs;
    for (;;) {
      const found = await read(warning);
      if (fits(found)) return found;
      if (Date.now() > giveUpAtMs) {
        throw new Error(`Warning ${warning.id} stays ${JSON.stringify(found)}.`);
      }
      await new Promise((resolve) => setTimeout(resolve, untilPollMs));
    }
  };
  return {
    database,
    client,
    inbox,
    read,
    until,
    now: () => environment.currentTimeMs(),
    connectors,
    openUnawaited,
    open: async (overrides) => {
      const warning = await openUnawaited(overrides);
      // A clock that skips before they are made would put them off by as much.
      await until(warning, ({ id }) => planned.has(id));
      return warning;
    },
    start,
    pass: (duration) => environment.sleep(duration),
    purposes: async (warning, personCode) => {
      const rows = await database.sql<{ purpose: string }[]>`
        select purpose from delivery where subject_kind = 'warning' and subject_id = ${warning.id}
          and recipient_code = ${personCode} and state = 'posted' order by created_at`;
      return rows.map((row) => row.purpose);
    },
    record: async (name, warning) => {
      await recordHistory(name, handleOf(warning));
    },
    endAll: async () => {
      inbox.isDown = false;
      // Terminating a workflow whose activity runs would stop the server's clock for good.
      for (const { id, fingerprint } of await listOpenWarnings(database.query)) {
        const handle = client.workflow.getHandle(warningWorkflowId(fingerprint));
        await handle.signal(findingsChangedSignal, { warningId: id, customers: 0 });
        await handle.result();
      }
    },
    act: (warning, personCode, update) =>
      handleOf(warning).executeUpdate(warningUpdate, {
        args: [{ warningId: warning.id, by: { personCode, through: 'inbox' }, update }],
      }),
    news: (warning, customers) =>
      handleOf(warning).signal(findingsChangedSignal, { warningId: warning.id, customers }),
    audit: async (warning) => {
      const rows = await database.sql<{ action: string }[]>`
        select action from audit_row
        where subject_kind = 'warning' and subject_id = ${String(warning.id)} order by id`;
      return rows.map((row) => row.action);
    },
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
    },
  };
}

const untilTimeoutMs = 60_000;
const untilPollMs = 25;

const newWarning: NewWarning = {
  ruleId: 1,
  ruleCode: blacklistRule.code,
  severity: 'high',
  ownerCode: 'li-lei',
  secondLineCode: 'han-meimei',
  managerCode: 'zhao-lin',
  customers: 37,
  claimWithinMs: 2 * 3_600_000,
  closeWithinMs: 24 * 3_600_000,
};

/** A card that says no more than these tests ask of it. */
async function drawWarning(database: Database, warningId: number, purpose: string) {
  const warning = await loadWarning(database.query, warningId);
  if (warning === null) return null;
  const { state, level, customers, version } = warning;
  const card: Card = {
    tint: state.kind === 'closed' ? 'green' : 'red',
    title: `warning ${warningId}`,
    status: state.kind,
    blocks: [{ kind: 'text', text: [{ kind: 'plain', text: `level ${level}` }] }],
    buttons: [],
    menu: [],
    outcome: null,
    url: null,
    summary: `${customers} customers`,
    locale: 'zh-CN',
  };
  // Of an exception people are reminded when its warning has long been closed.
  const isOver = state.kind === 'closed' && !purpose.startsWith('reminder-exception-');
  return { card, version, isMoving: false, isOver };
}

function createFakeInbox(): FakeInbox {
  const posts: PostRequest[] = [];
  const cards = new Map<string, Card>();
  const inbox: FakeInbox = {
    name: 'inbox',
    capabilities: {
      queued: false,
      interactive: true,
      limits: [],
      update: true,
      updateWithinMs: null,
      idempotentPost: true,
      find: false,
    },
    isDown: false,
    posts,
    cardOf: (recipientCode, warningId) => {
      const post = posts.find(
        ({ recipient, card }) =>
          recipient.code === recipientCode && card.title === `warning ${warningId}`,
      );
      return post === undefined ? undefined : cards.get(post.deliveryId);
    },
    reaches: (person) => person.status === 'active',
    post: async (request) => {
      failIfDown(inbox);
      if (!cards.has(request.deliveryId)) posts.push(request);
      cards.set(request.deliveryId, request.card);
      return {
        channel: 'inbox',
        conversation: request.recipient.code,
        message: request.deliveryId,
      };
    },
    update: async (message, card) => {
      failIfDown(inbox);
      cards.set(message.message, card);
    },
    find: async () => null,
    retire: async () => 'gone',
    groups: null,
  };
  return inbox;
}

function failIfDown(inbox: FakeInbox): void {
  if (!inbox.isDown) return;
  throw Object.assign(new Error('The inbox is down.'), {
    name: 'ChannelError',
    kind: 'server',
    retryAfterMs: 0,
  });
}
