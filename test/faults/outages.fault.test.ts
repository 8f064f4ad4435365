import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { claimWarning } from '../../commands/claim-warning.ts';
import { dismissWarning } from '../../commands/dismiss-warning.ts';
import { reassignWarning } from '../../commands/reassign-warning.ts';
import type { SlackFailure } from '../support/slack-server.ts';
import { clickables } from '../support/slack-reader.ts';
import { expectSound } from './sound.ts';
import { beginFix, findWarning, scanToItsEnd, undoToItsEnd, untilClosed } from './story.ts';
import { count, startWorld, until, type World } from './world.ts';

const ruleCode = 'high-value-x-blacklist';
/** Long enough for several attempts to fail. */
const downMs = 3_000;

let world: World;
let worker: Awaited<ReturnType<World['workers']['start']>>;
beforeAll(async () => {
  world = await startWorld({ customers: 6_000 });
  worker = await world.workers.start();
  await scanToItsEnd(world);
  await expectSound(world);
});
afterEach(() => expectSound(world));
afterAll(() => world?.stop());

/** Fixes and takes back the same warning, so that the next test finds it again. */
async function fixDuring(fault: () => Promise<unknown>): Promise<void> {
  const warning = await findWarning(world, ruleCode);
  const held = await holdOneCustomer(warning.id);
  try {
    await beginFix(world, warning);
    await held.untilMet();
    await fault();
  } finally {
    await held.release();
  }
  await untilClosed(world, warning.id);
  await undoToItsEnd(world, warning);
}

/** Brings the writing of a fix to a stop in its midst, until it is released. */
async function holdOneCustomer(warningId: number) {
  const { sql, crm, foundations } = world;
  const customers = await sql<{ ref: string }[]>`
    select distinct c.ref, c.id from finding f join mirror_customer c on c.id = f.customer_id
    where f.warning_id = ${warningId} and f.state = 'open' order by c.id`;
  const ref = customers[Math.floor(customers.length / 2)]?.ref ?? '';
  const hand = postgres(foundations.environment.variable('CRM_DATABASE_URL') ?? '', { max: 1 });
  await hand`begin`;
  const [held] = await hand<{ pid: number }[]>`
    select pg_backend_pid() as pid from crm.customer where id = ${ref} for update`;
  return {
    untilMet: () =>
      until('the fix comes to the customer', async () => {
        const waiting = crm`
          select count(*)::int from pg_stat_activity
          where ${held?.pid ?? 0} = any (pg_blocking_pids(pid))`;
        return (await count(waiting)) > 0;
      }),
    // The server may have gone down meanwhile, and the transaction with it.
    release: () => hand.end({ timeout: 0 }),
  };
}

test('PostgreSQL and the CRM restarted while a fix is written', async () => {
  await fixDuring(() => world.restartPostgres());
});

test('Temporal restarted while a fix is written', async () => {
  await fixDuring(() => world.restartTemporal());
});

test('Temporal away when somebody acts: refused in words, and works when it is back', async () => {
  const warning = await findWarning(world, ruleCode);
  await world.restartTemporal(async () => {
    const result = await claimWarning(world.foundations, world.actorOf(warning.ownerCode), {
      warningId: warning.id,
    });
    expect(result).toMatchObject({ kind: 'refused', refusal: { kind: 'unavailable' } });
  });
  await fixDuring(async () => {});
});

test('worker of another version takes over while a fix is written', async () => {
  await fixDuring(async () => {
    const next = await world.workers.start();
    await world.workers.ask(worker);
    worker = next;
  });
});

test('source down while a fix is written', async () => {
  const { crm, sql } = world;
  await fixDuring(async () => {
    await sql`alter database crm allow_connections false`;
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = 'crm' and application_name = 'tagwarden'`;
    await delay(downMs);
    await sql`alter database crm allow_connections true`;
  });
  await crm`select 1`;
});

test('source down while a scan reads it: the scan says why, and the next one goes well', async () => {
  const { sql } = world;
  await sql`alter database crm allow_connections false`;
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = 'crm' and application_name = 'tagwarden'`;
  const scanId = await world.scan('incremental');
  try {
    await until('the scan gives up', async () => {
      const [scan] = await sql<{ state: string; error: string | null }[]>`
        select state, error from scan where id = ${scanId}`;
      return scan?.state === 'failed' && scan.error?.includes('"crm"') === true;
    });
  } finally {
    await sql`alter database crm allow_connections true`;
  }
  await scanToItsEnd(world);
});

test('source slow: a fix waits for it and goes on', async () => {
  await fixDuring(() => delay(downMs));
});

test('source half failing: what it refuses stays in the warning with its reason', async () => {
  const { crm, sql } = world;
  const warning = await findWarning(world, ruleCode);
  await crm.unsafe(`
    create function crm.refuse() returns trigger language plpgsql as $$
    begin
      if old.customer_id % 2 = 0 then raise check_violation using message = 'locked'; end if;
      return old;
    end $$;
    create trigger refuse before delete on crm.customer_tag
      for each row execute function crm.refuse();`);
  await beginFix(world, warning);
  await until('the fix is written and verified', async () => {
    const [now] = await sql<{ state: string; customers: number; refused: number }[]>`
      select state, customers, (
        select count(*)::int from fix_item i join fix x on x.id = i.fix_id
        where x.warning_id = w.id and i.outcome = 'refused' and i.detail <> ''
      ) as refused from warning w where id = ${warning.id}`;
    return now?.state === 'claimed' && now.refused > 0 && now.customers === now.refused;
  });
  await crm.unsafe('drop trigger refuse on crm.customer_tag; drop function crm.refuse()');
  await beginFix(world, warning);
  await untilClosed(world, warning.id);
});

const chatFaults: readonly (readonly [string, SlackFailure])[] = [
  ['answers 429', { kind: 'too-many-requests', retryAfterSeconds: 1 }],
  ['answers 500', { kind: 'http-500' }],
  ['takes the card and never answers', { kind: 'no-answer' }],
  ['says nothing', { kind: 'silence' }],
];

test.each(chatFaults)('chat platform %s: the card stands once', async (_what, failure) => {
  const { slack, sql } = world;
  const [warning] = await sql<{ id: number; owner_code: string }[]>`
    select id, owner_code from warning where state = 'open'
      and owner_code <> 'li-lei' order by id limit 1`;
  if (warning === undefined) throw new Error('There is no warning of somebody else.');
  const before = slack.messages.length;
  slack.failNext(failure, ['chat.postMessage']);
  const result = await reassignWarning(world.foundations, world.actorOf('hu-bin'), {
    warningId: warning.id,
    toCode: 'li-lei',
  });
  expect(result.kind).toBe('done');
  await until('Li Lei has the card', async () => {
    const posted = sql`
      select count(*)::int from delivery where subject_kind = 'warning' and channel = 'slack'
        and subject_id = ${warning.id} and recipient_code = 'li-lei' and state = 'posted'`;
    return (await count(posted)) > 0;
  });
  expect(slack.messages.length).toBe(before + 1);
});

/** The card of a warning in Slack, and one of its buttons. */
async function findButton(warningId: number, label: string) {
  const [card] = await world.sql<{ ts: string; recipient: string }[]>`
    select message ->> 'message' as ts, recipient_code as recipient from delivery
    where subject_kind = 'warning' and subject_id = ${warningId} and channel = 'slack'
      and state = 'posted' order by created_at limit 1`;
  const message = world.slack.messages.find(({ ts }) => ts === card?.ts);
  const found = clickables(message?.blocks ?? []).find((each) => each.label === label);
  const { person } = world.actorOf(card?.recipient ?? '');
  if (message === undefined || found === undefined || person.slackUserId === null) {
    throw new Error(`No card of warning ${warningId} says ${label}.`);
  }
  return { message, element: found.click, userId: person.slackUserId };
}

async function countClaims(warningId: number): Promise<number> {
  return count(world.sql`
    select count(*)::int from audit_row where action = 'warning.claimed'
      and subject_kind = 'warning' and subject_id = ${String(warningId)}`);
}

test('the same click sent three times, twice at once: claimed once', async () => {
  const { slack, sql } = world;
  const [warning] = await sql<{ id: number }[]>`
    select id from warning where state = 'open' order by id limit 1`;
  const id = warning?.id ?? 0;
  const { message, element, userId } = await findButton(id, '认领');
  const payload = slack.clickPayload(message, element, userId);
  const [sent] = await Promise.all([
    slack.sendInteraction(payload),
    slack.sendInteraction(payload),
  ]);
  await sent.again();
  await until('it is claimed', async () => (await countClaims(id)) > 0);
  await expectSound(world);
  expect(await countClaims(id)).toBe(1);
});

test('a click that comes after the warning is closed: refused, and nothing changes', async () => {
  const { slack, sql } = world;
  const [warning] = await sql<{ id: number; fingerprint: string }[]>`
    select id, fingerprint from warning where state = 'open' order by id limit 1`;
  const id = warning?.id ?? 0;
  const { message, element, userId } = await findButton(id, '认领');
  const dismissed = await dismissWarning(world.foundations, world.actorOf('hu-bin'), {
    warningId: id,
    reason: 'rule-wrong',
    comment: '',
  });
  expect(dismissed.kind).toBe('done');
  await untilClosed(world, id);
  const before = await readTrail(id);
  await slack.click(message, element, userId);
  await until('the click is answered', async () =>
    slack.messages.some(({ onlyFor }) => onlyFor === userId),
  );
  expect(await countClaims(id)).toBe(0);
  expect((await readTrail(id)).filter((action) => action !== 'warning.refused')).toEqual(before);
});

async function readTrail(warningId: number): Promise<readonly string[]> {
  const rows = await world.sql<{ action: string }[]>`
    select action from audit_row
    where subject_kind = 'warning' and subject_id = ${String(warningId)} order by id`;
  return rows.map(({ action }) => action);
}
