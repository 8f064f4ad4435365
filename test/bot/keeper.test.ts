import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeeper, type Keeper, type Served, type Visit } from '../../bot/keeper.ts';
import { createMemoryEvents } from '../support/memory-events.ts';

const minuteMs = 60_000;

let nowMs: number;
let stored: ReturnType<typeof createMemoryEvents>;
let keepers: Keeper[];
let done: string[];
let errors: unknown[];
/** What becomes of each visit that is resumed, in turn; done where nothing is left. */
let outcomes: Served[];

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 22);
  stored = createMemoryEvents();
  keepers = [];
  done = [];
  errors = [];
  outcomes = [];
});
afterEach(() => keepers.forEach((keeper) => keeper.stop()));

function open(secret = 'token'): Keeper {
  const keeper = createKeeper({
    channel: 'slack',
    events: stored.events,
    secret,
    now: () => nowMs,
    onError: (error) => void errors.push(error),
    resume: async (visit, actId) => {
      const served = outcomes.shift() ?? 'done';
      done.push(`${served} ${visit.platformUserId} ${actId}`);
      return served;
    },
    giveUp: async (platformUserId, receivedAtMs) => {
      done.push(`gave up ${platformUserId} after ${(nowMs - receivedAtMs) / minuteMs} min`);
    },
  });
  keepers.push(keeper);
  return keeper;
}

const claim = (platformUserId: string): Visit => ({
  platformUserId,
  interaction: { kind: 'button', action: { kind: 'claim', warningId: 7 } },
  place: { kind: 'direct' },
});
const arrival = (eventKey: string, visit: Visit | null) => ({
  eventKey,
  signatureKey: eventKey,
  visit,
});

/** Begins a click and leaves it undone, as a process does that dies. */
async function dieAt(eventKey: string, visit: Visit, secret?: string): Promise<void> {
  const turn = await open(secret).accept(arrival(eventKey, visit));
  expect(turn.kind).toBe('now');
}

/** Looks once for what is to be done, as `start` does every second. */
async function lookLater(keeper: Keeper, afterMs: number): Promise<void> {
  nowMs += afterMs;
  keeper.look();
  await keeper.settled();
}

describe('what was not done when its process died', () => {
  it('is done by another, once, as soon as nobody can be at it any more', async () => {
    await dieAt('e1', claim('U1'));
    const next = open();
    await lookLater(next, 5_000);
    expect(done).toEqual([]);
    await lookLater(next, 10_000);
    await lookLater(next, minuteMs);
    expect(done).toEqual(['done U1 e1']);
    expect(stored.waiting()).toEqual([]);
  });

  it('is done in the order it came, each person for themselves', async () => {
    await dieAt('e1', claim('U1'));
    expect((await open().accept(arrival('e2', claim('U1')))).kind).toBe('waits');
    await dieAt('e3', claim('U2'));
    const next = open();
    await lookLater(next, minuteMs);
    await lookLater(next, 0);
    expect(done.filter((line) => line.includes('U1'))).toEqual(['done U1 e1', 'done U1 e2']);
    expect(done).toContain('done U2 e3');
  });

  it('is said to be lost where it cannot be read any more', async () => {
    await dieAt('e1', claim('U1'), 'the token before');
    await lookLater(open(), minuteMs);
    expect(done).toEqual(['gave up U1 after 1 min']);
    expect(errors).toHaveLength(1);
    expect(stored.waiting()).toEqual([]);
  });
});

describe('what cannot be done now', () => {
  it('is tried again with growing pauses until it is done', async () => {
    const keeper = open();
    const turn = await keeper.accept(arrival('e1', claim('U1')));
    if (turn.kind === 'now') await turn.attend(async () => 'passing');
    outcomes = ['passing', 'passing'];
    await lookLater(keeper, 1_000);
    await lookLater(keeper, 1_000);
    expect(done).toHaveLength(1);
    await lookLater(keeper, 1_000);
    await lookLater(keeper, 4_000);
    expect(done).toEqual(['passing U1 e1', 'passing U1 e1', 'done U1 e1']);
    expect(stored.waiting()).toEqual([]);
  });

  it('is given up after a quarter of an hour, and the person told', async () => {
    const keeper = open();
    const turn = await keeper.accept(arrival('e1', claim('U1')));
    if (turn.kind === 'now') await turn.attend(async () => 'passing');
    await lookLater(keeper, 15 * minuteMs);
    expect(done).toEqual(['gave up U1 after 15 min']);
    expect(stored.waiting()).toEqual([]);
  });

  it('holds up the later clicks of that person, and no question of theirs', async () => {
    const keeper = open();
    const turn = await keeper.accept(arrival('e1', claim('U1')));
    if (turn.kind === 'now') await turn.attend(async () => 'passing');
    const words: Visit = { ...claim('U1'), interaction: { kind: 'words', text: '帮助' } };
    expect((await keeper.accept(arrival('e2', claim('U1')))).kind).toBe('waits');
    expect((await keeper.accept(arrival('e3', words))).kind).toBe('now');
    expect((await keeper.accept(arrival('e4', claim('U2')))).kind).toBe('now');
  });
});

it('does a click that came while an earlier one was worked on, right after it', async () => {
  const keeper = open();
  const [first, second] = await Promise.all([
    keeper.accept(arrival('e1', claim('U1'))),
    keeper.accept(arrival('e2', claim('U1'))),
  ]);
  expect([first.kind, second.kind]).toEqual(['now', 'waits']);
  if (first.kind === 'now') {
    await first.attend(async () => {
      expect(done).toEqual([]);
      return 'done';
    });
  }
  await keeper.settled();
  expect(done).toEqual(['done U1 e2']);
});

it('tells repetitions from copies, and keeps nothing of either', async () => {
  const keeper = open();
  const first = arrival('e1', claim('U1'));
  await keeper.accept(first);
  expect((await keeper.accept(first)).kind).toBe('copied');
  expect((await keeper.accept({ ...first, signatureKey: 'signed anew' })).kind).toBe('repeated');
  expect((await keeper.accept({ ...first, signatureKey: null })).kind).toBe('repeated');
  expect(stored.waiting()).toEqual(['e1']);
});

it('closes what it keeps, so that the database does not show who wrote what', async () => {
  const comment: Visit = {
    platformUserId: 'U1',
    interaction: {
      kind: 'form',
      action: { kind: 'comment', warningId: 7 },
      fields: { comment: '华东机电 要求保留' },
    },
    place: { kind: 'modal', viewId: 'V0OPENVIEW' },
  };
  let recorded = '';
  const keeper = createKeeper({
    channel: 'slack',
    events: {
      ...stored.events,
      accept: async (event, at) => {
        recorded = JSON.stringify(event);
        return stored.events.accept(event, at);
      },
    },
    secret: 'token',
    now: () => nowMs,
    onError: () => {},
    resume: async () => 'done',
    giveUp: async () => {},
  });
  keepers.push(keeper);
  await keeper.accept(arrival('e1', comment));
  for (const words of ['华东机电', '"comment"', 'V0OPENVIEW', 'token'])
    expect(recorded).not.toContain(words);
});
