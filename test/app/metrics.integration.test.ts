import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createMetrics } from '../../app/metrics.ts';
import { beginFix } from '../../db/stores/fixes.ts';
import { settleCompany } from '../support/company.ts';
import { plantConflicts } from '../support/conflicts.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const nowMs = Date.UTC(2026, 10, 22, 1);

let testDatabase: TestDatabase;
let text: string;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  await settleCompany(database);
  const { warning } = await plantConflicts(database, { customers: 3, nowMs });
  await database.sql`
    update warning set claimed_at = opened_at + interval '90 minutes' where id = ${warning.id}`;
  const fix = { warningId: warning.id, requestId: null, choice: null, requestedBy: 'li-lei' };
  await beginFix(database.query, { ...fix, planKey: 'k' }, nowMs);
  const metrics = createMetrics({
    sql: database.sql,
    readBacklogs: async () => new Map([['tagwarden-scans', 7]]),
  });
  metrics.requests.observe({ area: 'api', status: '200' }, 0.02);
  text = await metrics.registry.metrics();
});
afterAll(() => testDatabase.drop());

test('tells warnings, the time to claim them, fixes and backlogs', () => {
  expect(text).toContain('tagwarden_warnings{severity="high",state="open"} 1');
  expect(text).toContain('# TYPE tagwarden_warnings_opened_total counter');
  expect(text).toContain('tagwarden_warnings_opened_total{severity="high"} 1');
  expect(text).toContain(
    'tagwarden_warning_time_to_claim_seconds_bucket{le="3600",severity="high"} 0',
  );
  expect(text).toContain(
    'tagwarden_warning_time_to_claim_seconds_bucket{le="7200",severity="high"} 1',
  );
  expect(text).toContain('tagwarden_fixes{state="planned"} 1');
  expect(text).toContain('tagwarden_fix_customers_total{outcome="refused"} 0');
  expect(text).toMatch(/^tagwarden_table_bytes\{table="finding"\} [1-9]\d+$/m);
  expect(text).toContain('tagwarden_task_queue_backlog{queue="tagwarden-scans"} 7');
});

test('names and units are as Prometheus wants them', () => {
  const types = [...text.matchAll(/^# TYPE (tagwarden_\S+) (\S+)$/gm)];
  expect(types.length).toBeGreaterThan(15);
  for (const [, name = '', type] of types) {
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    expect(name, name).not.toMatch(/_(ms|milliseconds|minutes|percent)(_|$)/);
  }
});

test('every metric that an alert rule or the dashboard names exists', async () => {
  const told = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
  const rules = parse(await readFile('ops/prometheus/alerts.yaml', 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
  };
  const dashboard = JSON.parse(await readFile('ops/grafana/tagwarden.json', 'utf8')) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  };
  const expressions = [
    ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
    ...dashboard.panels.flatMap((panel) => panel.targets.map(({ expr }) => expr)),
  ];
  const named = expressions.flatMap(
    (expr) => expr.match(/\b(tagwarden|process)_[a-z0-9_]+/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(20);
  const unknown = named
    .map((name) => name.replace(/_(bucket|count|sum)$/, ''))
    .filter((name) => !told.has(name));
  expect(unknown).toEqual([]);
});
