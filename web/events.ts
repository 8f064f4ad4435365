import type { Sql } from '../db/client.ts';
import { readMarkers, type Watched } from '../db/stores/markers.ts';

const tickMs = 1_500;
const listenersMax = 2_000;

interface Listener {
  readonly watched: readonly Watched[];
  readonly changed: () => void;
  /** Nothing was read for it yet: what it shows may be older than what later readings are compared with. */
  isNew: boolean;
}

/**
 * Tells open pages when what they show has changed: one query a tick for everything that is watched,
 * however many pages are open, and none while nobody looks.
 */
export interface PageWatch {
  /**
   * Calls `changed` once it compares, since something may have changed before, and after each change, until the returned
   * function is called; null: too many listen already.
   */
  listen(watched: readonly Watched[], changed: () => void): (() => void) | null;
}

export function createPageWatch(sql: Sql, onError: (error: unknown) => void): PageWatch {
  const listeners = new Set<Listener>();
  const markers = new Map<string, string>();
  let timer: NodeJS.Timeout | null = null;

  const tick = async () => {
    const wanted = new Map<string, Watched>();
    const present = [...listeners];
    for (const listener of present) {
      for (const watched of listener.watched) wanted.set(watchedKey(watched), watched);
    }
    const fresh = new Map(
      (await readMarkers(sql, [...wanted.values()])).map((marked) => [
        watchedKey(marked.watched),
        marked.marker,
      ]),
    );
    const changed = new Set<string>();
    for (const key of wanted.keys()) {
      const before = markers.get(key);
      const after = fresh.get(key) ?? '';
      markers.set(key, after);
      if (before !== undefined && before !== after) changed.add(key);
    }
    for (const key of markers.keys()) if (!wanted.has(key)) markers.delete(key);
    for (const listener of present) {
      const isTold =
        listener.isNew || listener.watched.some((watched) => changed.has(watchedKey(watched)));
      listener.isNew = false;
      if (isTold) listener.changed();
    }
  };

  const schedule = (delayMs: number) => {
    if (timer !== null || listeners.size === 0) return;
    timer = setTimeout(() => {
      tick()
        .catch(onError)
        .finally(() => {
          timer = null;
          schedule(tickMs);
        });
    }, delayMs);
    timer.unref();
  };

  return {
    listen: (watched, changed) => {
      if (listeners.size >= listenersMax) return null;
      const listener = { watched, changed, isNew: true };
      listeners.add(listener);
      schedule(0);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

function watchedKey(watched: Watched): string {
  return `${watched.kind}:${watched.id}`;
}
