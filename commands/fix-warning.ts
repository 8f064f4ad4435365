import type { FixChoice } from '../domain/fix.ts';
import type { Actor } from './command.ts';
import { changeWarning, type WarningResult } from './change-warning.ts';
import type { CommandContext } from './context.ts';

/** Customers decided one by one in one go; more are decided for all at once. */
const decidedCustomersMax = 1000;

/** Begins to write the chosen fix to the source; the card tells how it went. */
export async function fixWarning(
  context: CommandContext,
  actor: Actor,
  input: { readonly warningId: number; readonly choice: FixChoice },
): Promise<WarningResult> {
  const { warningId, choice } = input;
  return changeWarning(context, actor, {
    warningId,
    action: 'fix',
    prepare: () => {
      const decided = choice.kind === 'by-customer' ? choice.resolutions.length : 1;
      if (decided >= 1 && decided <= decidedCustomersMax) {
        return { kind: 'update', update: { kind: 'fix', choice } };
      }
      const expected = `1–${decidedCustomersMax} customers`;
      return { kind: 'refused', refusal: { kind: 'invalid', field: 'resolutions', expected } };
    },
  });
}
