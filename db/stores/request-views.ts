import { eq, inArray } from 'drizzle-orm';
import type {
  FoundContradiction,
  PreviewedRequest,
  RequestImpact,
  RequestPreview,
  RequestView,
  SimilarTag,
  TagUse,
} from '../../bot/views.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { AttachedBackTest } from '../../domain/back-test.ts';
import type { Dictionary } from '../../domain/dictionary.ts';
import type { LocalizedText } from '../../domain/locale.ts';
import { namingFaults, type NamingPolicy } from '../../domain/naming.ts';
import {
  itemsOf,
  tally,
  type AskedProposal,
  type AskedSingle,
  type RequestProposal,
  type TagRequest,
} from '../../domain/request.ts';
import type { Person } from '../../domain/person.ts';
import { sensitiveTagsMade } from '../../domain/hidden.ts';
import { prepareFor } from '../../domain/requests/prepare-for.ts';
import {
  contradictionsOf,
  tagsOfContradiction,
  type OtherRequest,
} from '../../domain/requests/contradictions.ts';
import type { PartChange } from '../../domain/requests/part-change.ts';
import {
  changesCustomers,
  changesOf,
  rulesOfProposal,
  tagsOfProposal,
} from '../../domain/requests/registry.ts';
import type { Rule } from '../../domain/rule.ts';
import { isAboutSensitiveTags, tagsNamedBy, tagsOfRule } from '../../domain/rule-tags.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Database } from '../client.ts';
import { numberList } from '../number-list.ts';
import { tagCounts } from '../schema/population.ts';
import { fixes } from '../schema/warnings.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { readKnown } from './known.ts';
import { listBatchItems } from './request-batches.ts';
import { listRequestMessages } from './request-messages.ts';
import { listOpenRequests, listOtherRequests } from './request-rivals.ts';
import { loadBackTest, loadRequest } from './requests.ts';
import { similarTagSearcher } from './similar-tags.ts';
import { readTagUsers } from './tag-usage.ts';
import { readNewestFix } from './warning-views.ts';

const sourcesMax = 5;
const similarMax = 5;
const usersMax = 3;

/** Everything a request's card says; null where there is no such request. */
export async function readRequestView(
  database: Database,
  requestId: number,
): Promise<RequestView | null> {
  const request = await loadRequest(database.query, requestId);
  if (request === null) return null;
  const [preview, messages, fix, backTest, items] = await Promise.all([
    readDecidedOrOpen(database, request),
    listRequestMessages(database.query, requestId),
    readNewestFix(database, eq(fixes.requestId, requestId)),
    loadBackTest(database.query, requestId),
    listBatchItems(database, request),
  ]);
  return {
    ...preview,
    request,
    items,
    tally: tally(request),
    messages,
    fix,
    backTest: backTest === null ? null : await withoutSensitive(database, backTest),
  };
}

async function readDecidedOrOpen(database: Database, request: TagRequest): Promise<RequestPreview> {
  const { proposal, state } = request;
  if (state.kind !== 'voting') return readPreview(database, proposal, null);
  const [others, { policy }] = await Promise.all([
    listOtherRequests(database.query, request),
    readCurrentKnowledge(database),
  ]);
  return readPreview(database, proposal, { others, naming: policy?.naming ?? null });
}

/** A vote is for whoever has a seat, rules about sensitive tags are not: what overlaps with them is left out. */
async function withoutSensitive(
  database: Database,
  backTest: AttachedBackTest,
): Promise<AttachedBackTest> {
  const { dictionary } = await readCurrentKnowledge(database);
  const secret = new Set(
    dictionary.rules
      .filter((rule) => isAboutSensitiveTags(rule, dictionary))
      .map(({ code }) => code),
  );
  return {
    ...backTest,
    overlaps: backTest.overlaps.filter(({ ruleCode }) => !secret.has(ruleCode)),
  };
}

/** What the committee would see of a proposal, or why it cannot be carried out or is not for this person to ask. */
export async function previewRequest(
  database: Database,
  asked: AskedProposal,
  asker: Person,
): Promise<PreviewedRequest> {
  const [known, others] = await Promise.all([
    readKnown(database),
    listOpenRequests(database.query),
  ]);
  const prepared = prepareFor(asker, asked, known);
  if (prepared.kind === 'faulty') return prepared;
  const { proposal } = prepared;
  return {
    kind: 'sound',
    proposal,
    preview: await readPreview(database, proposal, { others, naming: known.naming }),
  };
}

async function readPreview(
  database: Database,
  proposal: RequestProposal,
  /** What it is held against; null: it is decided. */
  open: {
    readonly others: readonly OtherRequest[];
    readonly naming: NamingPolicy | null;
  } | null,
): Promise<RequestPreview> {
  const { dictionary, people, duties, departments } = await readCurrentKnowledge(database);
  const changes = changesOf(proposal);
  const contradictions =
    open === null ? [] : foundContradictions(proposal, { dictionary, others: open.others });
  const impact = await readImpact(database, proposal, { dictionary, isOpen: open !== null });
  const named = new Set([
    ...impact.tags,
    ...tagsOfProposal(proposal),
    ...changes.flatMap(tagsOfChange),
    ...contradictions.flatMap(({ found }) => tagsOfContradiction(found)),
  ]);
  return {
    similar: await similarTags(database, proposal, dictionary.tags),
    impact,
    contradictions,
    naming:
      open === null
        ? []
        : describedTags(proposal, dictionary.tags).flatMap((tag) => namingFaults(tag, open.naming)),
    changes,
    tags: new Map(
      dictionary.tags
        .filter(({ code }) => named.has(code))
        .map(({ code, name }) => [code, { code, name }]),
    ),
    rules: new Map(dictionary.rules.map(({ code, name }) => [code, { code, name }])),
    attributes: dictionary.attributes,
    departments,
    duties,
    people,
  };
}

/** Where it does not go together with what is there, or with other requests. */
function foundContradictions(
  proposal: RequestProposal,
  {
    dictionary,
    others,
  }: { readonly dictionary: Dictionary; readonly others: readonly OtherRequest[] },
): readonly FoundContradiction[] {
  const own = new Set(tagsOfProposal(proposal));
  const sensitive = dictionary.tags.filter((tag) => tag.sensitive && !own.has(tag.code));
  return contradictionsOf(proposal, { ...dictionary, others }).map((found) => {
    const codes = new Set([
      ...tagsOfContradiction(found),
      ...dictionary.rules
        .filter(({ code }) => 'ruleCode' in found && code === found.ruleCode)
        .flatMap((rule) => tagsOfRule(rule, dictionary)),
    ]);
    const made = 'proposal' in found ? sensitiveTagsMade(found.proposal, dictionary) : [];
    return { found, sensitiveTags: [...made, ...sensitive.filter(({ code }) => codes.has(code))] };
  });
}

function tagsOfChange({ before, after }: PartChange): readonly string[] {
  return [before, after].flatMap((value) => {
    if (value?.kind === 'tags') return value.codes;
    return value?.kind === 'pairs' ? value.pairs.flat() : [];
  });
}

/** Whom and what a proposal concerns, as things stand. */
async function readImpact(
  database: Database,
  proposal: RequestProposal,
  { dictionary, isOpen }: { readonly dictionary: Dictionary; readonly isOpen: boolean },
): Promise<RequestImpact> {
  const named = namedTags(proposal, dictionary.tags);
  const carrying = await countCarrying(database, proposal, dictionary);
  const changed = rulesOfProposal(proposal);
  const rules = dictionary.rules.filter(
    (rule) =>
      changed.includes(rule.code) ||
      (rule.enabled && named.some((tag) => tagsNamedBy(rule).includes(tag.code))),
  );
  // The same answer goes to people who may not see rules about the other sensitive tags.
  const own = new Set([...changed, ...tagsOfProposal(proposal)]);
  const secret = dictionary.tags.filter(({ code, sensitive }) => sensitive && !own.has(code));
  const shown = rules.filter(
    (rule) =>
      own.has(rule.code) ||
      !tagsOfRule(rule, dictionary).some((code) => secret.some((tag) => tag.code === code)),
  );
  const changedIds = changedTagIds(proposal, dictionary);
  const changedTags = dictionary.tags.filter(({ id }) => changedIds.includes(id));
  return {
    customers: changesCustomers(proposal) ? carrying : 0,
    carrying,
    rules: shown.map(({ code }) => code),
    warnings: await countOpenWarnings(database, rules),
    sources: await listSourcesOf(database, changedIds),
    usedBy: isOpen ? await readUse(database, changedTags) : null,
    tags: dictionary.tags
      .filter(
        ({ id, code, status, parentCode, successorCode }) =>
          status !== 'archived' &&
          !changedIds.includes(id) &&
          !secret.some((tag) => tag.code === code) &&
          changedTags.some((tag) => tag.code === parentCode || tag.code === successorCode),
      )
      .map(({ code }) => code),
  };
}

/** Who puts the tags on; of sensitive ones nobody is named. */
async function readUse(database: Database, tags: readonly Tag[]): Promise<TagUse | null> {
  const users = await readTagUsers(
    database,
    tags.map(({ id }) => id),
  );
  const { assignments, people, departments, automatic } = users;
  if (assignments === 0) return null;
  const isSecret = tags.some(({ sensitive }) => sensitive);
  const share = (part: number) => part / assignments;
  return {
    departments: isSecret
      ? []
      : departments
          .slice(0, usersMax)
          .map((one) => ({ code: one.code, share: share(one.assignments) })),
    people: isSecret ? [] : people.slice(0, usersMax).map(({ code }) => code),
    peopleCount: people.length,
    automatic: share(automatic),
  };
}

/** The tag that each change of a proposal is about first, where it is there already. */
function changedTagIds(proposal: RequestProposal, dictionary: Dictionary): readonly number[] {
  const ids = itemsOf(proposal).flatMap((item) => {
    const [first] = namedTags(item, dictionary.tags);
    return first === undefined ? [] : [first.id];
  });
  return [...new Set(ids)];
}

/** Customers who carry the tag that would change; of a batch, of each of its tags. */
export async function countCarrying(
  database: Database,
  proposal: RequestProposal,
  dictionary: Dictionary,
): Promise<number> {
  const counts = await countByTag(database, changedTagIds(proposal, dictionary));
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

async function countOpenWarnings({ sql }: Database, rules: readonly Rule[]): Promise<number> {
  if (rules.length === 0) return 0;
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from warning
    where state <> 'closed' and rule_id = any (${numberList(rules.map(({ id }) => id))}::int[])`;
  return row?.count ?? 0;
}

async function listSourcesOf(
  { sql }: Database,
  tagIds: readonly number[],
): Promise<readonly LocalizedText[]> {
  if (tagIds.length === 0) return [];
  const rows = await sql<{ name: LocalizedText }[]>`
    select source.body -> 'name' as name
    from tag_source_count join source on source.id = tag_source_count.source_id
    where tag_source_count.tag_id = any (${numberList(tagIds)}::int[])
      and tag_source_count.customers > 0
    group by source.id, source.body
    order by sum(tag_source_count.customers) desc limit ${sourcesMax}`;
  return rows.map(({ name }) => name);
}

/** Of `tags`, those that may already mean what is proposed, with why and how many customers carry them. */
async function similarTags(
  database: Database,
  proposal: AskedProposal,
  tags: readonly Tag[],
): Promise<readonly SimilarTag[]> {
  const described = describedTags(proposal, tags);
  if (described.length === 0) return [];
  const searcher = await similarTagSearcher(database);
  // The same answer goes to people who may not see the sensitive ones.
  const allowed = new Map(
    tags
      .filter(({ status, sensitive }) => status !== 'archived' && !sensitive)
      .map((tag) => [tag.code, tag]),
  );
  for (const code of codesOfAsked(proposal)) allowed.delete(code);
  const named = described
    .flatMap((one) => searcher.find(one, (code) => allowed.has(code), similarMax))
    .filter(({ code }, index, all) => all.findIndex((other) => other.code === code) === index)
    .slice(0, similarMax)
    .flatMap(({ code, why }) => {
      const tag = allowed.get(code);
      return tag === undefined ? [] : [{ tag, why }];
    });
  const counts = await countByTag(
    database,
    named.map(({ tag }) => tag.id),
  );
  return named.map(({ tag, why }) => ({
    code: tag.code,
    name: tag.name,
    customers: counts.get(tag.id) ?? 0,
    why,
  }));
}

type DescribedTag = Pick<Tag, 'name' | 'definition' | 'category' | 'departmentCodes'>;

/** What a proposal would make a tag mean; empty where no meaning comes anew. */
function describedTags(proposal: AskedProposal, tags: readonly Tag[]): readonly DescribedTag[] {
  return itemsOf(proposal).flatMap((item) => describedTagsOf(item, tags));
}

function describedTagsOf(proposal: AskedSingle, tags: readonly Tag[]): readonly DescribedTag[] {
  switch (proposal.kind) {
    case 'create-tag':
      return [proposal];
    case 'split-tag': {
      const tag = tags.find(({ code }) => code === proposal.code);
      return [proposal.met, proposal.unmet].map((part) => ({
        category: 'basic',
        departmentCodes: [],
        ...tag,
        ...part,
      }));
    }
    case 'change-tag': {
      const { code, after } = proposal;
      const tag = tags.find((one) => one.code === code);
      if (tag === undefined || (after.name === undefined && after.definition === undefined)) {
        return [];
      }
      return [{ ...tag, ...after }];
    }
    case 'activate-tag':
      return tags.filter(({ code }) => code === proposal.code);
    case 'merge-tags':
    case 'deprecate-tag':
    case 'retire-tag':
    case 'change-rule':
    case 'exception':
      return [];
    default:
      return assertNever(proposal);
  }
}

function codesOfAsked(proposal: AskedProposal): readonly string[] {
  return itemsOf(proposal).flatMap((item) => ('code' in item ? [item.code] : []));
}

function namedTags(proposal: RequestProposal, tags: readonly Tag[]): readonly Tag[] {
  return tagsOfProposal(proposal).flatMap((code) => tags.filter((tag) => tag.code === code));
}

async function countByTag(
  database: Database,
  tagIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  if (tagIds.length === 0) return new Map();
  const rows = await database.query
    .select({ tagId: tagCounts.tagId, customers: tagCounts.customers })
    .from(tagCounts)
    .where(inArray(tagCounts.tagId, [...tagIds]));
  return new Map(rows.map((row) => [row.tagId, row.customers]));
}
