import { MockActivityEnvironment } from '@temporalio/testing';
import postgres from 'postgres';
import { createFixActivities } from '../activities/fix.ts';
import { loadFixCounts } from '../db/stores/fixes.ts';
import { planRetag } from '../db/stores/retag.ts';
import { runActivity } from './activity.ts';
import { rounded, type Benchmark } from './benchmark.ts';
import { openCompany, type Company } from './company.ts';

const fromCode = 'repeat-buyer';
const intoCode = 'regular-customer';

/**
 * A merge of two tags as an approved request does it: before and after of each customer are kept, the source is
 * written by compare and set, the outcome of each is recorded. Held against one UPDATE of the same rows of the CRM,
 * which keeps nothing and is taken back.
 */
export const retag: Benchmark<'customers'> = {
  summary: 'a tag merged into another on every customer, against one SQL UPDATE of the same rows',
  options: {
    customers: {
      default: 400_000,
      min: 100,
      max: 5_000_000,
      meaning: 'how many carry the tag',
    },
  },
  async run({ customers }, context) {
    const { say, lifetime } = context;
    const company = await openCompany(customers, context);
    const crm = postgres(company.crmUrl, { max: 1, onnotice: () => {} });
    lifetime.onEnd(() => crm.end());
    await giveEverybody(crm);
    say('Importing …');
    await company.readCrm();
    const updateMs = await timeUpdate(crm);
    say(`One UPDATE: ${rounded(updateMs, 0)} ms. Merging …`);
    const retagMs = await timeRetag(company, customers, context.say);
    return {
      customers,
      retagMs: rounded(retagMs, 0),
      updateMs: rounded(updateMs, 0),
      ratioToUpdate: rounded(retagMs / updateMs, 2),
    };
  },
};

/** Everybody carries the one tag and nobody the other. */
async function giveEverybody(crm: postgres.Sql): Promise<void> {
  await crm.begin(async (transaction) => {
    await transaction`set local session_replication_role = replica`;
    await transaction`
      delete from crm.customer_tag t using crm.tag g
      where g.id = t.tag_id and g.code in ('REPEAT_BUYER', 'REGULAR_CUSTOMER')`;
    await transaction`
      insert into crm.customer_tag (customer_id, tag_id, tagged_at, tagged_by)
      select c.id, g.id, now(), 'import' from crm.customer c, crm.tag g where g.code = 'REPEAT_BUYER'`;
  });
  await crm`vacuum analyze crm.customer_tag`;
}

/** The rows are as before afterwards, and so are the pages they lie on. */
async function timeUpdate(crm: postgres.Sql): Promise<number> {
  const [from, into] = await tagIds(crm);
  const startedAtMs = performance.now();
  let updateMs = 0;
  await crm
    .begin(async (transaction) => {
      await transaction`update crm.customer_tag set tag_id = ${into} where tag_id = ${from}`;
      updateMs = performance.now() - startedAtMs;
      throw new TakenBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error;
    });
  await crm`vacuum analyze crm.customer_tag`;
  return updateMs;
}

class TakenBack extends Error {}

async function tagIds(crm: postgres.Sql): Promise<readonly [number, number]> {
  const rows = await crm<{ id: number; code: string }[]>`
    select id::int, code from crm.tag where code in ('REPEAT_BUYER', 'REGULAR_CUSTOMER')`;
  const idOf = (code: string) => rows.find((row) => row.code === code)?.id ?? 0;
  return [idOf('REPEAT_BUYER'), idOf('REGULAR_CUSTOMER')];
}

async function timeRetag(
  { database, connectors }: Company,
  customers: number,
  say: (line: string) => void,
): Promise<number> {
  const environment = new MockActivityEnvironment();
  const { writeFix } = createFixActivities({ database, connectors, now: Date.now });
  const startedAtMs = performance.now();
  const planned = await planRetag(database, {
    requestId: 1,
    retag: { kind: 'replace', code: fromCode, byCode: intoCode },
    requestedBy: 'hu-bin',
    nowMs: Date.now(),
  });
  if (planned.kind !== 'planned') throw new Error('The sample company does not have both tags.');
  const { fixId } = planned;
  say(`Planned in ${rounded(performance.now() - startedAtMs, 0)} ms. Writing …`);
  await runActivity(environment, writeFix, { fixId });
  const retagMs = performance.now() - startedAtMs;
  const { changed } = await loadFixCounts(database.sql, fixId, 'fix');
  if (changed !== customers) throw new Error(`Of ${customers} customers ${changed} were changed.`);
  return retagMs;
}
