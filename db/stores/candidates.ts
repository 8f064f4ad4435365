import { and, desc, eq, inArray, sql as expression } from 'drizzle-orm';
import type {
  Candidate,
  CandidateKind,
  CandidateState,
} from '../../domain/intelligence/candidate.ts';
import type { Opinion } from '../../domain/intelligence/opinion.ts';
import type { TaughtPair } from '../../domain/intelligence/lexicon.ts';
import type { Database } from '../client.ts';
import { candidates, candidateSearches } from '../schema/candidates.ts';
import { numberList } from '../number-list.ts';
import { appendAudit } from './audit.ts';
import { readInventoryTags } from './inventory.ts';

export interface StoredCandidate extends Candidate {
  readonly id: number;
  readonly state: CandidateState;
  readonly opinion: Opinion | null;
}

/**
 * Makes the open candidates what was found now among so many `tags`, and records that it was looked. Decisions stay as they are; what was put off and is due, and what
 * had gone and is found again, is open again; what is open and no longer found is gone.
 */
export async function replaceCandidates(
  database: Database,
  found: readonly Candidate[],
  { tags, nowMs }: { readonly tags: number; readonly nowMs: number },
): Promise<{ readonly open: number }> {
  const { sql } = database;
  const rows = found.map(({ kind, firstTagId, secondTagId, score, reasons }) => ({
    kind,
    first_tag_id: firstTagId,
    second_tag_id: secondTagId,
    score,
    reasons,
  }));
  return sql.begin(async (transaction) => {
    await transaction`lock table candidate in share row exclusive mode`;
    await transaction`
      update candidate set state = 'open', ask_again_at = null
      where state = 'later' and ask_again_at <= ${nowMs}`;
    await transaction`
      with found as (
        select * from jsonb_to_recordset(${transaction.json(rows)}) as f
          (kind text, first_tag_id int, second_tag_id int, score real, reasons jsonb)
      ), gone as (
        update candidate c set state = 'gone'
        where c.state = 'open' and not exists (
          select from found f where f.kind = c.kind and f.first_tag_id = c.first_tag_id
            and f.second_tag_id = c.second_tag_id)
      )
      insert into candidate (kind, first_tag_id, second_tag_id, score, reasons, state, found_at)
      select kind, first_tag_id, second_tag_id, score, reasons, 'open', ${nowMs} from found
      on conflict (kind, first_tag_id, second_tag_id) do update
        set score = excluded.score, reasons = excluded.reasons,
          state = case when candidate.state = 'gone' then 'open' else candidate.state end`;
    const [count] = await transaction<{ open: number }[]>`
      select count(*) as open from candidate where state = 'open'`;
    const open = count?.open ?? 0;
    await transaction`
      insert into candidate_search (ended_at, tags, open) values (${nowMs}, ${tags}, ${open})`;
    return { open };
  });
}

/** The last look over the dictionary found nothing out, because it failed. */
export async function recordFailedSearch({ query }: Database, nowMs: number): Promise<void> {
  await query.insert(candidateSearches).values({ endedAt: nowMs, tags: null, open: null });
}

export interface CandidateSearch {
  readonly endedAtMs: number;
  /** Tags in use then. */
  readonly tags: number;
}

/** How far the clean-up has come: the first and the last look that succeeded, and whether one has failed since. */
export async function readCandidateProgress({ sql }: Pick<Database, 'sql'>): Promise<{
  readonly first: CandidateSearch | null;
  readonly last: CandidateSearch | null;
  /** Epoch milliseconds; null: the last look succeeded. */
  readonly failedAtMs: number | null;
}> {
  const rows = await sql<{ ended_at: number; tags: number | null }[]>`
    (select id, ended_at, tags from candidate_search where tags is not null order by id limit 1)
    union
    (select id, ended_at, tags from candidate_search where tags is not null order by id desc limit 1)
    union
    (select id, ended_at, tags from candidate_search order by id desc limit 1)
    order by id`;
  const searches = rows.flatMap(({ ended_at: endedAtMs, tags }) =>
    tags === null ? [] : [{ endedAtMs, tags }],
  );
  const latest = rows.at(-1);
  return {
    first: searches.at(0) ?? null,
    last: searches.at(-1) ?? null,
    failedAtMs: latest?.tags === null ? latest.ended_at : null,
  };
}

/** Whose candidates: none of hidden tags, and where `ofTagIds` is given those alone of which every tag is among them. */
export interface CandidateScope {
  readonly hiddenTagIds: readonly number[];
  readonly ofTagIds: readonly number[] | null;
}

/** A page of one queue, the most pressing first; `kind` null: of all queues. */
export async function listCandidates(
  database: Database,
  filter: CandidateScope & {
    readonly kind: CandidateKind | null;
    readonly state: CandidateState;
  },
  page: { readonly offset: number; readonly limit: number },
): Promise<readonly StoredCandidate[]> {
  return database.query
    .select({
      id: candidates.id,
      kind: candidates.kind,
      firstTagId: candidates.firstTagId,
      secondTagId: candidates.secondTagId,
      score: candidates.score,
      reasons: candidates.reasons,
      state: candidates.state,
      opinion: candidates.opinion,
    })
    .from(candidates)
    .where(
      and(
        eq(candidates.state, filter.state),
        filter.kind === null ? undefined : eq(candidates.kind, filter.kind),
        ...filter.hiddenTagIds.flatMap((id) => [
          expression`${candidates.firstTagId} <> ${id}`,
          expression`${candidates.secondTagId} <> ${id}`,
        ]),
        filter.ofTagIds === null
          ? undefined
          : and(
              inArray(candidates.firstTagId, [...filter.ofTagIds]),
              inArray(candidates.secondTagId, [0, ...filter.ofTagIds]),
            ),
      ),
    )
    .orderBy(desc(candidates.score), candidates.id)
    .offset(page.offset)
    .limit(page.limit);
}

/** How many of each kind are in each state. */
export async function countCandidates(
  { sql }: Database,
  { hiddenTagIds, ofTagIds }: CandidateScope,
): Promise<
  readonly {
    readonly kind: CandidateKind;
    readonly state: CandidateState;
    readonly count: number;
  }[]
> {
  const hidden = numberList(hiddenTagIds);
  return sql<{ kind: CandidateKind; state: CandidateState; count: number }[]>`
    select kind, state, count(*) as count from candidate
    where first_tag_id <> all(${hidden}::int[]) and second_tag_id <> all(${hidden}::int[])
      and ${
        ofTagIds === null
          ? sql`true`
          : sql`first_tag_id = any(${numberList(ofTagIds)}::int[])
            and second_tag_id = any(${numberList([0, ...ofTagIds])}::int[])`
      }
    group by kind, state`;
}

export async function findCandidates(
  database: Database,
  ids: readonly number[],
): Promise<readonly StoredCandidate[]> {
  if (ids.length === 0) return [];
  return database.query
    .select()
    .from(candidates)
    .where(inArray(candidates.id, [...ids]));
}

/** Keeps what a language model makes of a candidate. */
export async function saveOpinion(
  { query }: Database,
  candidateId: number,
  opinion: Opinion,
): Promise<void> {
  await query.update(candidates).set({ opinion }).where(eq(candidates.id, candidateId));
}

export interface CandidateDecision {
  readonly state: Extract<CandidateState, 'open' | 'confirmed' | 'refused' | 'later'>;
  readonly by: string;
  readonly through: string;
  /** Epoch milliseconds; null unless put off. */
  readonly askAgainAtMs: number | null;
  readonly nowMs: number;
}

/** Records what a person decided on candidates, with an audit row each; those already so are left out. Returns the changed ids. */
export async function decideCandidates(
  database: Database,
  ids: readonly number[],
  decision: CandidateDecision,
): Promise<readonly number[]> {
  const { state, by, through, askAgainAtMs, nowMs } = decision;
  return database.query.transaction(async (transaction) => {
    const before = await transaction
      .select()
      .from(candidates)
      .where(inArray(candidates.id, [...ids]))
      .for('update');
    const changed = before.filter((candidate) => candidate.state !== state);
    if (changed.length === 0) return [];
    const changedIds = changed.map(({ id }) => id);
    await transaction
      .update(candidates)
      .set({ state, decidedBy: by, decidedAt: nowMs, askAgainAt: askAgainAtMs })
      .where(inArray(candidates.id, changedIds));
    await appendAudit(
      transaction,
      changed.map(({ id, kind, firstTagId, secondTagId, state: was }) => ({
        actorCode: by,
        through,
        action: `candidate.${state}`,
        subjectKind: 'candidate',
        subjectId: String(id),
        before: { state: was },
        after: { state, kind, firstTagId, secondTagId },
      })),
      nowMs,
    );
    return changedIds;
  });
}

/** Names of pairs that people ruled on: what a synonym is and what is not. Siblings confirmed are not the same. */
export async function loadTaughtPairs(database: Database): Promise<readonly TaughtPair[]> {
  const [rows, tags] = await Promise.all([
    database.query
      .select()
      .from(candidates)
      .where(
        and(
          inArray(candidates.kind, ['synonym', 'sibling', 'ambiguity']),
          inArray(candidates.state, ['confirmed', 'refused']),
        ),
      ),
    readInventoryTags(database),
  ]);
  const byId = new Map(tags.map((tag) => [tag.id, tag]));
  return rows.flatMap((row): readonly TaughtPair[] => {
    const [first, second] = [byId.get(row.firstTagId), byId.get(row.secondTagId)];
    if (first === undefined || second === undefined || row.kind === 'ambiguity') return [];
    if (row.kind === 'sibling' && row.state === 'refused') return [];
    const isSame = row.kind === 'synonym' && row.state === 'confirmed';
    return [{ left: first.name['zh-CN'], right: second.name['zh-CN'], isSame }];
  });
}
