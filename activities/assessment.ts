import type { Database } from '../db/client.ts';
import { addPoints } from '../db/stores/assessment.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { loadPeople } from '../db/stores/people.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import type { PointCause } from '../domain/assessment.ts';
import { standInCode } from '../domain/rights.ts';
import { lastingFailure } from './failure.ts';

export interface AssessmentDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface CountPointsInput {
  readonly warningId: number;
  readonly cause: PointCause;
  /** The deadline that was missed, or when the warning came back. Epoch milliseconds. */
  readonly atMs: number;
  /** Who had it then: its claimer, otherwise its owner. */
  readonly responsibleCode: string;
}

export type AssessmentActivities = ReturnType<typeof createAssessmentActivities>;

/** Counts points of the monthly assessment where the policy says so. */
export function createAssessmentActivities(dependencies: AssessmentDependencies) {
  const { database, now } = dependencies;

  /**
   * A missed deadline is counted for whoever had the warning, or for whoever stood in for them; what comes back, for
   * whoever had fixed it. Nobody who has left is counted for, and nothing twice.
   */
  async function countPoints(input: CountPointsInput): Promise<void> {
    const { warningId, cause, atMs } = input;
    const [warning, people, { assessment }] = await Promise.all([
      loadWarning(database.query, warningId),
      loadPeople(database.query),
      loadPolicy(database.query),
    ]);
    if (warning === null) {
      throw lastingFailure('warning-not-found', `There is no warning ${warningId}.`);
    }
    const { severity, ruleCode } = warning;
    const points = assessment?.points[cause][severity] ?? 0;
    if (points === 0) return;
    const code = cause === 'recurred' ? await fixerOf(warning.previousId) : input.responsibleCode;
    const person = code === null ? undefined : people.get(code);
    if (person === undefined) return;
    const standIn = cause === 'recurred' ? null : people.get(standInCode(person, atMs) ?? '');
    const { code: personCode, status } = standIn ?? person;
    if (status === 'left') return;
    await addPoints(
      database,
      { personCode, cause, points, warningId, ruleCode, severity, atMs },
      now(),
    );
  }

  async function fixerOf(previousId: number | null): Promise<string | null> {
    const previous = previousId === null ? null : await loadWarning(database.query, previousId);
    if (previous?.state.kind !== 'closed') return null;
    const { reason, by } = previous.state;
    return reason === 'fixed' || reason === 'fixed-by-hand' ? by : null;
  }

  return { countPoints };
}
