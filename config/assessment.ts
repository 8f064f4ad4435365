import { defaultContestWithinMs, type AssessmentPolicy } from '../domain/assessment.ts';
import type { Severity } from '../domain/severity.ts';
import { durationMs, durationText } from './moments.ts';
import type { PolicyFile } from './schema/policy.ts';

type AssessmentEntry = NonNullable<PolicyFile['assessment']>;

export function toAssessment(entry: AssessmentEntry): AssessmentPolicy {
  const points = (written: AssessmentEntry['recurred']) => ({
    high: written?.high ?? 0,
    medium: written?.medium ?? 0,
    low: written?.low ?? 0,
  });
  return {
    points: {
      'claim-missed': points(entry.claimMissed),
      'close-missed': points(entry.closeMissed),
      recurred: points(entry.recurred),
    },
    contestWithinMs:
      entry.contestWithin === undefined ? defaultContestWithinMs : durationMs(entry.contestWithin),
    namesInReports: entry.namesInReports ?? false,
  };
}

/** The inverse; what is as it would be unsaid is left out. */
export function assessmentEntryOf({
  points,
  contestWithinMs,
  namesInReports,
}: AssessmentPolicy): AssessmentEntry {
  const said = (bySeverity: Readonly<Record<Severity, number>>) => {
    const { high, medium, low } = bySeverity;
    return {
      ...(high === 0 ? {} : { high }),
      ...(medium === 0 ? {} : { medium }),
      ...(low === 0 ? {} : { low }),
    };
  };
  const part = (key: 'claimMissed' | 'closeMissed' | 'recurred', cause: keyof typeof points) => {
    const entry = said(points[cause]);
    return Object.keys(entry).length === 0 ? {} : { [key]: entry };
  };
  return {
    ...part('claimMissed', 'claim-missed'),
    ...part('closeMissed', 'close-missed'),
    ...part('recurred', 'recurred'),
    ...(contestWithinMs === defaultContestWithinMs
      ? {}
      : { contestWithin: durationText(contestWithinMs) }),
    ...(namesInReports ? { namesInReports } : {}),
  };
}
