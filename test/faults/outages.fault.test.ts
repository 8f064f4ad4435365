import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { claimWarning } from '../../commands/claim-warning.ts';
import { isHeldUp, prepareSlowness, slowDown, speedUp } from './slow-source.ts';
import { expectSound } from './sound.ts';
import { beginFix, findWarning, scanToItsEnd, undoToItsEnd, untilClosed } from './story.ts';
import type { WorkerProcess } from './workers.ts';
import { startWorld, until, type World } from './world.ts';

const ruleCode = 'high-value-x-blacklist';
/** Longer than a worker that says nothing is waited for. */
const slowMs = 8_000;

let world: World;
let worker: WorkerProcess;
beforeAll(async () => {
  world = await startWorld({ customers: 6_000 });
  worker = await world.workers.start();
  await prepareSlowness(world.crm);
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

/** The source is so slow with one customer of the warning that it comes to no end until it is released. */
async function holdOneCustomer(warningId: number) {
  const { sql, crm } = world;
  const customers = await sql<{ ref: string }[]>`
    select distinct c.ref, c.id from finding f join mirror_customer c on c.id = f.customer_id
    where f.warning_id = ${warningId} and f.state = 'open' order by c.id`;
  const ref = customers[Math.floor(customers.length / 2)]?.ref ?? '';
  await slowDown(crm, ref);
  return {
    untilMet: () => until('the fix comes to the customer', () => isHeldUp(crm)),
    release: () => until('the source answers', () => speedUp(crm).then(() => true)),
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
    await worker.stop();
    worker = next;
  });
});

/** As when the source's machine is away. */
async function whileSourceIsDown(work: () => Promise<unknown>): Promise<void> {
  const { sql } = world;
  await sql`alter database crm allow_connections false`;
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = 'crm' and application_name = 'tagwarden'`;
  try {
    await work();
  } finally {
    await sql`alter database crm allow_connections true`;
  }
}

test('source down while a fix is written', async () => {
  await fixDuring(() =>
    whileSourceIsDown(() => until('writing has failed', async () => (await readAttempts()) > 1)),
  );
});

/** How often the writing of a fix that is under way has been begun. */
async function readAttempts(): Promise<number> {
  const { temporal } = world.foundations;
  for await (const { workflowId } of temporal.workflow.list({
    query: "WorkflowType = 'warning' and ExecutionStatus = 'Running'",
  })) {
    const { raw } = await temporal.workflow.getHandle(workflowId).describe();
    const writing = raw.pendingActivities?.find(
      ({ activityType }) => activityType?.name === 'writeFix',
    );
    if (writing !== undefined) return writing.attempt ?? 0;
  }
  return 0;
}

test('source down while a scan reads it: the scan says why, and the next one goes well', async () => {
  const { sql } = world;
  await whileSourceIsDown(async () => {
    const scanId = await world.scan('incremental');
    await until('the scan gives up', async () => {
      const [scan] = await sql<{ state: string; error: string | null }[]>`
        select state, error from scan where id = ${scanId}`;
      return scan?.state === 'failed' && scan.error?.includes('"crm"') === true;
    });
  });
  await scanToItsEnd(world);
});

test('source slower than the dead are missed: a fix waits for it and goes on', async () => {
  await fixDuring(() => delay(slowMs));
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
