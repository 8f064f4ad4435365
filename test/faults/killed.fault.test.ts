import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from './sound.ts';
import { beginFix, findWarning, scanToItsEnd, undoToItsEnd, untilClosed } from './story.ts';
import { startWorld, type World } from './world.ts';

/** Every step of a scan, of telling people, of a fix and of taking it back. Steps that join them are struck too. */
const steps = {
  scan: ['beginScan', 'syncSource', 'planScan', 'scanShard', 'reconcile', 'announce', 'finishScan'],
  notify: ['readWarning', 'planDeadlines', 'projectWarning', 'deliver'],
  fix: ['recordFix', 'planFix', 'writeFix', 'rescan'],
  undo: ['beginUndo', 'writeUndo', 'finishUndo'],
} as const;

let world: World;
beforeAll(async () => {
  world = await startWorld({ customers: 6_000 });
  await world.workers.start({ strikeAt: '*' });
  await scanToItsEnd(world);
  const warning = await findWarning(world, 'high-value-x-blacklist');
  await beginFix(world, warning);
  await untilClosed(world, warning.id);
  await undoToItsEnd(world, warning);
}, 1_500_000);
afterAll(() => world?.stop());

const points = Object.entries(steps).flatMap(([phase, activities]) =>
  activities.flatMap((activity) => [
    { phase, point: `before ${activity}` },
    { phase, point: `after ${activity}` },
  ]),
);

test.each(points)('worker killed in $phase, $point', ({ point }) => {
  expect([...world.workers.struck]).toContain(point);
});

test('after all deaths nothing is lost, nothing is there twice, and CRM, record and trail agree', async () => {
  await expectSound(world);
}, 300_000);
