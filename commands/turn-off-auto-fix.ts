import { turnOffAutoFix as turnOffInStore } from '../db/stores/automatic-fixes.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import { mayTurnOffAutoFix } from '../domain/rights.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

/**
 * Ends what the rule of a warning does by itself, dry runs included, until the configuration says so again. For the
 * rule's owner, or the warning's where the rule names nobody, and for data admins.
 */
export async function turnOffAutoFix(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number },
): Promise<CommandResult<{ readonly ruleCode: string }>> {
  const { database } = context;
  const { warningId } = input;
  const [warning, { dictionary, people }] = await Promise.all([
    loadWarning(database.query, warningId),
    readCurrentKnowledge(database),
  ]);
  const rule = dictionary.rules.find(({ code }) => code === warning?.ruleCode);
  if (warning === null || rule === undefined) {
    const refusal = { kind: 'not-found', what: 'warning', id: String(warningId) } as const;
    return { kind: 'refused', refusal };
  }
  if (!mayTurnOffAutoFix(actor.person, rule, warning, people)) {
    const refusal = { kind: 'role-needed', role: 'data-admin' } as const;
    const card = { kind: 'warning', id: warningId } as const;
    const attempt = {
      action: 'turn-off-auto-fix',
      subjectKind: 'rule',
      subjectId: rule.code,
      card,
    };
    return auditingRefusal(context, actor, attempt, { kind: 'refused', refusal });
  }
  const was = await turnOffInStore(
    database,
    { ruleId: rule.id, actorCode: actor.person.code, through: actor.through },
    context.now(),
  );
  return { kind: was === null ? 'unchanged' : 'done', ruleCode: rule.code };
}
