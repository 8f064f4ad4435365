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
    const present = definitionIn(row);
    if (row?.removed !== true && canonicalJson(present) === canonicalJson(after)) return true;
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
    const action = before === null ? 'rule.created' : 'rule.changed';
    await auditRule(transaction, request, { action, code: after.code, before, after });
    return true;
  });
}

type RuleChange = Extract<RequestProposal, { kind: 'change-rule' }>;

/** Whether the rule still is as the request left it. */
export async function ruleStands(database: Queryable, { after }: RuleChange): Promise<boolean> {
  const [row] = await database.select().from(rules).where(eq(rules.code, after.code));
  return row?.removed === false && canonicalJson(definitionIn(row)) === canonicalJson(after);
}

/** Makes a rule what it was before a request that is taken back; one that it had made goes. */
export async function restoreRule(
  transaction: Queryable,
  request: ApprovedRequest,
  { before, after }: RuleChange,
): Promise<void> {
  const [row] = await transaction
    .select()
    .from(rules)
    .where(eq(rules.code, after.code))
    .for('update');
  // Whatever became of it since is not ours to take back.
  if (row === undefined || canonicalJson(definitionIn(row)) !== canonicalJson(after)) return;
  await transaction
    .update(rules)
    .set({
      ...(before === null
        ? { removed: true, enabled: false }
        : { body: before, enabled: before.enabled }),
      version: row.version + 1,
    })
    .where(eq(rules.id, row.id));
  await auditRule(transaction, request, {
    action: 'rule.restored',
    code: after.code,
    before: after,
    after: before,
  });
}

/** A rule that was removed is one that is off, as the dictionary has it. */
function definitionIn(row: typeof rules.$inferSelect | undefined): unknown {
  return row === undefined ? null : { ...row.body, enabled: row.enabled };
}

async function auditRule(
  transaction: Queryable,
  request: ApprovedRequest,
  change: {
    readonly action: 'rule.created' | 'rule.changed' | 'rule.restored';
    readonly code: string;
    readonly before: RuleDefinition | null;
    readonly after: RuleDefinition | null;
  },
): Promise<void> {
  const { action, code, before, after } = change;
  const row = {
    actorCode: request.requesterCode,
    through: 'system',
    action,
    subjectKind: 'rule',
    subjectId: code,
    before,
    after,
  };
  await appendAudit(transaction, [row], request.nowMs);
}
