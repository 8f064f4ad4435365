import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDigestActivities } from '../../activities/digest.ts';
import type { CommandContext } from '../../commands/context.ts';
import { sendDigest } from '../../commands/send-digest.ts';
import { startScan } from '../../commands/start-scan.ts';
import { createEventStore } from '../../db/stores/inbound-events.ts';
import { beginScan } from '../../db/stores/scans.ts';
import { liLei, settleCompany } from '../support/company.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const nowMs = Date.UTC(2026, 10, 22, 1);
const admin = { ...liLei, roles: ['owner', 'data-admin', 'manager'] } as const;

let testDatabase: TestDatabase;
let connection: Connection;
let context: CommandContext;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await settleCompany(testDatabase.database, { people: [admin] });
  connection = Connection.lazy({ address: '127.0.0.1:1' });
  // What would begin anything finds no Temporal here.
  context = {
    database: testDatabase.database,
    temporal: new Client({ connection }),
    now: () => nowMs,
  };
});
afterAll(async () => {
  await connection.close();
  await testDatabase.drop();
});

async function arrive(actId: string): Promise<void> {
  const store = createEventStore(testDatabase.database.query);
  const event = { channel: 'slack', eventKey: actId, signatureKey: null, kept: null } as const;
  await store.accept(event, { nowMs, freeAtMs: nowMs });
}

test('a scan that a click began before a crash is not begun again by the same click', async () => {
  const actor = { person: admin, through: 'slack', actId: 'Ev1' } as const;
  await arrive('Ev1');
  const scanId = await beginScan(testDatabase.database, {
    kind: 'full',
    by: { personCode: admin.code, through: 'slack' },
    actId: 'Ev1',
    runId: 'run-1',
    nowMs,
  });
  expect(await startScan(context, actor, { kind: 'full' })).toEqual({ kind: 'done', scanId });
});

test('a digest that a click made before a crash is not made again by the same click', async () => {
  const actor = { person: admin, through: 'slack', actId: 'Ev2' } as const;
  await arrive('Ev2');
  const { makeDigest } = createDigestActivities({
    database: testDatabase.database,
    now: () => nowMs,
  });
  const asked = {
    personCode: admin.code,
    isAskedFor: true,
    act: { through: 'slack', actId: 'Ev2' },
  };
  const digestId = await makeDigest(asked);
  expect(await makeDigest(asked)).toBe(digestId);
  expect(await sendDigest(context, actor)).toEqual({ kind: 'done', digestId });
  expect(await makeDigest({ personCode: admin.code, isAskedFor: true })).not.toBe(digestId);
});
