import { canonicalJson } from '../domain/canonical-json.ts';
import { quietHoursFault, type Preference } from '../domain/preference.ts';
import { appendAudit } from '../db/stores/audit.ts';
import { announceQueue } from '../db/stores/deliveries.ts';
import { listOfferedGroups, loadPreference, savePreference } from '../db/stores/preferences.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';
import { auditingRefusal } from './refused.ts';

export type PreferenceResult = CommandResult<{ readonly preference: Preference }>;

/** Changes how the actor wants to be reached; what is not named stays as it is. Everybody sets their own only. */
export async function setPreferences(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  change: Partial<Preference>,
): Promise<PreferenceResult> {
  const result = await set(context, actor, change);
  return auditingRefusal(
    context,
    actor,
    { action: 'set-preferences', subjectKind: 'person', subjectId: actor.person.code },
    result,
  );
}

async function set(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  change: Partial<Preference>,
): Promise<PreferenceResult> {
  const { person, through } = actor;
  const { quietHours = null } = change;
  const fault = quietHours === null ? null : quietHoursFault(quietHours);
  if (fault !== null) {
    const expected = fault === 'no-days' ? 'at least one day' : 'a time of day such as 22:00';
    return { kind: 'refused', refusal: { kind: 'invalid', field: 'quietHours', expected } };
  }
  const nowMs = context.now();
  return context.database.query.transaction(async (transaction): Promise<PreferenceResult> => {
    const before = await loadPreference(transaction, person.code);
    const preference = { ...before, ...change };
    if (preference.group !== null && preference.group !== before.group) {
      const offered = await listOfferedGroups(transaction, person.code);
      if (!offered.some(({ code }) => code === preference.group)) {
        const expected = offered.map(({ code }) => code).join(', ') || 'null: no group is offered';
        return { kind: 'refused', refusal: { kind: 'invalid', field: 'group', expected } };
      }
    }
    if (canonicalJson(before) === canonicalJson(preference)) {
      return { kind: 'unchanged', preference };
    }
    await savePreference(transaction, { personCode: person.code, preference, nowMs });
    const entry = {
      actorCode: person.code,
      through,
      action: 'person.preferences-set',
      subjectKind: 'person',
      subjectId: person.code,
      before,
      after: preference,
    };
    // What waited for quiet hours that are no more goes out at once.
    await announceQueue(transaction);
    await appendAudit(transaction, [entry], nowMs);
    return { kind: 'done', preference };
  });
}
