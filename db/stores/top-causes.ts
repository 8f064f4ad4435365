import { and, desc, inArray, ne } from 'drizzle-orm';
import type { Cause } from '../../bot/views.ts';
import type { Dictionary } from '../../domain/dictionary.ts';
import type { Database } from '../client.ts';
import { warnings } from '../schema/warnings.ts';
import { inScope, type WarningScope } from './warning-figures.ts';
import { currentEvidence } from './warning-views.ts';

/** Open warnings that are asked for their cause: those of most customers. */
const warningsMax = 20;
const causesMax = 3;

/**
 * What brought most customers of the largest open warnings, in the words of their cards. Each counts among the customers
 * of the warnings that it is the cause of; a customer of two warnings counts in both.
 */
export async function readTopCauses(
  database: Database,
  scope: WarningScope,
  dictionary: Dictionary,
): Promise<readonly Cause[]> {
  const { query, sql } = database;
  const largest = await sql<{ id: number }[]>`
    select id from warning where state <> 'closed' and ${inScope(sql, scope)}
    order by customers desc, id limit ${warningsMax}`;
  const rows = await query
    .select()
    .from(warnings)
    .where(
      and(
        inArray(
          warnings.id,
          largest.map(({ id }) => id),
        ),
        ne(warnings.state, 'closed'),
      ),
    )
    .orderBy(desc(warnings.customers), warnings.id);
  const hiddenRuleIds = scope.reader?.hiddenRuleIds ?? [];
  const isHidden = (cause: Cause) =>
    cause.kind === 'rule' &&
    dictionary.rules.some(({ id, code }) => code === cause.ruleCode && hiddenRuleIds.includes(id));
  const causes = new Map<string, Cause>();
  for (const row of rows) {
    const rule = dictionary.rules.find(({ id }) => id === row.ruleId);
    if (rule === undefined) continue;
    const cause = (await currentEvidence(database, { row, rule, dictionary }))?.cause ?? null;
    if (cause === null || isHidden(cause)) continue;
    const key = JSON.stringify([cause.kind, cause.name]);
    causes.set(key, added(causes.get(key), cause));
  }
  return [...causes.values()].sort((a, b) => b.count - a.count).slice(0, causesMax);
}

function added(sum: Cause | undefined, { lift: _lift, ...cause }: Cause): Cause {
  return { ...cause, count: cause.count + (sum?.count ?? 0), of: cause.of + (sum?.of ?? 0) };
}
