import { and, eq, sql as expression } from 'drizzle-orm';
import { automaticActor, type AutomaticFixReport } from '../../domain/automatic-fix.ts';
import type { Rule } from '../../domain/rule.ts';
import type { Database, Sql } from '../client.ts';
import { rules } from '../schema/dictionary.ts';
import { warnings } from '../schema/warnings.ts';
import { appendAudit, type Queryable } from './audit.ts';

/** Whether the rule of a warning tries to resolve what it finds. */
export async function mayFixByItself(database: Queryable, warningId: number): Promise<boolean> {
  const [row] = await database
    .select({ id: rules.id })
    .from(rules)
    .innerJoin(warnings, eq(warnings.ruleId, rules.id))
    .where(
      and(
        eq(warnings.id, warningId),
        eq(rules.enabled, true),
        expression`jsonb_typeof(${rules.body} -> 'autoFix') = 'object'`,
      ),
    );
  return row !== undefined;
}

/**
 * How far a rule's open findings reach: its customers, and the largest part they are of the customers of a tag that
 * the findings are about; 0–1. A tag that was never counted counts as theirs alone.
 */
export async function readReach(
  sql: Sql,
  ruleId: number,
): Promise<{ readonly ruleCustomers: number; readonly share: number }> {
  const [row] = await sql<{ customers: number; share: number }[]>`
    with found as (
      select first_tag_id, count(distinct customer_id) as customers
      from finding where rule_id = ${ruleId} and state = 'open' group by first_tag_id
    )
    select
      (select count(distinct customer_id) from finding where rule_id = ${ruleId} and state = 'open')
        as customers,
      coalesce((select max(least(1, found.customers / greatest(counted.customers, found.customers, 1)::float8))
        from found left join tag_count counted on counted.tag_id = found.first_tag_id), 0) as share`;
  return { ruleCustomers: row?.customers ?? 0, share: row?.share ?? 0 };
}

/** Whether somebody has taken back what this rule did by itself since an instant. */
export async function wasTakenBack(
  sql: Sql,
  input: { readonly ruleId: number; readonly sinceMs: number },
): Promise<boolean> {
  const rows = await sql`
    select from fix join warning on warning.id = fix.warning_id
    where warning.rule_id = ${input.ruleId} and fix.requested_by = ${automaticActor}
      and (fix.state = 'undoing' or fix.undone_at > ${input.sinceMs}::timestamptz)
    limit 1`;
  return rows.length > 0;
}

/** Keeps a dry run with what came of it, and its audit row. */
export async function recordAutomaticFix(
  database: Database,
  warningId: number,
  report: AutomaticFixReport,
): Promise<void> {
  const { atMs, ...after } = report;
  await database.query.transaction(async (transaction) => {
    await transaction
      .update(warnings)
      .set({ automaticFix: report })
      .where(eq(warnings.id, warningId));
    const entry = {
      actorCode: null,
      through: 'system',
      action: 'warning.automatic-fix-decided',
      subjectKind: 'warning',
      subjectId: String(warningId),
      before: null,
      after,
    };
    await appendAudit(transaction, [entry], atMs);
  });
}

/** Ends what a rule does by itself, with its audit row. Answers what it was, or null where it did nothing. */
export async function turnOffAutoFix(
  database: Database,
  input: { readonly ruleId: number; readonly actorCode: string; readonly through: string },
  nowMs: number,
): Promise<Rule['autoFix'] | null> {
  return database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .select()
      .from(rules)
      .where(eq(rules.id, input.ruleId))
      .for('update');
    if (row?.body.autoFix === undefined) return null;
    const { autoFix: before, ...body } = row.body;
    await transaction
      .update(rules)
      .set({ body, version: row.version + 1 })
      .where(eq(rules.id, row.id));
    const entry = {
      actorCode: input.actorCode,
      through: input.through,
      action: 'rule.auto-fix-turned-off',
      subjectKind: 'rule',
      subjectId: row.code,
      before,
      after: null,
    };
    await appendAudit(transaction, [entry], nowMs);
    return before;
  });
}
