import type { MockActivityEnvironment } from '@temporalio/testing';

/** Runs an activity as a worker would, without Temporal. */
export function runActivity<Args extends readonly unknown[], Result>(
  environment: MockActivityEnvironment,
  activity: (...args: Args) => Promise<Result>,
  ...args: Args
): Promise<Result> {
  return environment.run(activity, ...args);
}
