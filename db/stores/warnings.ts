import { and, desc, eq, lt, ne, sql } from 'drizzle-orm';
import { severities, type Severity } from '../../domain/severity.ts';
import type { Warning } from '../../domain/warning.ts';
import type { Database } from '../client.ts';
import { exceptions, findings } from '../schema/scans.ts';
import { warningNotes, warnings } from '../schema/warnings.ts';
import { appendAudit, type AuditEntry, type Queryable } from './audit.ts';
import { announceQueue, queueUpdates } from './deliveries.ts';

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
    escalations: row.escalations,
    dutyCode: row.dutyCode,
    previousId: row.previousId,
    recurrences: row.recurrences,
    snoozedUntilMs: row.snoozedUntil,
    snoozes: row.snoozes,
    customers: row.customers,
    openedAtMs: row.openedAt,
    claimDueAtMs: row.claimDueAt,
    closeDueAtMs: row.closeDueAt,
    pause: row.pause,
    version: row.version,
  };
}

export async function loadWarning(database: Queryable, id: number): Promise<Warning | null> {
  const [row] = await database.select().from(warnings).where(eq(warnings.id, id));
  return row === undefined ? null : warningFromRow(row);
}

/** Every warning that is not closed, with what starts or finds its workflow. */
export async function listOpenWarnings(
  database: Queryable,
): Promise<readonly Pick<Warning, 'id' | 'fingerprint'>[]> {
  return database
    .select({ id: warnings.id, fingerprint: warnings.fingerprint })
    .from(warnings)
    .where(ne(warnings.state, 'closed'));
}

/** A duty rather than the person whose turn it is, so that a change of shift opens no second warning. */
function warningFingerprint({ ruleCode, ownerCode, dutyCode, part = '' }: NewWarning): string {
  const owner = dutyCode ?? ownerCode;
  return part === '' ? `${ruleCode}:${owner}` : `${ruleCode}:${owner}:${part}`;
}

export interface NewWarning {
  readonly ruleId: number;
  readonly ruleCode: string;
  readonly severity: Severity;
  readonly ownerCode: string;
  readonly secondLineCode: string | null;
  readonly managerCode: string | null;
  /** The duty whose turn made the owner. @default none */
  readonly dutyCode?: string | null;
  /** What sets it apart from others of this rule and owner, such as import/7. @default nothing */
  readonly part?: string;
  /** A warning of the same fingerprint that closed within this time has come back. @default never */
  readonly recurrenceWithinMs?: number;
  readonly customers: number;
  /** In elapsed time; the warning's workflow plans them again with calendars when it starts. */
  readonly claimWithinMs: number;
  readonly closeWithinMs: number;
}

/**
 * The open warning of this rule and owner, or a new one with its audit row, in the caller's transaction. The row
 * stays locked until that ends, so the warning cannot close while findings are being added to it.
 */
export async function openWarning(
  transaction: Queryable,
  input: NewWarning,
  nowMs: number,
): Promise<{ readonly warning: Warning; readonly isNew: boolean }> {
  const fingerprint = warningFingerprint(input);
  const previous = await findPrevious(
    transaction,
    fingerprint,
    nowMs - (input.recurrenceWithinMs ?? 0),
  );
  const [inserted] = await transaction
    .insert(warnings)
    .values({
      previousId: previous?.id ?? null,
      recurrences: previous === null ? 0 : previous.recurrences + 1,
      fingerprint,
      ruleId: input.ruleId,
      ruleCode: input.ruleCode,
      severity: input.severity,
      ownerCode: input.ownerCode,
      secondLineCode: input.secondLineCode,
      managerCode: input.managerCode,
      dutyCode: input.dutyCode ?? null,
      state: 'open',
      stateBody: { kind: 'open' },
      level: 0,
      snoozes: 0,
      customers: input.customers,
      openedAt: nowMs,
      claimDueAt: nowMs + input.claimWithinMs,
      closeDueAt: nowMs + input.closeWithinMs,
      version: 1,
    })
    .onConflictDoNothing({ target: warnings.fingerprint, where: ne(warnings.state, sql`'closed'`) })
    .returning();
  if (inserted !== undefined) {
    await appendAudit(
      transaction,
      [
        {
          actorCode: null,
          through: 'system',
          action: 'warning.opened',
          subjectKind: 'warning',
          subjectId: String(inserted.id),
          before: null,
          after: {
            ruleCode: input.ruleCode,
            severity: input.severity,
            ownerCode: input.ownerCode,
            customers: input.customers,
            ...(previous === null ? {} : { previousId: previous.id }),
          },
        },
      ],
      nowMs,
    );
    return { warning: warningFromRow(inserted), isNew: true };
  }
  const [found] = await transaction
    .select()
    .from(warnings)
    .where(and(eq(warnings.fingerprint, fingerprint), ne(warnings.state, 'closed')))
    .for('update');
  if (found === undefined) return openWarning(transaction, input, nowMs);
  return { warning: warningFromRow(found), isNew: false };
}

/** The newest warning of a fingerprint that closed since an instant. */
async function findPrevious(
  transaction: Queryable,
  fingerprint: string,
  closedSinceMs: number,
): Promise<{ readonly id: number; readonly recurrences: number } | null> {
  const [row] = await transaction
    .select({ id: warnings.id, recurrences: warnings.recurrences })
    .from(warnings)
    .where(
      and(
        eq(warnings.fingerprint, fingerprint),
        eq(warnings.state, 'closed'),
        sql`${warnings.closedAt} >= ${isoInstant(closedSinceMs)}`,
      ),
    )
    .orderBy(desc(warnings.id))
    .limit(1);
  return row ?? null;
}

/** What a change of a warning does to its findings. */
export type ProjectionEffect =
  | { readonly kind: 'none' }
  /** Its open findings are ruled wrong. */
  | { readonly kind: 'dismiss' }
  /** Its open findings are right until an instant, on these customers. */
  | {
      readonly kind: 'except';
      readonly untilMs: number;
      readonly grantedBy: string;
      readonly noteId: number;
    };

/**
 * Writes a warning's new state, what it does to its findings and its audit row in one transaction. Harmless when
 * repeated: a version is written once, and never over a newer one. Answers whether it was written now.
 */
export async function projectWarning(
  database: Database,
  input: {
    readonly warning: Warning;
    readonly entry: AuditEntry;
    readonly effect: ProjectionEffect;
  },
  nowMs: number,
): Promise<boolean> {
  const { warning, effect } = input;
  return database.query.transaction(async (transaction) => {
    const [written] = await transaction
      .update(warnings)
      .set(projection(warning, nowMs))
      .where(and(eq(warnings.id, warning.id), lt(warnings.version, warning.version)))
      .returning({ ruleId: warnings.ruleId, floodId: warnings.floodId });
    if (written === undefined) return false;
    if (effect.kind === 'dismiss') await settleFindings(transaction, warning.id, 'dismissed');
    if (effect.kind === 'except') {
      await grantException(transaction, { warning, ruleId: written.ruleId, effect }, nowMs);
      await settleFindings(transaction, warning.id, 'excepted');
    }
    if (warning.state.kind === 'closed') await detachFindings(transaction, warning.id);
    await appendAudit(transaction, [input.entry], nowMs);
    // Cards that stand somewhere change at once; the workflow has yet to say who else should have one.
    const subject = { kind: 'warning', id: warning.id } as const;
    const rank = severities.indexOf(warning.severity);
    await queueUpdates(transaction, { subject, rank, nowMs });
    if (written.floodId !== null) {
      const flood = { kind: 'flood', id: written.floodId } as const;
      await queueUpdates(transaction, { subject: flood, rank, nowMs });
    }
    await announceQueue(transaction);
    return true;
  });
}

function projection(warning: Warning, nowMs: number) {
  const { state } = warning;
  const isTaken = state.kind !== 'open' && state.kind !== 'closed';
  return {
    ownerCode: warning.ownerCode,
    secondLineCode: warning.secondLineCode,
    managerCode: warning.managerCode,
    state: state.kind,
    stateBody: state,
    level: warning.level,
    escalations: warning.escalations,
    dutyCode: warning.dutyCode,
    snoozedUntil: warning.snoozedUntilMs,
    snoozes: warning.snoozes,
    customers: warning.customers,
    claimDueAt: warning.claimDueAtMs,
    closeDueAt: warning.closeDueAtMs,
    pause: warning.pause,
    version: warning.version,
    ...(isTaken ? { claimedAt: sql`coalesce(${warnings.claimedAt}, ${isoInstant(nowMs)})` } : {}),
    ...(state.kind === 'closed' ? { closedAt: state.atMs } : {}),
  };
}

function isoInstant(atMs: number) {
  return sql`${new Date(atMs).toISOString()}::timestamptz`;
}

async function settleFindings(
  transaction: Queryable,
  warningId: number,
  state: 'dismissed' | 'excepted',
): Promise<void> {
  await transaction
    .update(findings)
    .set({ state })
    .where(and(eq(findings.warningId, warningId), eq(findings.state, 'open')));
}

async function grantException(
  transaction: Queryable,
  input: {
    readonly warning: Warning;
    readonly ruleId: number;
    readonly effect: Extract<ProjectionEffect, { kind: 'except' }>;
  },
  nowMs: number,
): Promise<void> {
  const { warning, ruleId, effect } = input;
  const [note] = await transaction
    .select({ text: warningNotes.text })
    .from(warningNotes)
    .where(eq(warningNotes.id, effect.noteId));
  await transaction.insert(exceptions).select(
    transaction
      .select({
        id: sql<number>`nextval(pg_get_serial_sequence('exception', 'id'))`.as('id'),
        ruleId: sql<number>`${ruleId}::int`.as('rule_id'),
        firstTagId: findings.firstTagId,
        secondTagId: findings.secondTagId,
        customerId: findings.customerId,
        reason: sql<string>`${note?.text ?? ''}::text`.as('reason'),
        grantedBy: sql<string>`${effect.grantedBy}::text`.as('granted_by'),
        grantedAt: sql<number>`${isoInstant(nowMs)}`.as('granted_at'),
        untilAt: sql<number>`${isoInstant(effect.untilMs)}`.as('until_at'),
        warningId: sql<number>`${warning.id}::int`.as('warning_id'),
        requestId: sql<number | null>`null::int`.as('request_id'),
      })
      .from(findings)
      .where(and(eq(findings.warningId, warning.id), eq(findings.state, 'open'))),
  );
}

/** What a scan added while the warning closed is free again, for the next scan to warn of. */
async function detachFindings(transaction: Queryable, warningId: number): Promise<void> {
  await transaction
    .update(findings)
    .set({ warningId: null })
    .where(and(eq(findings.warningId, warningId), eq(findings.state, 'open')));
}

/** Keeps what somebody wrote, so that only its id travels. */
export async function writeNote(
  database: Queryable,
  note: { readonly warningId: number; readonly personCode: string; readonly text: string },
  nowMs: number,
): Promise<number> {
  const [row] = await database
    .insert(warningNotes)
    .values({ ...note, writtenAt: nowMs })
    .returning({ id: warningNotes.id });
  if (row === undefined) throw new Error(`The note on warning ${note.warningId} was not written.`);
  return row.id;
}

export async function readNote(database: Queryable, noteId: number): Promise<string | null> {
  const [row] = await database
    .select({ text: warningNotes.text })
    .from(warningNotes)
    .where(eq(warningNotes.id, noteId));
  return row?.text ?? null;
}

/**
 * Makes a closed warning's cards be drawn again, since its fix was taken back. The state of a warning that is not
 * closed is its workflow's to change.
 */
export async function touchClosedWarning(database: Queryable, warningId: number): Promise<void> {
  await database
    .update(warnings)
    .set({ version: sql`${warnings.version} + 1` })
    .where(and(eq(warnings.id, warningId), eq(warnings.state, 'closed')));
}
