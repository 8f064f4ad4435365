import { and, desc, eq, inArray, ne, or, sql as expression, type SQL } from 'drizzle-orm';
import type { FixView, LeftAfterFix, WarningEvidence, WarningView } from '../../bot/views.ts';
import type { Dictionary } from '../../domain/dictionary.ts';
import { isAbsent, type Person } from '../../domain/person.ts';
import type { Rule } from '../../domain/rule.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Database } from '../client.ts';
import { fixes, warnings } from '../schema/warnings.ts';
import { readCurrentKnowledge, readCurrentPolicy } from './current-knowledge.ts';
import { loadFixCounts } from './fixes.ts';
import { countMuted } from './muted-findings.ts';
import { readEvidence, readSeen } from './warning-evidence.ts';
import { warningFromRow } from './warnings.ts';

const leftAloneMax = 5;

/** Everything a warning's card says; null where there is no such warning. */
export async function readWarningView(
  database: Database,
  warningId: number,
  nowMs: number,
): Promise<WarningView | null> {
  const [row] = await database.query.select().from(warnings).where(eq(warnings.id, warningId));
  if (row === undefined) return null;
  const [{ dictionary, people }, policy, fix] = await Promise.all([
    readCurrentKnowledge(database),
    readCurrentPolicy(database),
    readNewestFix(database, eq(fixes.warningId, warningId)),
  ]);
  const rule = dictionary.rules.find((candidate) => candidate.id === row.ruleId);
  if (rule === undefined) return null;
  const [evidence, leftAfterFix, muted] = await Promise.all([
    currentEvidence(database, { row, rule, dictionary }),
    fix?.state === 'written' ? readLeftAfterFix(database, warningId, fix.id) : null,
    row.state === 'closed'
      ? []
      : countMuted(database.sql, policy.grouping.inhibitions, { warningId }),
  ]);
  const firstTag = findTag(dictionary.tags, evidence?.firstTagId ?? null);
  const owner = people.get(row.ownerCode);
  return {
    warning: warningFromRow(row),
    rule,
    firstTag,
    secondTag: findTag(dictionary.tags, evidence?.secondTagId ?? null),
    examples: evidence?.examples ?? [],
    cause: evidence?.cause ?? null,
    resolutions: evidence?.resolutions ?? [],
    successor: findSuccessor(rule, firstTag, dictionary.tags),
    automaticFix: row.automaticFix,
    fix,
    leftAfterFix,
    muted: muted.map(({ ruleCode, findings }) => ({ ruleCode, findings })),
    people,
    deputyCode: owner !== undefined && isAbsent(owner, nowMs) ? owner.deputyCode : null,
    escalation: policy.escalation,
    duties: policy.duties,
    groups: policy.groups,
  };
}

/** The kept evidence where it is still true or where the findings are gone; otherwise it is read and kept anew. */
export async function currentEvidence(
  database: Database,
  input: {
    readonly row: typeof warnings.$inferSelect;
    readonly rule: Rule;
    readonly dictionary: Dictionary;
  },
): Promise<WarningEvidence | null> {
  const { row, rule, dictionary } = input;
  const seen = await readSeen(database.sql, row.id);
  if (seen === null || seen === row.evidence?.seen) return row.evidence;
  const evidence = await readEvidence(database, { warningId: row.id, rule, dictionary });
  if (evidence === null) return row.evidence;
  await database.query.update(warnings).set({ evidence }).where(eq(warnings.id, row.id));
  return evidence;
}

function findTag(tags: readonly Tag[], id: number | null): WarningView['firstTag'] {
  const tag = tags.find((candidate) => candidate.id === id);
  return tag === undefined ? null : { id: tag.id, code: tag.code, name: tag.name };
}

function findSuccessor(
  rule: Rule,
  firstTag: WarningView['firstTag'],
  tags: readonly Tag[],
): WarningView['successor'] {
  const successorCode =
    rule.kind === 'synonym'
      ? rule.canonicalCode
      : (tags.find((tag) => tag.id === firstTag?.id)?.successorCode ?? null);
  const successor = tags.find((tag) => tag.code === successorCode);
  return successor === undefined
    ? null
    : { id: successor.id, code: successor.code, name: successor.name };
}

/** The newest of some fixes as a card tells it; null where there is none. */
export async function readNewestFix(database: Database, which: SQL): Promise<FixView | null> {
  const [fix] = await database.query
    .select()
    .from(fixes)
    .where(which)
    .orderBy(desc(fixes.id))
    .limit(1);
  if (fix === undefined) return null;
  const [counts, undoCounts, leftAlone] = await Promise.all([
    loadFixCounts(database.sql, fix.id, 'fix'),
    loadFixCounts(database.sql, fix.id, 'undo'),
    database.sql<
      { ref: string; outcome: 'changed-meanwhile' | 'refused'; detail: string | null }[]
    >`
      select customer.ref, item.outcome, item.detail
      from fix_item item join mirror_customer customer on customer.id = item.customer_id
      where item.fix_id = ${fix.id} and item.outcome in ('changed-meanwhile', 'refused')
      order by item.customer_id limit ${leftAloneMax}`,
  ]);
  return {
    id: fix.id,
    choice: fix.choice,
    state: fix.state,
    counts,
    requestedBy: fix.requestedBy,
    writtenAtMs: fix.writtenAt,
    undoUntilMs: fix.undoUntil,
    undoneBy: fix.undoneBy,
    undoCounts: fix.undoneAt === null && fix.state !== 'undoing' ? null : undoCounts,
    leftAlone: leftAlone.map((item) => ({
      ref: item.ref,
      outcome: item.outcome,
      detail: item.detail,
    })),
  };
}

/** Tells apart why customers are still in a warning after its fix; null where none is. */
async function readLeftAfterFix(
  database: Database,
  warningId: number,
  fixId: number,
): Promise<LeftAfterFix | null> {
  const [row] = await database.sql<LeftAfterFix[]>`
    select (count(*) filter (where was_treated))::int as "notFixed",
      (count(*) filter (where not was_treated and not is_new))::int as "notTreated",
      (count(*) filter (where not was_treated and is_new))::int as "foundSince"
    from (
      select exists (select from fix_item item where item.fix_id = fix.id
          and item.customer_id = f.customer_id) as was_treated,
        min(f.opened_at) > fix.created_at as is_new
      from finding f join fix on fix.id = ${fixId}
      where f.warning_id = ${warningId} and f.state = 'open'
      group by f.customer_id, fix.id, fix.created_at) as customer`;
  if (row === undefined) return null;
  return row.notFixed + row.notTreated + row.foundSince === 0 ? null : row;
}

/** Ids of open warnings that a person is responsible for now: worst first, then oldest. */
export async function listResponsibilities(
  database: Database,
  input: {
    readonly personCode: string;
    readonly people: ReadonlyMap<string, Person>;
    readonly nowMs: number;
    readonly limit: number;
  },
): Promise<readonly number[]> {
  const { personCode, people, nowMs } = input;
  const standsInFor = [...people.values()]
    .filter((person) => person.deputyCode === personCode && isAbsent(person, nowMs))
    .map((person) => person.code);
  const rows = await database.query
    .select({ id: warnings.id })
    .from(warnings)
    .where(
      and(
        ne(warnings.state, 'closed'),
        or(
          inArray(warnings.ownerCode, [personCode, ...standsInFor]),
          expression`jsonb_path_exists(${warnings.escalations},
            '$[*].personCodes[*] ? (@ == $code)', jsonb_build_object('code', ${personCode}::text))`,
          expression`${warnings.stateBody} ->> 'by' = ${personCode}`,
        ),
      ),
    )
    .orderBy(
      expression`array_position(array['high', 'medium', 'low'], ${warnings.severity})`,
      warnings.openedAt,
    )
    .limit(input.limit);
  return rows.map((row) => row.id);
}
