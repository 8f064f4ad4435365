import { ApplicationFailure, Context } from '@temporalio/activity';
import { randomUUID } from 'node:crypto';
import type { DeliverySubject } from '../bot/channel.ts';
import type { ChangeOutcome, Connector, ConnectorError, CustomerChange } from '../crm/connector.ts';
import type { Database } from '../db/client.ts';
import { queueProgress } from '../db/stores/deliveries.ts';
import { loadDictionary, loadPolicy } from '../db/stores/dictionary.ts';
import {
  addFixItems,
  begunThrough,
  beginUndo as beginUndoInStore,
  finishFix,
  finishUndo as finishUndoInStore,
  loadFix,
  loadTagNames,
  listSourcesToWrite,
  readWarningCustomers,
  recordOutcomes,
  refuseRest,
  startWriting,
  takeBatch,
  takeFix,
  type Direction,
  type Fix,
  type FixItem,
  type ItemOutcome,
} from '../db/stores/fixes.ts';
import { restoreTag } from '../db/stores/requests.ts';
import { loadSources } from '../db/stores/mirror.ts';
import { loadWarning, touchClosedWarning } from '../db/stores/warnings.ts';
import { chosenResolution, planChange, planItems } from '../domain/fix-plan.ts';
import type { By } from '../workflows/messages.ts';
import { lastingFailure } from './failure.ts';
import { whileAlive } from './heartbeat.ts';
import { createPace } from './pace.ts';
import { whileTold } from './progress.ts';

export interface FixDependencies {
  readonly database: Database;
  /** By source code. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How often those who watch a fix are told how far it has come. @default 5000 */
  readonly progressEveryMs?: number;
}

export type FixActivities = ReturnType<typeof createFixActivities>;

/**
 * Plans fixes and writes them to their sources. Before a batch is sent, it is written down how far writing has begun; a source
 * that then says "already so" of one whose writing was begun has taken the change in an attempt that died. So a
 * crash at any point neither writes twice nor loses count. The mirror catches up in the re-scan that follows.
 */
export function createFixActivities(dependencies: FixDependencies) {
  const { database, connectors, now, progressEveryMs = progressEveryMsDefault } = dependencies;
  const { sql } = database;

  async function findFix(fixId: number): Promise<Fix> {
    const fix = await loadFix(database.query, fixId);
    if (fix === null) throw lastingFailure('fix-not-found', `There is no fix ${fixId}.`);
    return fix;
  }

  /** Lays down what the fix of a warning will do to each customer. */
  async function planFix(input: { readonly fixId: number }): Promise<void> {
    const fix = await findFix(input.fixId);
    if (fix.state !== 'planned' || fix.warningId === null || fix.choice === null) return;
    const { choice, warningId } = fix;
    const [warning, dictionary] = await Promise.all([
      loadWarning(database.query, warningId),
      loadDictionary(database.query),
    ]);
    const rule = dictionary.rules.find((candidate) => candidate.code === warning?.ruleCode);
    if (rule === undefined) {
      throw lastingFailure('fix-not-found', `The rule of warning ${warningId} is gone.`);
    }
    await whileAlive(async () => {
      for await (const page of readWarningCustomers(sql, warningId)) {
        const items = page.flatMap(({ customer, presentIn, findings }) => {
          const resolution = chosenResolution(choice, customer.customerId);
          if (resolution === null) return [];
          const change = planChange({ rule, findings, resolution, customer, dictionary });
          return planItems(customer, presentIn, change);
        });
        await addFixItems(sql, fix.id, items);
        Context.current().cancellationSignal.throwIfAborted();
      }
    });
    await startWriting(database.query, fix.id);
  }

  /** Writes what is left of a fix; called again after a crash, goes on where it stopped. */
  async function writeFix(input: { readonly fixId: number }): Promise<void> {
    await startWriting(database.query, input.fixId);
    const fix = await findFix(input.fixId);
    if (fix.state !== 'writing') return;
    const policy = await loadPolicy(database.query);
    await writeAll(fix, { direction: 'fix', actor: fix.requestedBy });
    await finish(fix.id, policy.fix.undoWithinMs);
  }

  /** Ends a fix that cannot be written to its end; what was not written counts as refused. */
  async function giveUpFix(input: { readonly fixId: number; readonly why: string }): Promise<void> {
    const policy = await loadPolicy(database.query);
    await startWriting(database.query, input.fixId);
    await refuseRest(sql, {
      fixId: input.fixId,
      direction: 'fix',
      sourceId: null,
      detail: input.why,
    });
    await finish(input.fixId, policy.fix.undoWithinMs);
  }

  async function finish(fixId: number, undoWithinMs: number): Promise<void> {
    const nowMs = now();
    await finishFix(database, { fixId, undoUntilMs: nowMs + undoWithinMs }, nowMs);
  }

  async function beginUndo(input: { readonly fixId: number; readonly by: By }): Promise<void> {
    const { fixId, by } = input;
    const { personCode: actorCode, through } = by;
    await beginUndoInStore(database, { fixId, actorCode, through }, now());
  }

  /** Gives back to customers of a fix what it took, where they still are as it left them. */
  async function writeUndo(input: { readonly fixId: number; readonly by: By }): Promise<void> {
    const fix = await findFix(input.fixId);
    if (fix.state !== 'undoing') return;
    await writeAll(fix, { direction: 'undo', actor: input.by.personCode });
  }

  /** Ends an undo. What could not be written, for the reason given if any, counts as refused. */
  async function finishUndo(input: {
    readonly fixId: number;
    readonly why: string | null;
  }): Promise<{ readonly warningId: number | null; readonly requestId: number | null }> {
    const fix = await findFix(input.fixId);
    const detail = input.why ?? '';
    await refuseRest(sql, { fixId: fix.id, direction: 'undo', sourceId: null, detail });
    if (fix.state === 'undoing' && fix.requestId !== null) {
      const actorCode = fix.undoneBy ?? fix.requestedBy;
      await restoreTag(database, { requestId: fix.requestId, actorCode, nowMs: now() });
    }
    await finishUndoInStore(database, fix.id, now());
    if (fix.state === 'undoing' && fix.warningId !== null) {
      await touchClosedWarning(database.query, fix.warningId);
    }
    return { warningId: fix.warningId, requestId: fix.requestId };
  }

  async function writeAll(
    fix: Fix,
    how: { readonly direction: Direction; readonly actor: string },
  ): Promise<void> {
    const token = randomUUID();
    const { batchCustomers } = (await loadPolicy(database.query)).fix;
    const codes = new Map((await loadSources(database.query)).map(({ id, code }) => [id, code]));
    await takeFix(sql, fix.id, token);
    await whileTold({ everyMs: progressEveryMs, tell: () => tellProgress(fix) }, async (moved) => {
      for (const sourceId of await listSourcesToWrite(sql, fix.id, how.direction)) {
        const part = { fixId: fix.id, direction: how.direction, sourceId };
        const connector = connectors.get(codes.get(sourceId) ?? '');
        if (connector === undefined || !connector.capabilities.write) {
          await refuseRest(sql, { ...part, detail: 'The source is read only.' });
          continue;
        }
        const names = await loadTagNames(sql, sourceId);
        const { actor } = how;
        await whileAlive(() =>
          writeSource({ ...part, connector, names, token, actor, batchCustomers, moved }),
        );
      }
    });
  }

  /** Cards and open pages draw the numbers for themselves. */
  async function tellProgress({ id: fixId, warningId, requestId }: Fix): Promise<void> {
    const subject: DeliverySubject | null =
      warningId !== null
        ? { kind: 'warning', id: warningId }
        : requestId === null
          ? null
          : { kind: 'request', id: requestId };
    if (subject !== null) await queueProgress(database.query, { subject, fixId, nowMs: now() });
  }

  /**
   * Several batches of one source are on their way at the same time, taken in order. Once one fails no other is
   * begun, and the attempt ends when those on their way have come to an end.
   */
  async function writeSource(source: SourceToWrite): Promise<void> {
    const { fixId, connector } = source;
    const { cancellationSignal: signal } = Context.current();
    const { batchCustomersMax, customersPerSecondMax } = connector.capabilities;
    const limit = Math.min(
      source.batchCustomers,
      batchCustomersMax,
      customersPerSecondMax ?? Infinity,
    );
    const pace = createPace({ perSecond: customersPerSecondMax, signal });
    const begunThroughId = await begunThrough(sql, fixId, source.sourceId);
    let afterId = 0;
    let isOver = false;
    let taking: Promise<unknown> = Promise.resolve();

    async function take(): Promise<readonly FixItem[]> {
      if (isOver) return [];
      await pace(limit);
      signal.throwIfAborted();
      const batch = await takeBatch(sql, { ...source, afterId, begunThroughId, limit });
      if (batch === null) {
        throw ApplicationFailure.retryable(`Fix ${fixId} is written by another.`, 'fix-taken');
      }
      afterId = batch.at(-1)?.customerId ?? afterId;
      return batch;
    }

    async function writeOneAfterAnother(): Promise<void> {
      try {
        for (;;) {
          const next = taking.then(take);
          taking = next.catch(() => {});
          const batch = await next;
          if (batch.length === 0) return;
          const outcomes = await classified(() => writeBatch(source, batch));
          await recordOutcomes(sql, { ...source, outcomes });
          source.moved();
        }
      } finally {
        isOver = true;
      }
    }

    const lanes = await Promise.allSettled(
      Array.from({ length: batchesAtOnce }, writeOneAfterAnother),
    );
    const failed = lanes.find((lane) => lane.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async function writeBatch(
    { connector, names, actor }: SourceToWrite,
    batch: readonly FixItem[],
  ): Promise<readonly ItemOutcome[]> {
    const signal = Context.current().cancellationSignal;
    const worn = await readWornNames(connector, names, { batch, signal });
    const decided = batch.map((item) => ({ item, decision: decide(item, { names, worn, actor }) }));
    const changes = decided.flatMap(({ decision }) =>
      decision.kind === 'change' ? [decision.change] : [],
    );
    const answers = changes.length === 0 ? [] : await connector.applyChanges(changes, signal);
    const byRef = new Map(answers.map((answer) => [answer.customerRef, answer]));
    return decided.map(({ item, decision }) =>
      decision.kind === 'change'
        ? outcomeOf(item, byRef.get(decision.change.customerRef))
        : { customerId: item.customerId, outcome: decision.outcome, detail: decision.detail },
    );
  }

  return {
    planFix,
    writeFix,
    giveUpFix,
    beginUndo,
    writeUndo,
    finishUndo,
  };
}

const progressEveryMsDefault = 5_000;

/** Batches of one source that are written at the same time; their customers are all different. */
const batchesAtOnce = 3;

interface SourceToWrite {
  readonly fixId: number;
  readonly direction: Direction;
  readonly sourceId: number;
  readonly connector: Connector;
  readonly names: Names;
  readonly token: string;
  readonly actor: string;
  /** By policy. */
  readonly batchCustomers: number;
  /** Called whenever some of it is done. */
  readonly moved: () => void;
}

type Names = ReadonlyMap<number, readonly string[]>;

type Decision =
  | { readonly kind: 'change'; readonly change: CustomerChange }
  | {
      readonly kind: 'decided';
      readonly outcome: 'changed-meanwhile' | 'refused';
      readonly detail: string;
    };

function decide(
  item: FixItem,
  context: { readonly names: Names; readonly worn: Worn; readonly actor: string },
): Decision {
  const { ref, fromTagIds, toTagIds } = item;
  if (ref === null) {
    const detail = 'The customer no longer exists.';
    return { kind: 'decided', outcome: 'changed-meanwhile', detail };
  }
  const worn = context.worn.get(ref);
  /** The name of a tag that this customer wears, where the source has several for it. */
  const nameOf = (tagId: number) => {
    const names = context.names.get(tagId) ?? [];
    return names.find((name) => worn?.has(name) === true) ?? names[0];
  };
  const unnamed = [...fromTagIds, ...toTagIds].find((tagId) => nameOf(tagId) === undefined);
  if (unnamed !== undefined) {
    const detail = `The source knows no tag ${unnamed}.`;
    return { kind: 'decided', outcome: 'refused', detail };
  }
  const refsOf = (tagIds: readonly number[]) =>
    tagIds.map(nameOf).filter((name) => name !== undefined);
  const change: CustomerChange = {
    customerRef: ref,
    expectedTagRefs: refsOf(fromTagIds),
    addTagRefs: refsOf(toTagIds.filter((tagId) => !fromTagIds.includes(tagId))),
    removeTagRefs: refsOf(fromTagIds.filter((tagId) => !toTagIds.includes(tagId))),
    actor: context.actor,
  };
  return { kind: 'change', change };
}

/** By customer ref: which of the source's names for tags it has now. Only read where a tag has several. */
type Worn = ReadonlyMap<string, ReadonlySet<string>>;

async function readWornNames(
  connector: Connector,
  names: Names,
  input: { readonly batch: readonly FixItem[]; readonly signal: AbortSignal },
): Promise<Worn> {
  const isAmbiguous = input.batch.some((item) =>
    [...item.fromTagIds, ...item.toTagIds].some((tagId) => (names.get(tagId)?.length ?? 0) > 1),
  );
  if (!isAmbiguous) return new Map();
  const refs = input.batch.flatMap((item) => (item.ref === null ? [] : [item.ref]));
  const { customers } = await connector.readCustomers(refs, input.signal);
  return new Map(
    customers.map((customer) => [
      customer.ref,
      new Set(customer.assignments.map((assignment) => assignment.tagRef)),
    ]),
  );
}

function outcomeOf(item: FixItem, answer: ChangeOutcome | undefined): ItemOutcome {
  const { customerId } = item;
  if (answer === undefined) {
    return { customerId, outcome: 'refused', detail: 'The source did not say what became of it.' };
  }
  if (answer.kind === 'refused') return { customerId, outcome: 'refused', detail: answer.why };
  const wasOurs = answer.kind === 'already-so' && item.wasBegun;
  return { customerId, outcome: wasOurs ? 'changed' : answer.kind, detail: null };
}

/** Says of a connector's error whether trying again can help. */
async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    if (error.kind === 'auth') throw lastingFailure('source-auth', error.message);
    if (error.kind === 'configuration') {
      throw lastingFailure('source-configuration', error.message);
    }
    throw ApplicationFailure.retryable(error.message, 'source-unreachable');
  }
}

/** By name: the class itself lives behind the port, of which activities know only types. */
function isConnectorError(error: unknown): error is ConnectorError {
  return error instanceof Error && error.name === 'ConnectorError' && 'kind' in error;
}
