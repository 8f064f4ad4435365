import { ApplicationFailure, type ActivityFailure } from '@temporalio/workflow';
import { sourceFailures } from '../domain/source-failure.ts';
import { writeRefusal } from '../domain/write-refusal.ts';

/** Failures whose message is made by a connector, which promises to hold no customer's data. */
const speakingTypes = [
  sourceFailures.auth,
  sourceFailures.configuration,
  sourceFailures.unreachable,
] as const;

/** Why a source could not be written, as a `writeRefusal`. */
export function whyNotWritten(failure: ActivityFailure): string {
  let cause: unknown = failure.cause;
  while (cause instanceof Error) {
    if (cause instanceof ApplicationFailure) {
      const { type } = cause;
      const known = speakingTypes.find((speaking) => speaking === type);
      if (type === 'fix-not-found') return writeRefusal('rule-gone');
      if (known !== undefined) return writeRefusal(known, cause.message);
    }
    ({ cause } = cause);
  }
  return writeRefusal('too-late');
}
