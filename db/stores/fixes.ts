import { eq } from 'drizzle-orm';
import type { FixChoice } from '../../domain/fix.ts';
import { fixes } from '../schema/warnings.ts';
import type { Queryable } from './audit.ts';

/** Records a fix that somebody asked for. A repeated `planKey` answers with the fix it made the first time. */
export async function beginFix(
  database: Queryable,
  input: {
    readonly planKey: string;
    readonly warningId: number | null;
    readonly requestId: number | null;
    readonly choice: FixChoice | null;
    readonly requestedBy: string;
  },
  nowMs: number,
): Promise<number> {
  const { planKey, warningId, requestId, choice, requestedBy } = input;
  await database
    .insert(fixes)
    .values({
      planKey,
      warningId,
      requestId,
      choice,
      requestedBy,
      state: 'planned',
      createdAt: nowMs,
    })
    .onConflictDoNothing({ target: fixes.planKey });
  const [row] = await database
    .select({ id: fixes.id })
    .from(fixes)
    .where(eq(fixes.planKey, planKey));
  if (row === undefined) throw new Error(`Fix ${planKey} was not recorded.`);
  return row.id;
}
