import { ApplicationFailure, type ActivityFailure } from '@temporalio/workflow';

/** Failures whose message is made by a connector, which promises to hold no customer's data. */
const speakingTypes: readonly (string | null | undefined)[] = [
  'source-auth',
  'source-configuration',
  'source-unreachable',
  'fix-not-found',
];

/** Why a source could not be written, in words that may be kept. */
export function whyNotWritten(failure: ActivityFailure): string {
  let cause: unknown = failure.cause;
  while (cause instanceof Error) {
    if (cause instanceof ApplicationFailure && speakingTypes.includes(cause.type)) {
      return cause.message;
    }
    ({ cause } = cause);
  }
  return 'The source did not answer in time.';
}
