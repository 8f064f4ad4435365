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
  return grpcCodes(error).some((code) => passingCodes.includes(code));
}

/** 9, failed precondition: the task that was to take the Update failed, and the Update was not accepted. */
const brokenOffCode = 9;

/** A run that ends while a signal comes does not take the Update that came with it; the next task does. */
export function isBrokenOff(error: unknown): boolean {
  return grpcCodes(error).includes(brokenOffCode);
}

function grpcCodes(error: unknown): readonly number[] {
  const cause = error instanceof Error ? error.cause : null;
  return [error, cause].flatMap((candidate) =>
    isGrpcServiceError(candidate) ? [candidate.code] : [],
  );
}

/** The workflow is not running: it ended, or it was never started. */
export function isNotRunning(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError;
}
