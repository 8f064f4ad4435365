import { eq } from 'drizzle-orm';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { RuleDefinition } from '../../domain/configuration.ts';
import type { RequestProposal } from '../../domain/request.ts';
import type { Database } from '../client.ts';
import { rules } from '../schema/dictionary.ts';
import { appendAudit, type Queryable } from './audit.ts';
import type { ApprovedRequest } from './tag-changes.ts';

/**
 * Puts an approved rule into force, where it is still as the committee saw it. Harmless when it is in force already.
 * False: it was changed meanwhile.
 */
export async function applyApprovedRule(
  database: Database,
  request: ApprovedRequest,
  proposal: Extract<RequestProposal, { kind: 'change-rule' }>,
): Promise<boolean> {
  const { before, after } = proposal;
  return database.query.transaction(async (transaction) => {
    const [row] = await transaction
      .select()
      .from(rules)
      .where(eq(rules.code, after.code))
      .for('update');
    const present = row === undefined || row.removed ? null : { ...row.body, enabled: row.enabled };
    if (canonicalJson(present) === canonicalJson(after)) return true;
    if (canonicalJson(present) !== canonicalJson(before)) return false;
    const values = {
      code: after.code,
      kind: after.kind,
      enabled: after.enabled,
      body: after,
      removed: false,
    };
    await (row === undefined
      ? transaction.insert(rules).values({ ...values, version: 1 })
      : transaction
          .update(rules)
          .set({ ...values, version: row.version + 1 })
          .where(eq(rules.id, row.id)));
    await auditRule(transaction, request, { before, after });
    return true;
  });
}

async function auditRule(
  transaction: Queryable,
  request: ApprovedRequest,
  change: { readonly before: RuleDefinition | null; readonly after: RuleDefinition },
): Promise<void> {
  const { before, after } = change;
  const row = {
    actorCode: request.requesterCode,
    through: 'system',
    action: before === null ? 'rule.created' : 'rule.changed',
    subjectKind: 'rule',
    subjectId: after.code,
    before,
    after,
  };
  await appendAudit(transaction, [row], request.nowMs);
}
