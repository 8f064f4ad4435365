import { Context } from '@temporalio/activity';

/** So that one or two late heartbeats are no death. */
const beatsPerTimeout = 4;
const heartbeatEveryMsMax = 5_000;

/** Shows life, and how far it has come, while a call of unknown length is under way. */
export async function whileAlive<T>(
  work: () => Promise<T>,
  progress: () => Readonly<Record<string, number>> | undefined = () => undefined,
): Promise<T> {
  const context = Context.current();
  const { heartbeatTimeoutMs = 0 } = context.info;
  const everyMs =
    heartbeatTimeoutMs > 0
      ? Math.min(heartbeatTimeoutMs / beatsPerTimeout, heartbeatEveryMsMax)
      : heartbeatEveryMsMax;
  context.heartbeat(progress());
  const timer = setInterval(() => context.heartbeat(progress()), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
