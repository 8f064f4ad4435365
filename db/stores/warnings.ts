import { eq } from 'drizzle-orm';
import type { Warning } from '../../domain/warning.ts';
import { warnings } from '../schema/warnings.ts';
import type { Queryable } from './audit.ts';

type WarningRow = typeof warnings.$inferSelect;

/** The warning that a projection row stands for. */
export function warningFromRow(row: WarningRow): Warning {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    ruleCode: row.ruleCode,
    severity: row.severity,
    ownerCode: row.ownerCode,
    secondLineCode: row.secondLineCode,
    managerCode: row.managerCode,
    state: row.stateBody,
    level: row.level,
    snoozedUntilMs: row.snoozedUntil,
    snoozes: row.snoozes,
    customers: row.customers,
    openedAtMs: row.openedAt,
    claimDueAtMs: row.claimDueAt,
    closeDueAtMs: row.closeDueAt,
    version: row.version,
  };
}

export async function loadWarning(database: Queryable, id: number): Promise<Warning | null> {
  const [row] = await database.select().from(warnings).where(eq(warnings.id, id));
  return row === undefined ? null : warningFromRow(row);
}
