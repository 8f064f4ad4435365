import { and, asc, eq, inArray, notInArray, sql } from 'drizzle-orm';
import { diffConfiguration, keepLinks, relationCode } from '../../config/diff.ts';
import type { ConfigurationChange } from '../../config/diff.ts';
import type {
  AttributeDefinition,
  Configuration,
  RuleDefinition,
  SourceDefinition,
  TagDefinition,
} from '../../domain/configuration.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { Person } from '../../domain/person.ts';
import { completePolicy } from '../../domain/policy.ts';
import type { Relation, Tag } from '../../domain/tag.ts';
import { versionReason } from '../../domain/tag-version.ts';
import {
  attributes,
  attributeSlots,
  policies,
  relations,
  rules,
  sources,
  tags,
} from '../schema/dictionary.ts';
import { mirrorTags } from '../schema/mirror.ts';
import { calendars, departments, people } from '../schema/people.ts';
import { appendAudit, type Queryable } from './audit.ts';
import { writeTags, type TagUpdate } from './tag-writes.ts';

export interface ApplyContext {
  /** Person code; null for the system itself. */
  readonly by: string | null;
  /** Channel of the audit row, such as cli. */
  readonly through: string;
  readonly nowMs: number;
  /** Why, in the words of whoever applies it; stands with the versions it makes. @default nothing said */
  readonly reason?: string | undefined;
}

/** The configuration in force; null before the first apply. */
export async function loadConfiguration(database: Queryable): Promise<Configuration | null> {
  const [policy] = await database.select().from(policies).where(eq(policies.id, 1));
  if (policy === undefined) return null;
  const [departmentRows, calendarRows, personRows, tagRows, relationRows] = await Promise.all([
    database.select().from(departments).orderBy(asc(departments.code)),
    database.select().from(calendars).orderBy(asc(calendars.code)),
    database.select().from(people).orderBy(asc(people.departmentCode), asc(people.code)),
    database.select().from(tags).orderBy(asc(tags.id)),
    database
      .select()
      .from(relations)
      .orderBy(asc(relations.kind), asc(relations.fromCode), asc(relations.toCode)),
  ]);
  const [ruleRows, attributeRows, sourceRows] = await Promise.all([
    database.select().from(rules).where(eq(rules.removed, false)).orderBy(asc(rules.id)),
    database.select().from(attributes).orderBy(asc(attributes.code)),
    database.select().from(sources).orderBy(asc(sources.id)),
  ]);
  return {
    departments: departmentRows,
    calendars: calendarRows.map((row) => row.body),
    people: personRows,
    tags: tagRows.map(({ id: _id, version: _version, ...tag }) => tag),
    relations: relationRows,
    // Bodies were written whole by applyConfiguration from what the schemas accepted.
    rules: ruleRows.map((row) => ({ ...row.body, enabled: row.enabled }) as RuleDefinition),
    policy: completePolicy(policy.body),
    attributes: attributeRows.map(({ slot: _slot, ...attribute }) => attribute),
    sources: sourceRows.map((row) => row.body as unknown as SourceDefinition),
  };
}

/**
 * Brings the database to a configuration that `readConfiguration` accepted, in one transaction, and returns what
 * changed. Two at once follow each other. What is the same already is not written at all.
 */
export async function applyConfiguration(
  database: Queryable,
  wanted: Configuration,
  context: ApplyContext,
): Promise<readonly ConfigurationChange[]> {
  return database.transaction(async (transaction) => {
    // Readers go on; whoever writes these waits, so that versions and links are counted from what is there.
    await transaction.execute(
      sql`lock table tag, relation, rule, policy, person, attribute in share row exclusive mode`,
    );
    const current = await loadConfiguration(transaction);
    const changes = diffConfiguration(current, wanted);
    if (changes.length === 0) return changes;
    const linked = current === null ? wanted : keepLinks(current, wanted);
    await applyPeople(transaction, current, linked);
    await applyAttributes(transaction, current, linked);
    await applyTags(transaction, linked.tags, context);
    await applyRelations(transaction, current, linked);
    await applyRules(transaction, linked);
    await applyPolicy(transaction, changes, linked);
    await applySources(transaction, changes, linked, context.nowMs);
    await appendAudit(transaction, [auditEntry(changes, context)], context.nowMs);
    return changes;
  });
}

async function applyPeople(
  transaction: Queryable,
  current: Configuration | null,
  wanted: Configuration,
): Promise<void> {
  for (const body of changedOf(current?.calendars, wanted.calendars)) {
    const row = { code: body.code, body };
    await transaction
      .insert(calendars)
      .values(row)
      .onConflictDoUpdate({ target: calendars.code, set: row });
  }
  for (const department of changedOf(current?.departments, wanted.departments)) {
    await transaction
      .insert(departments)
      .values(department)
      .onConflictDoUpdate({ target: departments.code, set: department });
  }
  await freeUniqueFields(transaction, wanted.people);
  for (const person of changedOf(current?.people, wanted.people)) {
    await transaction
      .insert(people)
      .values(person)
      .onConflictDoUpdate({ target: people.code, set: person });
  }
  await retireMissing(transaction, wanted);
}

/** Takes emails and accounts from whoever has them, where somebody else is to have them. */
async function freeUniqueFields(transaction: Queryable, wanted: readonly Person[]): Promise<void> {
  for (const field of ['email', 'slackUserId', 'feishuOpenId', 'oidcSubject'] as const) {
    const holders = new Map(
      wanted.flatMap((person) => (person[field] === null ? [] : [[person[field], person.code]])),
    );
    const rows = await transaction
      .select({ code: people.code, held: people[field] })
      .from(people)
      .where(
        inArray(
          people[field],
          [...holders.keys()].filter((one) => one !== undefined),
        ),
      );
    const losers = rows.filter((row) => holders.get(row.held ?? '') !== row.code);
    if (losers.length === 0) continue;
    await transaction
      .update(people)
      .set({ [field]: null })
      .where(
        inArray(
          people.code,
          losers.map((row) => row.code),
        ),
      );
  }
}

/** People who are no longer named have left; departments and calendars stay as long as one of them needs it. */
async function retireMissing(transaction: Queryable, wanted: Configuration): Promise<void> {
  await transaction
    .update(people)
    .set({ status: 'left' })
    .where(and(notInArray(people.code, codesOf(wanted.people)), eq(people.status, 'active')));
  await transaction
    .delete(departments)
    .where(
      and(
        notInArray(departments.code, codesOf(wanted.departments)),
        sql`not exists (select from person where department_code = ${departments.code})`,
      ),
    );
  await transaction
    .delete(calendars)
    .where(
      and(
        notInArray(calendars.code, codesOf(wanted.calendars)),
        sql`not exists (select from person where calendar_code = ${calendars.code})`,
        sql`not exists (select from department where calendar_code = ${calendars.code})`,
      ),
    );
}

async function applyAttributes(
  transaction: Queryable,
  current: Configuration | null,
  wanted: Configuration,
): Promise<void> {
  const removed = (current?.attributes ?? []).filter(
    (one) => !codesOf(wanted.attributes).includes(one.code),
  );
  if (removed.length > 0) {
    await transaction.delete(attributes).where(inArray(attributes.code, codesOf(removed)));
  }
  for (const attribute of changedOf(current?.attributes, wanted.attributes)) {
    const row = { ...attribute, slot: await slotOf(transaction, attribute) };
    await transaction
      .insert(attributes)
      .values(row)
      .onConflictDoUpdate({ target: attributes.code, set: row });
  }
}

/** The slot this attribute has or had with this type, or one that no attribute ever had. */
async function slotOf(transaction: Queryable, attribute: AttributeDefinition): Promise<number> {
  const holder = attribute.type === 'text' ? 'texts' : 'numbers';
  const given = await transaction
    .select()
    .from(attributeSlots)
    .where(eq(attributeSlots.holder, holder));
  const own = given.find(
    (one) => one.attributeCode === attribute.code && one.type === attribute.type,
  );
  if (own !== undefined) return own.slot;
  const slot = Math.max(-1, ...given.map((one) => one.slot)) + 1;
  await transaction
    .insert(attributeSlots)
    .values({ holder, slot, attributeCode: attribute.code, type: attribute.type });
  return slot;
}

const rowsPerInsert = 500;

async function applyTags(
  transaction: Queryable,
  wanted: readonly TagDefinition[],
  context: ApplyContext,
): Promise<void> {
  const rows: readonly Tag[] = await transaction.select().from(tags);
  const current = new Map(rows.map((tag) => [tag.code, tag]));
  const added = wanted.filter(({ code }) => !current.has(code));
  await writeTags(
    transaction,
    { added, updates: tagUpdates(current, wanted) },
    {
      changedBy: context.by ?? 'system',
      changedAtMs: context.nowMs,
      reason: versionReason({ kind: 'configuration' }),
      through: context.through,
      note: context.reason ?? null,
    },
  );
}

/** Tags whose definition changes, and tags no longer named, which are archived. */
function tagUpdates(
  current: ReadonlyMap<string, Tag>,
  wanted: readonly TagDefinition[],
): readonly TagUpdate[] {
  const updates: TagUpdate[] = [];
  for (const after of wanted) {
    const before = current.get(after.code);
    if (before === undefined) continue;
    const { id: _id, version: _version, ...definition } = before;
    if (canonicalJson(definition) !== canonicalJson(after)) updates.push({ before, after });
  }
  const codes = new Set(codesOf(wanted));
  for (const before of current.values()) {
    if (codes.has(before.code) || before.status === 'archived') continue;
    const { id: _id, version: _version, ...definition } = before;
    updates.push({ before, after: { ...definition, status: 'archived' } });
  }
  return updates;
}

async function applyRelations(
  transaction: Queryable,
  current: Configuration | null,
  wanted: Configuration,
): Promise<void> {
  const codeOf = (one: Relation) =>
    relationCode({ kind: one.kind, from: one.fromCode, to: one.toCode });
  const before = new Set((current?.relations ?? []).map(codeOf));
  const after = new Set(wanted.relations.map(codeOf));
  for (const one of current?.relations ?? []) {
    if (after.has(codeOf(one))) continue;
    await transaction
      .delete(relations)
      .where(
        and(
          eq(relations.kind, one.kind),
          eq(relations.fromCode, one.fromCode),
          eq(relations.toCode, one.toCode),
        ),
      );
  }
  for (const chunk of chunksOf(wanted.relations.filter((one) => !before.has(codeOf(one))))) {
    await transaction.insert(relations).values([...chunk]);
  }
}

async function applyRules(transaction: Queryable, wanted: Configuration): Promise<void> {
  const rows = await transaction.select().from(rules);
  const current = new Map(rows.map((row) => [row.code, row]));
  for (const rule of wanted.rules) {
    const before = current.get(rule.code);
    const row = {
      code: rule.code,
      kind: rule.kind,
      enabled: rule.enabled,
      body: rule,
      removed: false,
    };
    if (before === undefined) {
      await transaction.insert(rules).values({ ...row, version: 1 });
      continue;
    }
    const isSame =
      !before.removed &&
      before.enabled === rule.enabled &&
      canonicalJson({ ...before.body, enabled: before.enabled }) === canonicalJson(rule);
    if (isSame) continue;
    await transaction
      .update(rules)
      .set({ ...row, version: before.version + 1 })
      .where(eq(rules.id, before.id));
  }
  const gone = rows.filter((row) => !row.removed && !codesOf(wanted.rules).includes(row.code));
  if (gone.length === 0) return;
  await transaction
    .update(rules)
    .set({ enabled: false, removed: true, version: sql`${rules.version} + 1` })
    .where(inArray(rules.code, codesOf(gone)));
}

async function applyPolicy(
  transaction: Queryable,
  changes: readonly ConfigurationChange[],
  wanted: Configuration,
): Promise<void> {
  if (!changes.some((change) => change.what === 'policy')) return;
  await transaction
    .insert(policies)
    .values({ id: 1, body: wanted.policy, version: 1 })
    .onConflictDoUpdate({
      target: policies.id,
      set: { body: wanted.policy, version: sql`${policies.version} + 1` },
    });
}

/** A changed source, and every source after a change of the attributes, is read whole the next time. */
async function applySources(
  transaction: Queryable,
  changes: readonly ConfigurationChange[],
  wanted: Configuration,
  nowMs: number,
): Promise<void> {
  const attributesChanged = changes.some(
    (change) => change.what === 'attribute' && change.kind !== 'removed',
  );
  const changed = changes.filter((change) => change.what === 'source');
  for (const { code } of changed.filter((change) => change.kind === 'removed')) {
    await removeSource(transaction, code, nowMs);
  }
  for (const source of wanted.sources) {
    const isChanged = changed.some((change) => change.code === source.code);
    if (!isChanged && !attributesChanged) continue;
    const row = { code: source.code, body: { ...source }, cursor: null };
    await transaction
      .insert(sources)
      .values(row)
      .onConflictDoUpdate({ target: sources.code, set: row });
  }
}

/** Takes a source out of the mirror: its tags, and the customers whom no other source has. */
async function removeSource(transaction: Queryable, code: string, nowMs: number): Promise<void> {
  const [source] = await transaction
    .select({ id: sources.id })
    .from(sources)
    .where(eq(sources.code, code));
  if (source === undefined) return;
  const { id } = source;
  const changedAt = new Date(nowMs).toISOString();
  await transaction.execute(sql`
    delete from mirror_customer where present_in = array[${id}]::smallint[]`);
  await transaction.execute(sql`
    update mirror_customer customer
    set (tag_ids, since_seconds, actor_ids, source_ids, import_ids) = (
          select coalesce(array_agg(tag order by position), '{}'),
                 coalesce(array_agg(since order by position), '{}'),
                 coalesce(array_agg(actor order by position), '{}'),
                 coalesce(array_agg(source order by position), '{}'),
                 coalesce(array_agg(import order by position), '{}')
          from unnest(customer.tag_ids, customer.since_seconds, customer.actor_ids,
                      customer.source_ids, customer.import_ids)
               with ordinality as part (tag, since, actor, source, import, position)
          where source <> ${id}),
        present_in = array_remove(present_in, ${id}::smallint),
        changed_at = ${changedAt}
    where ${id}::smallint = any (present_in) or ${id}::smallint = any (source_ids)`);
  await transaction.delete(mirrorTags).where(eq(mirrorTags.sourceId, id));
  await transaction.delete(sources).where(eq(sources.id, id));
}

function auditEntry(changes: readonly ConfigurationChange[], context: ApplyContext) {
  const codes = (kind: ConfigurationChange['kind']) =>
    changes
      .filter((change) => change.kind === kind)
      .map((change) => `${change.what} ${change.code}`);
  return {
    actorCode: context.by,
    through: context.through,
    action: 'configuration.applied',
    subjectKind: 'configuration',
    subjectId: 'all',
    before: null,
    after: {
      added: codes('added'),
      changed: codes('changed'),
      removed: codes('removed'),
      ...(context.reason === undefined ? {} : { reason: context.reason }),
    },
  };
}

function changedOf<T extends { readonly code: string }>(
  current: readonly T[] | undefined,
  wanted: readonly T[],
): readonly T[] {
  const before = new Map((current ?? []).map((one) => [one.code, canonicalJson(one)]));
  return wanted.filter((one) => before.get(one.code) !== canonicalJson(one));
}

function codesOf(list: readonly { readonly code: string }[]): string[] {
  return list.map(({ code }) => code);
}

function chunksOf<T>(list: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / rowsPerInsert) }, (_, index) =>
    list.slice(index * rowsPerInsert, (index + 1) * rowsPerInsert),
  );
}
