import type { Database } from '../db/client.ts';
import type { AuditEntry } from '../db/stores/audit.ts';
import { beginFix } from '../db/stores/fixes.ts';
import {
  loadWarning,
  projectWarning as writeProjection,
  readNote,
  type ProjectionEffect,
} from '../db/stores/warnings.ts';
import { recipientCodeOf } from '../domain/chat-group.ts';
import type { Escalation } from '../domain/escalation.ts';
import type { FixChoice } from '../domain/fix.ts';
import type { Warning, WarningEvent } from '../domain/warning.ts';
import type { By } from '../workflows/messages.ts';
import { lastingFailure } from './failure.ts';

export interface WarningDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface ProjectInput {
  readonly before: Warning;
  readonly after: Warning;
  readonly event: WarningEvent['kind'];
  readonly by: By | null;
  readonly effect: ProjectionEffect;
  /** Note that belongs into the audit trail. */
  readonly noteId: number | null;
  /** Codes and numbers that the audit trail should also say. */
  readonly details: Readonly<Record<string, string | number>>;
}

export type WarningActivities = ReturnType<typeof createWarningActivities>;

/** Reads and writes the projection of warnings. */
export function createWarningActivities(dependencies: WarningDependencies) {
  const { database, now } = dependencies;

  async function readWarning(input: { readonly warningId: number }): Promise<Warning> {
    const warning = await loadWarning(database.query, input.warningId);
    if (warning === null) {
      throw lastingFailure('warning-not-found', `There is no warning ${input.warningId}.`);
    }
    return warning;
  }

  /** Writes the state a warning is in now and its audit row. Repeating it does nothing. */
  async function projectWarning(input: ProjectInput): Promise<void> {
    const comment = input.noteId === null ? null : await readNote(database.query, input.noteId);
    const entry = auditEntry(input, comment);
    await writeProjection(database, { warning: input.after, entry, effect: input.effect }, now());
  }

  /** Records a fix that somebody asked for; asked again with the same key, answers with the same fix. */
  async function recordFix(input: {
    readonly warningId: number;
    readonly planKey: string;
    readonly choice: FixChoice;
    readonly requestedBy: string;
  }): Promise<{ readonly fixId: number }> {
    const fixId = await beginFix(database.query, { ...input, requestId: null }, now());
    return { fixId };
  }

  return { readWarning, projectWarning, recordFix };
}

function auditEntry(input: ProjectInput, comment: string | null): AuditEntry {
  const { before, after } = input;
  const isClosing = after.state.kind === 'closed';
  const old = summary(before);
  const changed = Object.entries(summary(after)).filter(([key, value]) => old[key] !== value);
  return {
    actorCode: input.by?.personCode ?? null,
    through: input.by?.through ?? 'system',
    action: isClosing ? 'warning.closed' : `warning.${input.event}`,
    subjectKind: 'warning',
    subjectId: String(after.id),
    before: Object.fromEntries(changed.map(([key]) => [key, old[key] ?? null])),
    after: {
      ...Object.fromEntries(changed),
      ...input.details,
      ...(comment === null ? {} : { comment }),
    },
  };
}

/** Codes of people with blanks between them, or that of a group. */
function escalatedTo(step: Escalation | undefined): string | null {
  if (step === undefined) return null;
  return step.to.kind === 'group' ? recipientCodeOf(step.to) : step.personCodes.join(' ');
}

/** What the audit trail says of a warning: states, codes and counts. */
function summary(warning: Warning): Readonly<Record<string, string | number | null>> {
  const { state } = warning;
  return {
    state: state.kind,
    ...('by' in state ? { by: state.by } : {}),
    ...('answerByMs' in state ? { answerByMs: state.answerByMs ?? null } : {}),
    ...('fixId' in state ? { fixId: state.fixId } : {}),
    ...('reason' in state ? { reason: state.reason } : {}),
    ownerCode: warning.ownerCode,
    secondLineCode: warning.secondLineCode,
    managerCode: warning.managerCode,
    level: warning.level,
    escalatedTo: escalatedTo(warning.escalations.at(-1)),
    snoozedUntilMs: warning.snoozedUntilMs,
    customers: warning.customers,
    claimDueAtMs: warning.claimDueAtMs,
    closeDueAtMs: warning.closeDueAtMs,
    pausedFromMs: warning.pause?.fromMs ?? null,
    pausedUntilMs: warning.pause?.untilMs ?? null,
  };
}
