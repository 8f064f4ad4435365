/**
 * A reader whose callers share round trips: whoever comes while a read is under way waits for the next one, which
 * asks for everything that was asked for meanwhile. Each caller so learns what was true when it asked, or later.
 * `readMany` gets every key once and returns the answer to any of them.
 */
export function createSharedRead<Key, Answer>(
  readMany: (keys: readonly Key[]) => Promise<(key: Key) => Answer>,
): (key: Key) => Promise<Answer> {
  let waiting: Set<Key> | null = null;
  let next: Promise<(key: Key) => Answer> | null = null;
  let running: Promise<unknown> = Promise.resolve();
  const start = async (before: Promise<unknown>, keys: Set<Key>) => {
    await before;
    waiting = null;
    next = null;
    return readMany([...keys]);
  };
  return async (key) => {
    if (waiting === null || next === null) {
      waiting = new Set();
      next = start(running, waiting);
      running = next.catch(() => {});
    }
    waiting.add(key);
    const answer = await next;
    return answer(key);
  };
}
