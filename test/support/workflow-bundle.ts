import type { WorkflowBundleOption } from '@temporalio/worker';
import { inject } from 'vitest';

/** All workflows, for workers: bundled once for the run. */
export function sharedWorkflowBundle(): WorkflowBundleOption {
  return { codePath: inject('workflowBundlePath') };
}
