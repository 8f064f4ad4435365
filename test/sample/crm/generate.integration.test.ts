import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { isAboutDictionary } from '../../../domain/rules/registry.ts';
import { readConfiguration } from '../../../config/read.ts';
import { generateCrm } from '../../../sample/crm/generate.ts';
import { createEmptyDatabase } from '../../support/database.ts';

const sampleFolder = fileURLToPath(new URL('../../../sample', import.meta.url));
const nowMs = Date.UTC(2026, 10, 22, 1);

async function generate(customers: number, seed: number) {
  const reading = await readConfiguration(sampleFolder);
  if (reading.kind === 'problems') throw new Error('The sample configuration has problems.');
  const { configuration } = reading;
  const { url, ...database } = await createEmptyDatabase();
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const manifest = await generateCrm({ url, customers, seed, nowMs, configuration });
    const [sums] = await sql`
      select (select md5(string_agg(c::text, ',' order by id)) from crm.customer c) as customers,
        (select md5(string_agg(t::text, ',' order by customer_id, tag_id)) from crm.customer_tag t) as tags,
        (select count(*)::int from crm.customer_tag where import_batch = '风控名单 2026-11-19') as imported,
        (select md5(string_agg(m::text, ',' order by member_no, audience_id)) from marketing.audience_member m) as lists,
        (select count(*)::int from crm.customer_tag) + (select count(*)::int from marketing.audience_member) as assignments`;
    return { manifest, sums, rules: configuration.rules };
  } finally {
    await sql.end();
    await database.drop();
  }
}

test('the same seed makes the same CRM with conflicts of every rule, and the story of the first warning', async () => {
  const first = await generate(20_000, 1);
  const { manifest, sums } = first;
  expect(manifest).toMatchObject({ customers: 20_000, assignments: sums?.assignments });
  expect(sums?.imported).toBe(31);
  const story = manifest.expectedFindings.filter(
    (finding) => finding.ruleCode === 'high-value-x-blacklist',
  );
  expect(story).toHaveLength(37);
  expect(story[0]).toMatchObject({ firstTagCode: 'high-value', secondTagCode: 'blacklist' });
  const found = new Set(manifest.expectedFindings.map((finding) => finding.ruleCode));
  const onCustomers = first.rules.filter((rule) => !isAboutDictionary(rule));
  expect([...found].toSorted()).toEqual(onCustomers.map((rule) => rule.code).toSorted());
  const planted = new Set(manifest.expectedFindings.map((finding) => finding.customerRef));
  expect(planted.size).toBe(300);
  expect(manifest.nearMisses.length).toBeGreaterThan(99);
  expect(manifest.nearMisses.filter((miss) => planted.has(miss.customerRef))).toEqual([]);
  const again = await generate(20_000, 1);
  expect(again.sums).toEqual(sums);
  expect(again.manifest).toEqual(manifest);
});

test('another seed makes another CRM, and a small or empty one works too', async () => {
  const [small, other, empty] = [
    await generate(200, 1),
    await generate(200, 2),
    await generate(0, 1),
  ];
  expect(small.sums?.customers).not.toBe(other.sums?.customers);
  expect(small.manifest.plantedCustomers).toBe(40);
  expect(empty.manifest).toMatchObject({ customers: 0, assignments: 0, expectedFindings: [] });
});

test.each([1, 2, 3, 4])('every conflict of seed %i comes out as planned', async (seed) => {
  const { manifest } = await generate(2_000, seed);
  const kept = new Set(manifest.nearMisses.map((miss) => miss.customerRef));
  expect(manifest.expectedFindings.filter((finding) => kept.has(finding.customerRef))).toEqual([]);
  expect(manifest.plantedCustomers).toBeGreaterThan(100);
});
