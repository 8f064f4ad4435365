import type { Headers, WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { traceHeader } from './messages.ts';

/** Later than this, what a workflow does is no longer the doing of whoever spoke to it last. */
const followsWithinMs = 600_000;

/**
 * Hands the trace of whoever started a workflow, or spoke to it last, on to what it does then. Nothing is traced in
 * here, so that a replay needs no care: a header that is never there is never handed on.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let handed: Headers = {};
  let handedAtMs = 0;
  const take = ({ headers }: { readonly headers: Headers }): void => {
    const payload = headers[traceHeader];
    if (payload === undefined) return;
    handed = { [traceHeader]: payload };
    handedAtMs = Date.now();
  };
  const withHeaders = <T extends { readonly headers: Headers }>(input: T): T =>
    Date.now() - handedAtMs > followsWithinMs
      ? input
      : { ...input, headers: { ...input.headers, ...handed } };
  return {
    inbound: [
      {
        execute: (input, next) => {
          take(input);
          return next(input);
        },
        handleSignal: (input, next) => {
          take(input);
          return next(input);
        },
        handleUpdate: (input, next) => {
          take(input);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(withHeaders(input)),
        startChildWorkflowExecution: (input, next) => next(withHeaders(input)),
        continueAsNew: (input, next) => next(withHeaders(input)),
      },
    ],
  };
};
