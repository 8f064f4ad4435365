import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from './sound.ts';
import { beginFix, findWarning, scanToItsEnd, undoToItsEnd, untilClosed } from './story.ts';
import { startWorld, type World } from './world.ts';

/** Every step in order of a scan, of telling people, of a fix and of taking it back; each also strikes what joins it. */
const steps = {
  scan: [
    'listSources',
    'beginScan',
    'syncSource',
    'planScan',
    'scanShard',
    'reconcile',
    'announce',
    'finishScan',
  ],
  notify: ['readWarning', 'planDeadlines', 'projectWarning', 'deliver'],
  fix: ['recordFix', 'planFix', 'writeFix', 'rescan'],
  undo: ['beginUndo', 'writeUndo', 'finishUndo'],
} as const;

const points = Object.entries(steps).flatMap(([phase, activities]) =>
  activities.flatMap((activity) => [
    { phase, point: `before ${activity}` },
    { phase, point: `after ${activity}` },
  ]),
);
const withinMs = 1_800_000;

let world: World;
beforeAll(async () => {
  world = await startWorld({ customers: 2_000 });
  world.workers.startDying(points.map(({ point }) => point));
  await scanToItsEnd(world);
  const warning = await findWarning(world, 'high-value-x-blacklist');
  await beginFix(world, warning);
  await untilClosed(world, warning.id);
  await undoToItsEnd(world, warning);
}, withinMs);
afterAll(() => world?.stop());

test.each(points)('worker killed in $phase, $point', ({ point }) => {
  expect([...world.workers.struck]).toContain(point);
});

test('after all these deaths nothing is lost or there twice, and CRM, record and trail agree', async () => {
  await expectSound(world);
});
