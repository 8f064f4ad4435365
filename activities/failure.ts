import { ApplicationFailure } from '@temporalio/activity';

/** Stable types of failures that no retry can mend. */
export type FailureType =
  | 'warning-not-found'
  | 'fix-not-found'
  | 'person-not-found'
  | 'source-auth'
  | 'source-configuration';

/** `message` says what failed, on which id, and what to do. */
export function lastingFailure(type: FailureType, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}
