import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { addSilence, endSilence, listSilences, previewSilence } from '../db/stores/silences.ts';
import { maySilence, roleRefusal } from '../domain/department-rights.ts';
import { visibleDictionary } from '../domain/hidden.ts';
import { heldRoles } from '../domain/person.ts';
import type { Silence, SilencePreview, SilenceScope } from '../domain/silence.ts';
import type { Actor, CommandRefusal, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { noteFault } from './note.ts';
import { auditingRefusal } from './refused.ts';

const dayMs = 86_400_000;
/** How far back a preview looks. */
export const previewDays = 30;
const silencesShownMax = 200;

type Refused = { readonly kind: 'refused'; readonly refusal: CommandRefusal };

/** What a silence of this scope would have hidden in the last `previewDays` days; for whoever may begin it. */
export async function previewSilenceOf(
  context: CommandContext,
  actor: Actor,
  scope: SilenceScope,
): Promise<CommandResult<{ readonly preview: SilencePreview }>> {
  const fault = await scopeFault(context, actor, scope);
  if (fault !== null) return refused(fault);
  const sinceMs = context.now() - previewDays * dayMs;
  return { kind: 'done', preview: await previewSilence(context.database.query, scope, sinceMs) };
}

/**
 * Keeps findings of a scope from opening warnings until an instant, at most as long as an exception may last without
 * the committee; for data admins, those of departments where it hides warnings of their people alone. Warnings that
 * are open already go on.
 */
export async function silenceFindings(
  context: CommandContext,
  actor: Actor,
  input: SilenceScope & { readonly untilMs: number; readonly reason: string },
): Promise<CommandResult<{ readonly silence: Silence }>> {
  const result = await begin(context, actor, input);
  return auditingRefusal(
    context,
    actor,
    { action: 'begin', subjectKind: 'silence', subjectId: scopeName(input) },
    result,
  );
}

async function begin(
  context: CommandContext,
  actor: Actor,
  input: SilenceScope & { readonly untilMs: number; readonly reason: string },
): Promise<CommandResult<{ readonly silence: Silence }>> {
  const fault =
    (await scopeFault(context, actor, input)) ?? (await endFault(context, input.untilMs));
  if (fault !== null) return refused(fault);
  const reasonFault = noteFault(input.reason, { field: 'reason', required: true });
  if (reasonFault !== null) return refused(reasonFault);
  const { ruleCode, tagCode, severity, untilMs } = input;
  const silence = await addSilence(
    context.database,
    { ruleCode, tagCode, severity, untilMs, reason: input.reason.trim() },
    byOf(context, actor),
  );
  return { kind: 'done', silence };
}

/** Ends a silence before its time; what it held back is told with the next scan. For whoever may begin it. */
export async function endSilenceNow(
  context: CommandContext,
  actor: Actor,
  silenceId: number,
): Promise<CommandResult<{ readonly silence: Silence }>> {
  const result = await end(context, actor, silenceId);
  return auditingRefusal(
    context,
    actor,
    { action: 'end', subjectKind: 'silence', subjectId: String(silenceId) },
    result,
  );
}

async function end(
  context: CommandContext,
  actor: Actor,
  silenceId: number,
): Promise<CommandResult<{ readonly silence: Silence }>> {
  const all = await listSilences(context.database.query, silencesShownMax);
  const silence = all.find((one) => one.id === silenceId);
  const { person } = actor;
  const known = await readCurrentKnowledge(context.database);
  const isTheirs = silence !== undefined && maySilence(person, silence, known);
  if (!isTheirs && !person.roles.includes('data-admin')) {
    return refused(roleRefusal(person, 'data-admin'));
  }
  const ended = await endSilence(context.database, silenceId, byOf(context, actor));
  if (ended !== null) return { kind: 'done', silence: ended };
  return silence === undefined
    ? refused({ kind: 'not-found', what: 'silence', id: String(silenceId) })
    : { kind: 'unchanged', silence };
}

/** What a silence is about, in codes. */
function scopeName({ ruleCode, tagCode, severity }: SilenceScope): string {
  return [ruleCode, tagCode, severity].filter((part) => part !== null).join(' ') || 'everything';
}

async function scopeFault(
  context: CommandContext,
  { person }: Actor,
  scope: SilenceScope,
): Promise<CommandRefusal | null> {
  const known = await readCurrentKnowledge(context.database);
  const { ruleCode, tagCode, severity } = scope;
  if (heldRoles(person).every((role) => role !== 'data-admin')) {
    return roleRefusal(person, 'data-admin');
  }
  if (ruleCode === null && tagCode === null && severity === null) {
    return { kind: 'invalid', field: 'scope', expected: 'a rule, a tag or a severity' };
  }
  const { rules, tags } = visibleDictionary(known.dictionary, person, known.people);
  if (ruleCode !== null && !rules.some((rule) => rule.code === ruleCode)) {
    return { kind: 'not-found', what: 'rule', id: ruleCode };
  }
  if (tagCode !== null && !tags.some((tag) => tag.code === tagCode)) {
    return { kind: 'not-found', what: 'tag', id: tagCode };
  }
  return maySilence(person, scope, known) ? null : roleRefusal(person, 'data-admin');
}

async function endFault(context: CommandContext, untilMs: number): Promise<CommandRefusal | null> {
  const { exceptions } = await loadPolicy(context.database.query);
  const nowMs = context.now();
  if (untilMs > nowMs && untilMs <= nowMs + exceptions.daysMax * dayMs) return null;
  return { kind: 'invalid', field: 'until', expected: `1–${exceptions.daysMax}` };
}

function byOf(context: CommandContext, { person, through }: Actor) {
  return { personCode: person.code, through, nowMs: context.now() };
}

function refused(refusal: CommandRefusal): Refused {
  return { kind: 'refused', refusal };
}
