import { eq, inArray } from 'drizzle-orm';
import type { RequestView, SimilarTag } from '../../bot/views.ts';
import type { RequestProposal } from '../../domain/request.ts';
import { tagsOfProposal, tally } from '../../domain/request.ts';
import type { Rule } from '../../domain/rule.ts';
import { tagsNamedBy } from '../../domain/rule-tags.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Database } from '../client.ts';
import { tagCounts } from '../schema/population.ts';
import { fixes } from '../schema/warnings.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { listRequestMessages } from './request-messages.ts';
import { loadRequest } from './requests.ts';
import { similarTagSearcher } from './similar-tags.ts';
import { readNewestFix } from './warning-views.ts';

const similarMax = 5;

/** Everything a request's card says; null where there is no such request. */
export async function readRequestView(
  database: Database,
  requestId: number,
): Promise<RequestView | null> {
  const request = await loadRequest(database.query, requestId);
  if (request === null) return null;
  const [{ dictionary, people, departments }, messages, fix] = await Promise.all([
    readCurrentKnowledge(database),
    listRequestMessages(database.query, requestId),
    readNewestFix(database, eq(fixes.requestId, requestId)),
  ]);
  const named = namedTags(request.proposal, dictionary.tags);
  return {
    request,
    tally: tally(request),
    messages,
    similar: await similarTags(database, request.proposal, dictionary.tags),
    impact: {
      customers: await countCustomers(database, named),
      rules: dictionary.rules
        .filter((rule) => named.some((tag) => mentions(rule, tag.code)))
        .map((rule) => rule.code),
    },
    tags: new Map(named.map((tag) => [tag.code, { code: tag.code, name: tag.name }])),
    fix,
    departments,
    people,
  };
}

/** Of `tags`, those that may already mean what is proposed, with why and how many customers carry them. */
export async function similarTags(
  database: Database,
  proposal: RequestProposal,
  tags: readonly Tag[],
): Promise<readonly SimilarTag[]> {
  if (proposal.kind !== 'create-tag') return [];
  const searcher = await similarTagSearcher(database);
  const allowed = new Map(
    tags.filter((tag) => tag.status !== 'archived').map((tag) => [tag.code, tag]),
  );
  allowed.delete(proposal.code);
  const named = searcher
    .find(proposal, (code) => allowed.has(code), similarMax)
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

function namedTags(proposal: RequestProposal, tags: readonly Tag[]): readonly Tag[] {
  return tagsOfProposal(proposal).flatMap((code) => tags.filter((tag) => tag.code === code));
}

/** Customers who carry the first of the tags: those whom a merge would re-tag. */
async function countCustomers(database: Database, tags: readonly Tag[]): Promise<number> {
  const [first] = tags;
  if (first === undefined) return 0;
  return (await countByTag(database, [first.id])).get(first.id) ?? 0;
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

function mentions(rule: Rule, tagCode: string): boolean {
  return tagsNamedBy(rule).includes(tagCode);
}
