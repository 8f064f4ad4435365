import { listPoints, monthIn, sumPoints } from '../db/stores/assessment.ts';
import { loadPolicy } from '../db/stores/dictionary.ts';
import { loadPeople } from '../db/stores/people.ts';
import {
  assessedFor,
  type AssessmentPoints,
  type AssessmentPolicy,
  type AssessmentSum,
} from '../domain/assessment.ts';
import type { Actor } from './command.ts';
import type { CommandContext } from './context.ts';

const pointsShownMax = 500;

/** A month of the assessment as one reader may see it. */
export interface AssessmentMonth {
  /** Such as 2026-11, in the time zone of the scans. */
  readonly month: string;
  /** null: the policy counts no points. */
  readonly policy: AssessmentPolicy | null;
  readonly sums: readonly AssessmentSum[];
  /** The newest first; `isCut` where there are more. */
  readonly points: readonly AssessmentPoints[];
  readonly isCut: boolean;
}

/** Reads a month, the present one where none is given; only `personCode`'s entries where that is given. */
export async function readAssessment(
  context: CommandContext,
  actor: Actor,
  input: {
    readonly month: string | null;
    readonly personCode: string | null;
    /** Entries that are read at most. @default 500 */
    readonly pointsMax?: number;
  },
): Promise<AssessmentMonth> {
  const { query } = context.database;
  const [people, policy] = await Promise.all([loadPeople(query), loadPolicy(query)]);
  const { timeZone } = policy.scans;
  const month = input.month ?? monthIn(timeZone, context.now());
  const readable = assessedFor(actor.person, people);
  const scope = { month, timeZone, personCodes: readable };
  const { personCode, pointsMax = pointsShownMax } = input;
  const isReadable = personCode === null || readable === null || readable.includes(personCode);
  const chosen = personCode === null ? readable : isReadable ? [personCode] : [];
  const [sums, points] = await Promise.all([
    sumPoints(query, scope),
    listPoints(query, { ...scope, personCodes: chosen }, pointsMax + 1),
  ]);
  return {
    month,
    policy: policy.assessment,
    sums,
    points: points.slice(0, pointsMax),
    isCut: points.length > pointsMax,
  };
}
