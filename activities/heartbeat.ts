import { Context } from '@temporalio/activity';

/** Well under the heartbeat time-outs of workflows/activity-options.ts. */
const heartbeatEveryMs = 5_000;

/** Shows life while a call of unknown length is under way. */
export async function whileAlive<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  context.heartbeat();
  const timer = setInterval(() => context.heartbeat(), heartbeatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
