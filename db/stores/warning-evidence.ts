import type { CustomerChoice, EvidenceTag, WarningEvidence } from '../../bot/views.ts';
import { tagIndex, type Dictionary } from '../../domain/dictionary.ts';
import { findingReasons, type ReasonedCustomer } from '../../domain/finding-reason.ts';
import type { ResolutionCode } from '../../domain/fix.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import { tagFindingReasons } from '../../domain/tag-finding-reason.ts';
import type { Rule } from '../../domain/rule.ts';
import { isAboutDictionary, ruleKinds } from '../../domain/rules/registry.ts';
import type { RuleKindModule } from '../../domain/rules/rule-kind.ts';
import type { Database, Sql } from '../client.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { readDictionaryFacts } from './dictionary-inspection.ts';
import { loadDepartments } from './people.ts';
import { findCause } from './root-cause.ts';

const examplesMax = 3;
/** Distinct tag pairs looked at when asking what can be done about a whole warning. */
const pairsMax = 100;
/** Tags shown of a customer whose finding is about no single tag (overload): the latest ones. */
const latestTagsMax = 4;

/** What the open findings of a warning have in common. `seen` changes whenever they do. */
interface Summary {
  readonly seen: string;
  readonly customers: number;
  readonly firstTagId: number | null;
  readonly secondTagId: number | null;
}

/** Reads what a warning's open findings look like on customers. Null where it has none. */
export async function readEvidence(
  database: Database,
  input: { readonly warningId: number; readonly rule: Rule; readonly dictionary: Dictionary },
): Promise<WarningEvidence | null> {
  const { sql } = database;
  const summary = await summarise(sql, input.warningId);
  if (summary === null) return null;
  const [page, cause, resolutions] = await Promise.all([
    readCustomers(database, { ...input, offset: 0, limit: examplesMax }),
    findCause(database, { ...input, firstTagId: summary.firstTagId }),
    commonResolutions(sql, input),
  ]);
  return {
    seen: summary.seen,
    firstTagId: summary.firstTagId,
    secondTagId: summary.secondTagId,
    examples: page.map(({ customerId, ref, name, tags, missing, reasons = [] }) => ({
      customerId,
      ref,
      name,
      tags,
      missing,
      reasons,
    })),
    cause,
    resolutions,
  };
}

/** A value that changes when the set of open findings does; null where there is none. */
export async function readSeen(sql: Sql, warningId: number): Promise<string | null> {
  return (await summarise(sql, warningId))?.seen ?? null;
}

async function summarise(sql: Sql, warningId: number): Promise<Summary | null> {
  const [row] = await sql<
    {
      findings: number;
      newest: number;
      customers: number;
      first_low: number;
      first_high: number;
      second_low: number;
      second_high: number;
    }[]
  >`
    select count(*) as findings, max(id) as newest, count(distinct customer_id) as customers,
      min(first_tag_id) as first_low, max(first_tag_id) as first_high,
      min(second_tag_id) as second_low, max(second_tag_id) as second_high
    from finding where warning_id = ${warningId} and state = 'open'`;
  if (row === undefined || row.findings === 0) return null;
  return {
    seen: `${row.findings}:${row.newest}`,
    customers: row.customers,
    firstTagId: onlyOne(row.first_low, row.first_high),
    secondTagId: onlyOne(row.second_low, row.second_high),
  };
}

function onlyOne(low: number, high: number): number | null {
  return low === high && low !== 0 ? low : null;
}

interface CustomerRow {
  readonly customer_id: number;
  readonly ref: string;
  readonly name: string;
  readonly first_tag_id: number;
  readonly second_tag_id: number;
  readonly tags: readonly {
    readonly id: number;
    readonly name: LocalizedText | null;
    readonly source_name: string | null;
    readonly since: number;
    readonly actor: string | null;
    readonly source: LocalizedText;
    readonly source_id: number;
    readonly import: string | null;
  }[];
  readonly numbers: (number | null)[];
  readonly texts: (string | null)[];
  readonly present_in: number[];
  readonly now_seconds: number;
}

/** A page of a warning's customers, one entry per customer, with where the conflicting tags came from. */
export async function readCustomers(
  database: Database,
  input: {
    readonly warningId: number;
    readonly rule: Rule;
    readonly dictionary: Dictionary;
    readonly offset: number;
    readonly limit: number;
    /** Of their numbers and names, for ILIKE. @default all */
    readonly pattern?: string;
  },
): Promise<readonly CustomerChoice[]> {
  const { rule, pattern = '%' } = input;
  if (isAboutDictionary(rule)) return readTags(database, input);
  const { sql } = database;
  const rows = await sql<CustomerRow[]>`
    with page as (
      select customer_id, min(first_tag_id) as first_tag_id, max(second_tag_id) as second_tag_id
      from finding where warning_id = ${input.warningId} and state = 'open'
        and (${pattern} = '%' or exists (
          select from mirror_customer named where named.id = finding.customer_id
            and (named.ref ilike ${pattern} or named.name ilike ${pattern})))
      group by customer_id order by customer_id
      offset ${input.offset} limit ${input.limit}
    )
    select page.customer_id, customer.ref, customer.name, page.first_tag_id, page.second_tag_id,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', assigned.tag_id, 'name', tag.name, 'source_name', known.name,
          'since', assigned.since, 'actor', actor.name, 'source', source.body -> 'name', 'source_id', source.id,
          'import', batch.name))
        from unnest(customer.tag_ids, customer.since_seconds, customer.actor_ids,
            customer.source_ids, customer.import_ids)
          as assigned (tag_id, since, actor_id, source_id, import_id)
        left join tag on tag.id = assigned.tag_id
        left join lateral (
          select mirror_tag.name from mirror_tag
          where mirror_tag.tag_id = assigned.tag_id and mirror_tag.source_id = assigned.source_id
          limit 1
        ) known on true
        left join mirror_actor actor on actor.id = assigned.actor_id
        left join mirror_import batch on batch.id = assigned.import_id
        join source on source.id = assigned.source_id
        where page.first_tag_id = 0
          or assigned.tag_id in (page.first_tag_id, page.second_tag_id)
      ), '[]'::jsonb) as tags,
      customer.numbers, customer.texts, customer.present_in,
      floor(extract(epoch from now()))::float8 as now_seconds
    from page join mirror_customer customer on customer.id = page.customer_id
    order by page.customer_id`;
  const names = await readNames(database, rule);
  return rows.map((row) => describeCustomer(row, { ...input, ...names }));
}

/** Names that reasons are told with. */
interface Names {
  readonly sourceName: (sourceId: number) => LocalizedText;
  readonly departmentName: (code: string) => LocalizedText;
}

/** Only those that the kind of rule tells its reasons with. */
async function readNames({ sql, query }: Database, { kind }: Rule): Promise<Names> {
  const sources =
    kind === 'mismatch'
      ? await sql<{ id: number; name: LocalizedText }[]>`
          select id, body -> 'name' as name from source`
      : [];
  const nameOf = new Map(sources.map(({ id, name }) => [id, name]));
  const isAboutPeople = kind === 'scope' || kind === 'sensitivity';
  const departments = isAboutPeople ? await loadDepartments(query) : new Map<string, never>();
  return {
    sourceName: (sourceId) => nameOf.get(sourceId) ?? nameless(`#${sourceId}`),
    departmentName: (code) => departments.get(code)?.name ?? nameless(code),
  };
}

function nameless(name: string): LocalizedText {
  return { 'zh-CN': name, en: name };
}

/** The tags of a warning on the dictionary itself, told like customers: their code and their name. */
async function readTags(
  database: Database,
  input: {
    readonly warningId: number;
    readonly rule: Rule;
    readonly dictionary: Dictionary;
    readonly offset: number;
    readonly limit: number;
  },
): Promise<readonly CustomerChoice[]> {
  const [rows, facts] = await Promise.all([
    database.sql<{ customer_id: number; first_tag_id: number }[]>`
      select customer_id, first_tag_id from finding
      where warning_id = ${input.warningId} and state = 'open'
      order by first_tag_id offset ${input.offset} limit ${input.limit}`,
    readReasonFacts(database, input.rule),
  ]);
  const { byId } = tagIndex(input.dictionary);
  return rows.flatMap(({ customer_id, first_tag_id }) => {
    const tag = byId.get(first_tag_id);
    return tag === undefined
      ? []
      : [
          {
            customerId: customer_id,
            ref: tag.code,
            name: tag.name,
            tags: [],
            missing: [],
            reasons: tagFindingReasons(input.rule, tag, facts),
            resolutions: [],
          },
        ];
  });
}

/** The counts of all earlier scans are not read for the kinds of rule that tell their reasons without them. */
async function readReasonFacts(
  database: Database,
  { kind }: Rule,
): Promise<Parameters<typeof tagFindingReasons>[2]> {
  if (kind !== 'no-definition' && kind !== 'unowned') return readDictionaryFacts(database, null);
  const { people } = await readCurrentKnowledge(database);
  return { people, customers: new Map(), history: new Map(), sinceSeconds: new Map() };
}

function describeCustomer(
  row: CustomerRow,
  context: Names & { readonly rule: Rule; readonly dictionary: Dictionary },
): CustomerChoice {
  const { rule, dictionary } = context;
  const isAboutOneTag = row.first_tag_id !== 0;
  const tags = isAboutOneTag
    ? [...row.tags].sort((a, b) => position(a.id, row) - position(b.id, row))
    : [...row.tags].sort((a, b) => b.since - a.since).slice(0, latestTagsMax);
  const isFirstMissing = isAboutOneTag && !row.tags.some((tag) => tag.id === row.first_tag_id);
  // Of what a tag calls for, the second is the one that is not there.
  const isSecondMissing =
    rule.kind === 'implied' && !row.tags.some((tag) => tag.id === row.second_tag_id);
  const missingIds = [
    ...(isFirstMissing ? [row.first_tag_id] : []),
    ...(isSecondMissing ? [row.second_tag_id] : []),
  ];
  const missing = dictionary.tags
    .filter((tag) => missingIds.includes(tag.id))
    .map((tag) => tag.name);
  return {
    customerId: row.customer_id,
    ref: row.ref,
    name: row.name,
    tags: tags.map(describeTag),
    missing,
    reasons: findingReasons(rule, row.first_tag_id, reasonedCustomer(row), {
      ...context,
      nowSeconds: row.now_seconds,
    }),
    resolutions: resolutionsOf(rule, dictionary, {
      ruleId: rule.id,
      customerId: row.customer_id,
      firstTagId: row.first_tag_id,
      secondTagId: row.second_tag_id,
    }),
  };
}

function reasonedCustomer(row: CustomerRow): ReasonedCustomer {
  return {
    tagIds: row.tags.map(({ id }) => id),
    sourceIds: row.tags.map(({ source_id }) => source_id),
    sinceSeconds: row.tags.map(({ since }) => (since === 0 ? Number.NaN : since)),
    actors: row.tags.map(({ actor }) => actor),
    presentIn: row.present_in,
    numbers: row.numbers,
    texts: row.texts,
  };
}

function position(tagId: number, row: CustomerRow): number {
  return tagId === row.first_tag_id ? 0 : 1;
}

function describeTag(tag: CustomerRow['tags'][number]): EvidenceTag {
  const sourceName = tag.source_name ?? `#${tag.id}`;
  return {
    name: tag.name ?? { 'zh-CN': sourceName, en: sourceName },
    sinceSeconds: tag.since === 0 ? null : tag.since,
    actor: tag.actor,
    source: tag.source,
    importName: tag.import,
  };
}

/** What can be done about every finding of the warning alike, in the order its first pair recommends. */
async function commonResolutions(
  sql: Sql,
  input: { readonly warningId: number; readonly rule: Rule; readonly dictionary: Dictionary },
): Promise<readonly ResolutionCode[]> {
  const pairs = await sql<{ first_tag_id: number; second_tag_id: number; customer_id: number }[]>`
    select first_tag_id, second_tag_id, min(customer_id) as customer_id
    from finding where warning_id = ${input.warningId} and state = 'open'
    group by first_tag_id, second_tag_id order by count(*) desc limit ${pairsMax}`;
  const offered = pairs.map((pair) =>
    resolutionsOf(input.rule, input.dictionary, {
      ruleId: input.rule.id,
      customerId: pair.customer_id,
      firstTagId: pair.first_tag_id,
      secondTagId: pair.second_tag_id,
    }),
  );
  const [first = [], ...others] = offered;
  return first.filter((resolution) => others.every((other) => other.includes(resolution)));
}

function resolutionsOf(
  rule: Rule,
  dictionary: Dictionary,
  finding: Parameters<RuleKindModule['resolutions']>[1],
): readonly ResolutionCode[] {
  // The registry maps each kind to the module of just that kind, which a union of rules cannot express.
  const module = ruleKinds[rule.kind] as RuleKindModule;
  return module.resolutions(rule, finding, dictionary);
}
