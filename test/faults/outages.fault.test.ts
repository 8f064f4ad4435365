import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { claimWarning } from '../../commands/claim-warning.ts';
import { isHeldUp, prepareSlowness, slowDown, speedUp } from './slow-source.ts';
import { expectSound } from './sound.ts';
import { beginFix, findWarning, scanToItsEnd, undoToItsEnd, untilClosed } from './story.ts';
import { startWorld, until, type World } from './world.ts';

const ruleCode = 'high-value-x-blacklist';

let world: World;
beforeAll(async () => {
  world = await startWorld({ customers: 6_000 });
  await world.workers.start();
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
