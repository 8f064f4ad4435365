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
  resolveChoice,
  startWriting,
  takeBatch,
  takeFix,
  type Direction,
  type Fix,
  type FixItem,
  type ItemOutcome,
} from '../db/stores/fixes.ts';
import { loadSources } from '../db/stores/mirror.ts';
import { planRenameItems } from '../db/stores/retag.ts';
import { listPartsToUndo } from '../db/stores/request-batches.ts';
import { restoreRequested, standsToUndo } from '../db/stores/tag-changes.ts';
import { loadWarning, touchClosedWarning } from '../db/stores/warnings.ts';
import { chosenResolution, planChange, planItems } from '../domain/fix-plan.ts';
import { renamed, type TagRename } from '../domain/retag.ts';
import { writeRefusal } from '../domain/write-refusal.ts';
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
    const { warningId } = fix;
    const wanted = await resolveChoice(database.query, warningId, fix.choice);
    if (wanted === null) {
      throw lastingFailure(
        'fix-not-found',
        `What fix ${fix.id} repeats is no fix of warning ${warningId}.`,
      );
    }
    const [warning, dictionary] = await Promise.all([
      loadWarning(database.query, warningId),
      loadDictionary(database.query),
    ]);
    const rule = dictionary.rules.find((candidate) => candidate.code === warning?.ruleCode);
    if (rule === undefined) {
      throw lastingFailure('fix-not-found', `The rule of warning ${warningId} is gone.`);
    }
    await whileAlive(async () => {
      for await (const page of readWarningCustomers(sql, warningId, wanted.onlyOfFixId)) {
        const items = page.flatMap(({ customer, presentIn, findings }) => {
          const resolution = chosenResolution(wanted.choice, customer.customerId);
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
    await planRename(await findFix(input.fixId));
    await startWriting(database.query, input.fixId);
    const fix = await findFix(input.fixId);
    if (fix.state !== 'writing') return;
    const policy = await loadPolicy(database.query);
    await writeAll(fix, { direction: 'fix', actor: fix.requestedBy });
    await finish(fix.id, policy.fix.undoWithinMs);
  }

  /** A renamed tag is written where customers carry its name, and nowhere else. */
  async function planRename({ id: fixId, rename, state }: Fix): Promise<void> {
    if (rename === null || state !== 'planned') return;
    const sourceIds: number[] = [];
    for (const { id, code } of await loadSources(database.query)) {
      const connector = connectors.get(code);
      if (connector === undefined) continue;
      const names = await loadTagNames(sql, id);
      if (renamedRefs(connector, names, rename).size > 0) sourceIds.push(id);
    }
    await whileAlive(() => planRenameItems(database, { fixId, rename, sourceIds }));
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

  async function beginUndo(input: { readonly fixId: number; readonly by: By }): Promise<BegunUndo> {
    const { fixId, by } = input;
    const { personCode: actorCode, through } = by;
    await beginUndoInStore(database, { fixId, actorCode, through }, now());
    const { requestId } = await findFix(fixId);
    const partIds = requestId === null ? [] : await listPartsToUndo(database, requestId);
    return { requestId, partIds };
  }

  /** Whether a part of a batch can be taken back now that its turn has come. */
  async function mayUndoPart(input: { readonly fixId: number }): Promise<boolean> {
    const fix = await findFix(input.fixId);
    return fix.state === 'written' && (await standsToUndo(database.query, fix));
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
      await restoreRequested(database, { requestId: fix.requestId, actorCode, nowMs: now() });
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
          await refuseRest(sql, { ...part, detail: writeRefusal('read-only') });
          continue;
        }
        const known = await loadTagNames(sql, sourceId);
        const renames = renamesOf(fix, { connector, names: known, direction: how.direction });
        const names = withRenamed(known, fix.rename, renames);
        const { actor } = how;
        await whileAlive(() =>
          writeSource({ ...part, connector, names, renames, token, actor, batchCustomers, moved }),
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
    { connector, names, renames, actor }: SourceToWrite,
    batch: readonly FixItem[],
  ): Promise<readonly ItemOutcome[]> {
    const signal = Context.current().cancellationSignal;
    const worn = await readWornNames(connector, names, { batch, signal });
    const context = { names, renames, worn, actor };
    const decided = batch.map((item) => ({ item, decision: decide(item, context) }));
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
    mayUndoPart,
    writeUndo,
    finishUndo,
  };
}

/** `partIds`: fixes that a batch consists of and that can still be undone, in the order in which that is done. */
interface BegunUndo {
  readonly requestId: number | null;
  readonly partIds: readonly number[];
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
  readonly renames: Renames;
  readonly token: string;
  readonly actor: string;
  /** By policy. */
  readonly batchCustomers: number;
  /** Called whenever some of it is done. */
  readonly moved: () => void;
}

type Names = ReadonlyMap<number, readonly string[]>;

/** What the source's customers carry now → what they are to carry instead; empty unless a tag is renamed. */
type Renames = ReadonlyMap<string, string>;

function renamesOf(
  { rename }: Fix,
  source: { readonly connector: Connector; readonly names: Names; readonly direction: Direction },
): Renames {
  if (rename === null) return new Map();
  const forward = renamedRefs(source.connector, source.names, rename);
  return source.direction === 'fix'
    ? forward
    : new Map([...forward].map(([before, after]) => [after, before]));
}

/** The names that customers carry still go first; the source may not be known to have the others yet. */
function withRenamed(names: Names, rename: TagRename | null, renames: Renames): Names {
  if (rename === null || renames.size === 0) return names;
  const all = [...renames.keys(), ...(names.get(rename.tagId) ?? []), ...renames.values()];
  return new Map([...names, [rename.tagId, [...new Set(all)]]]);
}

/** The names on customers that change; none where the source knows the tag by a code or an id of its own. */
function renamedRefs(connector: Connector, names: Names, rename: TagRename): Renames {
  const refs = (names.get(rename.tagId) ?? []).flatMap((ref) => {
    const { meaning } = connector.describeTag(ref);
    const after = meaning.kind === 'name' ? renamed(meaning.value, rename) : null;
    return after === null ? [] : [[ref, after] as const];
  });
  return new Map(refs);
}

type Decision =
  | { readonly kind: 'change'; readonly change: CustomerChange }
  | {
      readonly kind: 'decided';
      readonly outcome: 'changed-meanwhile' | 'refused';
      readonly detail: string;
    };

interface DecisionContext {
  readonly names: Names;
  readonly renames: Renames;
  readonly worn: Worn;
  readonly actor: string;
}

/** Runs once for every customer of a fix: plain loops, for hundreds of thousands of them. */
function decide(item: FixItem, { names, renames, worn, actor }: DecisionContext): Decision {
  const { ref, fromTagIds, toTagIds } = item;
  if (ref === null) {
    const detail = writeRefusal('customer-gone');
    return { kind: 'decided', outcome: 'changed-meanwhile', detail };
  }
  const wornNames = worn.get(ref);
  const expectedTagRefs: string[] = [];
  const addTagRefs: string[] = [];
  const removeTagRefs: string[] = [];
  for (const tagId of fromTagIds) {
    const known = names.get(tagId);
    if (known === undefined) return unknownTag(tagId);
    const isKept = toTagIds.includes(tagId);
    for (const name of namesOn(known, wornNames)) {
      const wanted = isKept ? (renames.get(name) ?? name) : null;
      expectedTagRefs.push(name);
      if (wanted === name) continue;
      removeTagRefs.push(name);
      if (wanted !== null && !wornNames?.has(wanted)) addTagRefs.push(wanted);
    }
  }
  for (const tagId of toTagIds) {
    if (fromTagIds.includes(tagId)) continue;
    const [name] = names.get(tagId) ?? [];
    if (name === undefined) return unknownTag(tagId);
    addTagRefs.push(name);
  }
  const change = { customerRef: ref, expectedTagRefs, addTagRefs, removeTagRefs, actor };
  return { kind: 'change', change };
}

/** Those of a tag's names that a customer carries; where that was not read, or it carries none, the first. */
function namesOn(
  known: readonly string[],
  wornNames: ReadonlySet<string> | undefined,
): readonly string[] {
  if (known.length === 1) return known;
  const present = known.filter((name) => wornNames?.has(name) === true);
  return present.length > 0 ? present : known.slice(0, 1);
}

function unknownTag(tagId: number): Decision {
  const detail = writeRefusal('unknown-tag', String(tagId));
  return { kind: 'decided', outcome: 'refused', detail };
}

/** By customer ref: which of the source's names for tags it has now. Only read where a tag has several. */
type Worn = ReadonlyMap<string, ReadonlySet<string>>;

async function readWornNames(
  connector: Connector,
  names: Names,
  input: { readonly batch: readonly FixItem[]; readonly signal: AbortSignal },
): Promise<Worn> {
  const isSeveral = (tagId: number) => (names.get(tagId)?.length ?? 0) > 1;
  const isAmbiguous = input.batch.some(
    ({ fromTagIds, toTagIds }) => fromTagIds.some(isSeveral) || toTagIds.some(isSeveral),
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
    return { customerId, outcome: 'refused', detail: writeRefusal('no-answer') };
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
