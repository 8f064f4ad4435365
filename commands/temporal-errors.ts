import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';

/** gRPC status codes: 1 cancelled, 4 deadline exceeded, 8 resource exhausted, 14 unavailable. */
const passingCodes: readonly number[] = [1, 4, 8, 14];

/** Temporal did not answer in time: nothing is known to have happened, and trying again is right. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const cause = error instanceof Error ? error.cause : null;
  return [error, cause].some(
    (candidate) => isGrpcServiceError(candidate) && passingCodes.includes(candidate.code),
  );
}

/** The workflow is not running: it ended, or it was never started. */
export function isNotRunning(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError;
}
