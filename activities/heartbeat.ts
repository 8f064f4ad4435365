import { Context } from '@temporalio/activity';

/** Well under the heartbeat time-outs of workflows/activity-options.ts. */
const heartbeatEveryMs = 5_000;

/** Shows life, and how far it has come, while a call of unknown length is under way. */
export async function whileAlive<T>(
  work: () => Promise<T>,
  progress: () => Readonly<Record<string, number>> | undefined = () => undefined,
): Promise<T> {
  const context = Context.current();
  context.heartbeat(progress());
  const timer = setInterval(() => context.heartbeat(progress()), heartbeatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
