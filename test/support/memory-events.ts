import type { EventStore, InboundEvent } from '../../bot/keeper.ts';

interface Row extends InboundEvent {
  readonly receivedAtMs: number;
  readonly freeAtMs: number;
  readonly tries: number;
}

/** What the database keeps of a platform's events, in memory. */
export function createMemoryEvents() {
  const rows = new Map<string, Row>();
  const knobs: { before: (event: InboundEvent) => Promise<void> } = { before: async () => {} };
  const waiting = (): Row[] => [...rows.values()].filter(({ kept }) => kept !== null);
  const change = (eventKey: string, changes: Partial<Row>): void => {
    const row = rows.get(eventKey);
    if (row !== undefined) rows.set(eventKey, { ...row, ...changes });
  };
  const events: EventStore = {
    accept: async (event, { nowMs, freeAtMs }) => {
      await knobs.before(event);
      const { eventKey, kept } = event;
      const signature = event.signatureKey === null ? null : `signature:${event.signatureKey}`;
      const isCopied = signature !== null && rows.has(signature);
      const isBehind = kept !== null && waiting().some((row) => row.kept?.lane === kept.lane);
      const row = {
        ...event,
        receivedAtMs: nowMs,
        freeAtMs: isBehind ? nowMs : freeAtMs,
        tries: 0,
      };
      if (signature !== null) rows.set(signature, { ...row, kept: null });
      if (rows.has(eventKey)) return isCopied ? 'copied' : 'repeated';
      rows.set(eventKey, row);
      return isBehind ? 'waits' : 'now';
    },
    take: async (_channel, { nowMs, freeAtMs, limit }) => {
      const firsts = new Map<string, Row>();
      for (const row of waiting()) {
        const lane = row.kept?.lane ?? '';
        if (!firsts.has(lane)) firsts.set(lane, row);
      }
      const due = [...firsts.values()].filter((row) => row.freeAtMs <= nowMs).slice(0, limit);
      return due.map(({ eventKey, kept, receivedAtMs, tries }) => {
        change(eventKey, { freeAtMs, tries: tries + 1 });
        const { lane = '', work = '' } = kept ?? {};
        return { eventKey, lane, work, receivedAtMs, tries: tries + 1 };
      });
    },
    hold: async (_channel, { eventKeys, freeAtMs }) => {
      for (const eventKey of eventKeys) change(eventKey, { freeAtMs });
    },
    finish: async (_channel, eventKey) => change(eventKey, { kept: null }),
  };
  return {
    events,
    /** What is not done yet. */
    waiting: () => waiting().map(({ eventKey }) => eventKey),
    /** Runs before anything is recorded: may hang, may fail. */
    beforeAccept: (before: (event: InboundEvent) => Promise<void>) => {
      knobs.before = before;
    },
  };
}
