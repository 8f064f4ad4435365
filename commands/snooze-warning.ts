import { loadPolicy } from '../db/stores/dictionary.ts';
import type { Actor } from './command.ts';
import { changeWarning, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';

const hourMs = 3_600_000;

/** Stops reminders until an instant, at most as long as the policy allows; deadlines and escalation go on. */
export async function snoozeWarning(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number; readonly untilMs: number },
): Promise<WarningResult> {
  const { warningId, untilMs } = input;
  return changeWarning(context, actor, {
    warningId,
    action: 'snooze',
    prepare: async () => {
      const { snooze } = await loadPolicy(context.database.query);
      const nowMs = context.now();
      if (untilMs > nowMs && untilMs <= nowMs + snooze.longestMs) {
        return { kind: 'update', update: { kind: 'snooze', untilMs } };
      }
      const expected = `1–${Math.floor(snooze.longestMs / hourMs)}`;
      return { kind: 'refused', refusal: { kind: 'invalid', field: 'hours', expected } };
    },
  });
}
