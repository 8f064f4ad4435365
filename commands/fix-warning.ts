import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { previewFix } from '../db/stores/fix-preview.ts';
import { loadFix } from '../db/stores/fixes.ts';
import type { FixChoice } from '../domain/fix.ts';
import { mayUseSensitiveTag, type MayNotUse } from '../domain/rights.ts';
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
    prepare: async () => {
      if (choice.kind === 'again' && !(await canRepeat(context, warningId, choice.fixId))) {
        const id = String(choice.fixId);
        return { kind: 'refused', refusal: { kind: 'not-found', what: 'fix', id } };
      }
      const refusal = await unusableTag(context, actor, input);
      if (refusal !== null) return { kind: 'refused', refusal };
      const decided = choice.kind === 'by-customer' ? choice.resolutions.length : 1;
      if (decided >= 1 && decided <= decidedCustomersMax) {
        return { kind: 'update', update: { kind: 'fix', choice } };
      }
      const expected = `1–${decidedCustomersMax} customers`;
      return { kind: 'refused', refusal: { kind: 'invalid', field: 'resolutions', expected } };
    },
  });
}

/** A fix of the same warning that was written to its end. */
async function canRepeat(
  { database }: CommandContext,
  warningId: number,
  fixId: number,
): Promise<boolean> {
  const fix = await loadFix(database.query, fixId);
  return fix?.warningId === warningId && fix.state === 'written';
}

/** A sensitive tag that the fix would put on and the actor may not use. Looked for only where there is any such tag. */
async function unusableTag(
  { database }: CommandContext,
  { person }: Actor,
  { warningId, choice }: { readonly warningId: number; readonly choice: FixChoice },
): Promise<MayNotUse | null> {
  const { dictionary, people } = await readCurrentKnowledge(database);
  if (dictionary.tags.every((tag) => mayUseSensitiveTag(person, tag, people))) return null;
  const planned = await previewFix(database, warningId, choice, person);
  return planned?.mayNotUse ?? null;
}
