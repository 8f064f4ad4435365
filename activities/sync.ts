import { ApplicationFailure, Context } from '@temporalio/activity';
import type {
  Connector,
  ConnectorError,
  CustomerBatch,
  RejectedRow,
  SourceAssignment,
  SourceCustomer,
  SourceTag,
} from '../crm/connector.ts';
import type { Database } from '../db/client.ts';
import type { AuditEntry } from '../db/stores/audit.ts';
import { loadDictionary } from '../db/stores/dictionary.ts';
import {
  addMirrorTags,
  createNameIds,
  loadCustomersBySource,
  loadFormerNames,
  loadSources,
  loadTagRefs,
  openMirrorWrite,
  remapTags,
  TooManyVanishedError,
  type MirrorMerge,
  type MirrorRow,
  type MirrorSource,
  type MirrorWrite,
  type NameIds,
  type TagRemap,
} from '../db/stores/mirror.ts';
import { compareNumbers } from '../domain/compare-numbers.ts';
import type { Attribute } from '../domain/condition.ts';
import { sourceFailures } from '../domain/source-failure.ts';
import type { Tag } from '../domain/tag.ts';

export interface SyncDependencies {
  readonly database: Database;
  /** By source code. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface SyncCounts {
  readonly customers: number;
  readonly assignments: number;
  /** Rows that could not be read; the audit trail says why. */
  readonly rejected: number;
  /** Customers the mirror no longer has. */
  readonly removed: number;
}

export type SyncActivities = ReturnType<typeof createSyncActivities>;

/** With more unreadable rows than this it is not the rows: the mapping is wrong. */
const rejectedMax = 100_000;
/** Different problems kept in the audit trail. */
const problemsMax = 20;

/** Reads sources into the mirror. Every activity is all or nothing, so repeating one is harmless. */
export function createSyncActivities({ database, connectors, now }: SyncDependencies) {
  const actors = createNameIds(database.sql, 'mirror_actor');
  const imports = createNameIds(database.sql, 'mirror_import');

  async function openSource(sourceCode: string): Promise<OpenSource> {
    const sources = await loadSources(database.query);
    const source = sources.find((candidate) => candidate.code === sourceCode);
    const connector = connectors.get(sourceCode);
    if (source === undefined || connector === undefined) {
      throw ApplicationFailure.nonRetryable(
        `There is no source "${sourceCode}" that can be read. Apply the configuration and start again.`,
        sourceFailures.unknown,
      );
    }
    const [{ tags, attributes }, formerNames] = await Promise.all([
      loadDictionary(database.query),
      loadFormerNames(database.sql),
    ]);
    const layout = attributeLayout(attributes);
    const slots =
      sources.length === 1 ? null : ownSlots({ source, sources, connectors, attributes });
    return { source, connector, tags, formerNames, layout, slots };
  }

  /** Which sources there are to read, in order. */
  async function listSources(): Promise<readonly string[]> {
    const sources = await loadSources(database.query);
    return sources.map((source) => source.code).filter((code) => connectors.has(code));
  }

  /** Reads a source: whole, or only what changed since the last read (whole too where it cannot tell, or was never read). */
  async function syncSource(input: {
    readonly sourceCode: string;
    readonly kind: 'full' | 'incremental';
  }): Promise<SyncCounts> {
    return asActivity(async (signal, heartbeat) => {
      const opened = await openSource(input.sourceCode);
      const { source, connector } = opened;
      const resolver = await openTags(opened, signal);
      const startedAtMs = now();
      // After the tags, which may have made a whole read due.
      const [current] = (await loadSources(database.query)).filter(({ id }) => id === source.id);
      const since = connector.capabilities.readChanges ? (current?.cursor ?? null) : null;
      const isWhole = input.kind === 'full' || since === null;
      const { cursor, batches } = isWhole
        ? await connector.readAll(signal)
        : { cursor: null, batches: connector.readChanges(since, signal) };
      return take(opened, { batches, cursor, isWhole, startedAtMs, resolver, heartbeat });
    });
  }

  /** Reads exactly these customers (mirror ids) from their sources again, so that the mirror shows them as they are now. */
  async function refreshCustomers(customerIds: readonly number[]): Promise<void> {
    await asActivity(async (signal, heartbeat) => {
      const bySource = await loadCustomersBySource(database.sql, customerIds);
      for (const [sourceId, refs] of bySource) {
        const sourceCode = (await loadSources(database.query)).find(
          ({ id }) => id === sourceId,
        )?.code;
        if (sourceCode === undefined || !connectors.has(sourceCode)) continue;
        const opened = await openSource(sourceCode);
        const resolver = await openTags(opened, signal);
        const startedAtMs = now();
        const batches = readInBatches(opened.connector, refs, signal);
        await take(opened, {
          batches,
          cursor: null,
          isWhole: false,
          startedAtMs,
          resolver,
          heartbeat,
        });
      }
    });
  }

  async function openTags(opened: OpenSource, signal: AbortSignal): Promise<TagResolver> {
    const { source, connector } = opened;
    const resolver = createTagResolver(opened);
    const listed = await connector.readTags(signal);
    const known = await loadTagRefs(database.sql, source.id);
    const remaps = resolver.open(listed, known);
    await remapTags(database.sql, { sourceId: source.id, remaps, nowMs: now() });
    const present = remaps.length === 0 ? known : await loadTagRefs(database.sql, source.id);
    for (const [tagRef, tagId] of present) resolver.set(tagRef, tagId);
    const added = resolver.unknown(listed.map((tag) => tag.tagRef));
    await learnTags(source, resolver, added);
    return resolver;
  }

  async function learnTags(source: MirrorSource, resolver: TagResolver, refs: readonly string[]) {
    if (refs.length === 0) return;
    const ids = await addMirrorTags(
      database.sql,
      source.id,
      refs.map((ref) => resolver.describe(ref)),
    );
    for (const [tagRef, tagId] of ids) resolver.set(tagRef, tagId);
  }

  /** Streams batches into the mirror and merges them. */
  async function take(opened: OpenSource, reading: Reading): Promise<SyncCounts> {
    const { source, layout, slots } = opened;
    const { resolver, startedAtMs, isWhole, heartbeat } = reading;
    const counter = createCounter();
    let { cursor } = reading;
    const write = await openMirrorWrite(database);
    try {
      for await (const batch of reading.batches) {
        if ('cursor' in batch) ({ cursor } = batch);
        counter.count(batch);
        if (counter.rejected() > rejectedMax) throw tooManyRejected(source, counter.problems());
        await learnNames(source, resolver, batch.customers);
        await write.write(
          batch.customers.map((customer) =>
            toMirrorRow(customer, { resolver, layout, actors, imports }),
          ),
        );
        heartbeat({ customers: counter.counts().customers });
      }
      return await finish(write, {
        counter,
        merge: {
          source,
          isWhole,
          startedAtMs,
          slots,
          cursor,
          removedRefs: counter.removedRefs(),
          unreadableRefs: counter.unreadableRefs(),
          nowMs: Math.max(now(), startedAtMs),
        },
      });
    } finally {
      await write.close();
    }
  }

  async function finish(
    write: MirrorWrite,
    { counter, merge }: { readonly counter: Counter; readonly merge: Omit<MirrorMerge, 'audit'> },
  ): Promise<SyncCounts> {
    const merged = await write.merge({
      ...merge,
      audit: rejectionAudit(merge.source, counter.problems()),
    });
    return {
      ...counter.counts(),
      customers: counter.counts().customers - merged.repeated,
      rejected: counter.rejected() + merged.repeated,
      removed: merged.removed,
    };
  }

  async function learnNames(
    source: MirrorSource,
    resolver: TagResolver,
    customers: readonly SourceCustomer[],
  ) {
    const unknownRefs = new Set<string>();
    const actorNames = new Set<string>();
    const importNames = new Set<string>();
    for (const { assignments } of customers) {
      for (const { tagRef, actor, importName } of assignments) {
        if (resolver.id(tagRef) === null) unknownRefs.add(tagRef);
        if (actor !== null && !actors.has(actor)) actorNames.add(actor);
        if (importName !== null && !imports.has(importName)) importNames.add(importName);
      }
    }
    await learnTags(source, resolver, [...unknownRefs]);
    await actors.learn(actorNames);
    await imports.learn(importNames);
  }

  return { listSources, syncSource, refreshCustomers };
}

interface OpenSource {
  readonly source: MirrorSource;
  readonly connector: Connector;
  readonly tags: readonly Tag[];
  readonly formerNames: ReadonlyMap<string, readonly string[]>;
  readonly layout: AttributeLayout;
  readonly slots: MirrorMerge['slots'];
}

interface Reading {
  readonly batches: AsyncIterable<CustomerBatch | (CustomerBatch & { readonly cursor: string })>;
  readonly cursor: string | null;
  readonly isWhole: boolean;
  readonly startedAtMs: number;
  readonly resolver: TagResolver;
  readonly heartbeat: (progress: { readonly customers: number }) => void;
}

async function* readInBatches(
  connector: Connector,
  refs: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<CustomerBatch> {
  const size = connector.capabilities.batchCustomersMax;
  for (let from = 0; from < refs.length; from += size) {
    yield await connector.readCustomers(refs.slice(from, from + size), signal);
  }
}

/** Where each attribute stands in the mirror's arrays. */
interface AttributeLayout {
  readonly numbers: readonly { readonly code: string; readonly slot: number }[];
  readonly texts: readonly { readonly code: string; readonly slot: number }[];
  /** What a customer without any attribute has: NaN and null in every slot. */
  readonly noNumbers: readonly number[];
  readonly noTexts: readonly null[];
}

function attributeLayout(attributes: readonly Attribute[]): AttributeLayout {
  const texts = attributes.filter((attribute) => attribute.type === 'text');
  const numbers = attributes.filter((attribute) => attribute.type !== 'text');
  const length = (list: readonly Attribute[]) =>
    list.reduce((longest, attribute) => Math.max(longest, attribute.slot + 1), 0);
  return {
    numbers,
    texts,
    noNumbers: Array.from({ length: length(numbers) }, () => Number.NaN),
    noTexts: Array.from({ length: length(texts) }, () => null),
  };
}

/** An attribute that several sources have comes from the first of them. */
function ownSlots(input: {
  readonly source: MirrorSource;
  readonly sources: readonly MirrorSource[];
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly attributes: readonly Attribute[];
}): MirrorMerge['slots'] {
  const { source, sources, connectors, attributes } = input;
  const own = attributes.filter((attribute) => {
    const first = sources.find(({ code }) =>
      connectors.get(code)?.attributeCodes.includes(attribute.code),
    );
    return first?.id === source.id;
  });
  const slotsOf = (isText: boolean) =>
    own.filter(({ type }) => (type === 'text') === isText).map(({ slot }) => slot);
  return { numbers: slotsOf(false), texts: slotsOf(true) };
}

/** Knows which mirror id a source's tag has. */
interface TagResolver {
  /**
   * Compares what the mirror has with the dictionary: which tags need another id, since the dictionary has learned
   * or forgotten them.
   */
  open(listed: readonly SourceTag[], known: ReadonlyMap<string, number>): readonly TagRemap[];
  set(tagRef: string, tagId: number): void;
  id(tagRef: string): number | null;
  unknown(tagRefs: readonly string[]): readonly string[];
  /** How a tag that the mirror lacks is to be entered. */
  describe(tagRef: string): {
    readonly tagRef: string;
    readonly name: string;
    readonly tagId: number | null;
  };
}

function createTagResolver({ connector, tags, formerNames }: OpenSource): TagResolver {
  const byCode = new Map(tags.map((tag) => [tag.code, tag.id]));
  const byName = namesOf(tags, (tag) => Object.values(tag.name));
  const byFormerName = namesOf(tags, (tag) => formerNames.get(tag.code) ?? []);
  const dictionaryIds = new Set(tags.map((tag) => tag.id));
  const listedTags = new Map<string, SourceTag>();
  const ids = new Map<string, number>();
  /**
   * Two tags of one source never share an id: only the first is taken for the dictionary's, or writing back could not
   * tell them apart. Apart from a name that a tag had before: it is being written over, or the source keeps to it.
   */
  const taken = new Set<number>();
  const sourceTag = (tagRef: string) => listedTags.get(tagRef) ?? connector.describeTag(tagRef);
  const meant = (tagRef: string): { readonly id: number; readonly isFormer: boolean } | null => {
    const { kind, value } = sourceTag(tagRef).meaning;
    const id = kind === 'code' ? byCode.get(value) : byName.get(value.trim());
    if (id !== undefined) return { id, isFormer: false };
    const formerId = kind === 'name' ? byFormerName.get(value.trim()) : undefined;
    return formerId === undefined ? null : { id: formerId, isFormer: true };
  };
  /** The dictionary's tag that is meant, unless another of the source's has its place. */
  const claim = (tagRef: string): number | null => {
    const wanted = meant(tagRef);
    if (wanted === null || wanted.isFormer) return wanted?.id ?? null;
    if (taken.has(wanted.id)) return null;
    taken.add(wanted.id);
    return wanted.id;
  };
  return {
    open: (listed, known) => {
      for (const tag of listed) listedTags.set(tag.tagRef, tag);
      for (const [tagRef, tagId] of known) {
        const wanted = meant(tagRef);
        if (wanted?.id === tagId && !wanted.isFormer) taken.add(tagId);
      }
      const remaps: TagRemap[] = [];
      for (const [tagRef, fromId] of known) {
        if (meant(tagRef)?.id === fromId) continue;
        const toId = claim(tagRef);
        if (toId !== null || dictionaryIds.has(fromId)) remaps.push({ tagRef, fromId, toId });
      }
      return remaps;
    },
    set: (tagRef, tagId) => {
      ids.set(tagRef, tagId);
      if (meant(tagRef)?.isFormer !== true) taken.add(tagId);
    },
    id: (tagRef) => ids.get(tagRef) ?? null,
    unknown: (tagRefs) => tagRefs.filter((tagRef) => !ids.has(tagRef)),
    describe: (tagRef) => ({ tagRef, name: sourceTag(tagRef).name, tagId: claim(tagRef) }),
  };
}

/** Names with the tags that have them; where two tags share one, an active tag goes first, then the older one. */
function namesOf(
  tags: readonly Tag[],
  namesOfTag: (tag: Tag) => readonly string[],
): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  const rank = (tag: Tag) => (tag.status === 'active' ? 0 : 1);
  for (const tag of [...tags].sort((a, b) => rank(a) - rank(b) || a.id - b.id)) {
    for (const name of namesOfTag(tag)) {
      if (!names.has(name)) names.set(name, tag.id);
    }
  }
  return names;
}

interface RowParts {
  readonly resolver: TagResolver;
  readonly layout: AttributeLayout;
  readonly actors: NameIds;
  readonly imports: NameIds;
}

function toMirrorRow(customer: SourceCustomer, parts: RowParts): MirrorRow {
  const { resolver, layout } = parts;
  const resolved: ResolvedAssignment[] = [];
  for (const assignment of customer.assignments) {
    resolved.push({ tagId: resolver.id(assignment.tagRef) ?? 0, assignment });
  }
  resolved.sort(byTagAndAge);
  const tagIds: number[] = [];
  const sinceSeconds: number[] = [];
  const actorIds: number[] = [];
  const importIds: number[] = [];
  for (const { tagId, assignment } of resolved) {
    // By its name of now and by one it had before, or twice by one name: when it was first put on counts.
    if (tagIds.at(-1) === tagId) continue;
    tagIds.push(tagId);
    sinceSeconds.push(assignment.sinceSeconds ?? 0);
    actorIds.push(parts.actors.id(assignment.actor));
    importIds.push(parts.imports.id(assignment.importName));
  }
  const numbers = layout.noNumbers.slice();
  for (const { code, slot } of layout.numbers) {
    const value = customer.attributes[code];
    if (typeof value === 'number') numbers[slot] = value;
    else if (typeof value === 'boolean') numbers[slot] = value ? 1 : 0;
  }
  const texts: (string | null)[] = layout.noTexts.slice();
  for (const { code, slot } of layout.texts) {
    const value = customer.attributes[code];
    if (value !== null && value !== undefined) texts[slot] = String(value);
  }
  const { ref, name } = customer;
  return { ref, name, numbers, texts, tagIds, sinceSeconds, actorIds, importIds };
}

interface ResolvedAssignment {
  readonly tagId: number;
  readonly assignment: SourceAssignment;
}

function byTagAndAge(a: ResolvedAssignment, b: ResolvedAssignment): number {
  if (a.tagId !== b.tagId) return a.tagId - b.tagId;
  const [since, other] = [a.assignment.sinceSeconds, b.assignment.sinceSeconds];
  return compareNumbers(since ?? Number.POSITIVE_INFINITY, other ?? Number.POSITIVE_INFINITY);
}

interface Counter {
  count(batch: CustomerBatch): void;
  counts(): { readonly customers: number; readonly assignments: number };
  rejected(): number;
  /** Problem → rows that have it. */
  problems(): ReadonlyMap<string, number>;
  removedRefs(): readonly string[];
  unreadableRefs(): readonly string[];
}

function createCounter(): Counter {
  let customers = 0;
  let assignments = 0;
  let rejected = 0;
  const problems = new Map<string, number>();
  const removedRefs: string[] = [];
  const unreadableRefs: string[] = [];
  const reject = ({ ref, problem }: RejectedRow) => {
    rejected += 1;
    if (ref !== null) unreadableRefs.push(ref);
    if (problems.has(problem) || problems.size < problemsMax) {
      problems.set(problem, (problems.get(problem) ?? 0) + 1);
    }
  };
  return {
    count: (batch) => {
      customers += batch.customers.length;
      for (const customer of batch.customers) assignments += customer.assignments.length;
      for (const ref of batch.removedRefs) removedRefs.push(ref);
      for (const row of batch.rejected) reject(row);
    },
    counts: () => ({ customers, assignments }),
    rejected: () => rejected,
    problems: () => problems,
    removedRefs: () => removedRefs,
    unreadableRefs: () => unreadableRefs,
  };
}

function rejectionAudit(
  source: MirrorSource,
  problems: ReadonlyMap<string, number>,
): readonly AuditEntry[] {
  if (problems.size === 0) return [];
  return [
    {
      actorCode: null,
      through: 'system',
      action: 'source.rows-rejected',
      subjectKind: 'source',
      subjectId: source.code,
      before: null,
      after: { problems: Object.fromEntries(problems) },
    },
  ];
}

function tooManyRejected(
  source: MirrorSource,
  problems: ReadonlyMap<string, number>,
): ApplicationFailure {
  const [first = ''] = problems.keys();
  return ApplicationFailure.nonRetryable(
    `Source "${source.code}": more than ${rejectedMax} rows cannot be read (${first}). Check its mapping in sources.yaml.`,
    'source-configuration',
  );
}

/** Milliseconds between two heartbeats. */
const heartbeatEveryMs = 1_000;

/** Runs with the activity's signal and heartbeat; errors come out with a stable type and say whether to try again. */
async function asActivity<T>(
  run: (signal: AbortSignal, heartbeat: Reading['heartbeat']) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  let beatAtMs = 0;
  const heartbeat: Reading['heartbeat'] = (progress) => {
    const atMs = performance.now();
    if (atMs - beatAtMs < heartbeatEveryMs) return;
    beatAtMs = atMs;
    context.heartbeat(progress);
  };
  try {
    return await run(context.cancellationSignal, heartbeat);
  } catch (error) {
    throw context.cancellationSignal.aborted ? error : toFailure(error);
  }
}

function toFailure(error: unknown): unknown {
  if (error instanceof TooManyVanishedError) {
    return ApplicationFailure.nonRetryable(error.message, sourceFailures.tooManyVanished);
  }
  if (!isConnectorError(error)) return error;
  return ApplicationFailure.create({
    message: error.message,
    type: sourceFailures[error.kind],
    nonRetryable: error.kind !== 'unreachable',
  });
}

function isConnectorError(error: unknown): error is ConnectorError {
  return error instanceof Error && error.name === 'ConnectorError';
}
