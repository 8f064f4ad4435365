import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideOnCandidates } from '../../../commands/decide-candidates.ts';
import type { CommandContext } from '../../../commands/context.ts';
import { countCandidates, listCandidates } from '../../../db/stores/candidates.ts';
import { readInventoryTags } from '../../../db/stores/inventory.ts';
import { refreshCandidates } from '../../../db/stores/suggestions.ts';
import { applyConfiguration } from '../../../db/stores/configuration.ts';
import { findPerson } from '../../../db/stores/people.ts';
import { readConfigurationOrThrow, sampleDirectory } from '../../../app/configuration.ts';
import { PopulationCounter } from '../../../domain/population/counter.ts';
import { encodePairs } from '../../../domain/population/encoding.ts';
import { compareNumbers } from '../../../domain/compare-numbers.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const nowMs = Date.parse('2026-11-20T01:00:00Z');
const dayMs = 86_400_000;

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  const configuration = await readConfigurationOrThrow(sampleDirectory);
  await applyConfiguration(test.database.query, configuration, { by: null, through: 'cli', nowMs });
});
afterAll(() => test.drop());

async function actor(code: string) {
  const person = await findPerson(test.database.query, code);
  if (person === null) throw new Error(`Nobody is ${code}.`);
  return { person, through: 'console' } as const;
}

const context = (atMs: number) =>
  ({ database: test.database, now: () => atMs }) as unknown as CommandContext;

const list = (state: 'open' | 'confirmed' | 'refused' | 'later') =>
  listCandidates(
    test.database,
    { kind: null, state, hiddenTagIds: [], ofTagIds: null },
    { offset: 0, limit: 500 },
  );

describe('candidates', () => {
  it('are found in the dictionary before anything was counted, and are the same when found again', async () => {
    const configuration = await readConfigurationOrThrow(sampleDirectory);
    const { tags, open } = await refreshCandidates(test.database, nowMs);
    expect(tags).toBe(configuration.tags.filter(({ status }) => status === 'active').length);
    expect(open).toBeGreaterThan(5);
    const before = await list('open');
    await refreshCandidates(test.database, nowMs);
    expect(await list('open')).toEqual(before);
    expect(before.map(({ kind }) => kind)).not.toContain('zombie');
  });

  it('are found among the customers once a scan has counted them', async () => {
    const { sql } = test.database;
    const inventory = await readInventoryTags(test.database);
    const ids = ['经销商', '新客户', '战略客户'].map(
      (wanted) => inventory.find(({ name }) => name['zh-CN'] === wanted)?.id ?? 0,
    );
    ids.sort(compareNumbers);
    await sql`insert into population_history
      (scan_id, counted_at, customers, assignments, tag_ids, tag_customers)
      values (1, ${nowMs}, 100000, 5000, ${sql.array(ids, 1007)}, ${sql.array([2000, 2010, 900], 1016)})`;
    await sql`insert into tag_count (tag_id, customers, scan_id)
      values (${ids[0] ?? 0}, 2000, 1), (${ids[1] ?? 0}, 2010, 1), (${ids[2] ?? 0}, 900, 1)`;
    const [first = 0, second = 0, third = 0] = ids;
    const counter = new PopulationCounter();
    counter.addPair(first, second, 1995);
    counter.addPair(first, third, 18);
    counter.addPair(second, third, 17);
    await sql`insert into pair_part (scan_id, part, pairs, is_counted)
      values (1, 0, ${encodePairs(counter)}, true)`;
    await refreshCandidates(test.database, nowMs);
    const found = await list('open');
    expect(found.filter(({ kind }) => kind === 'zombie')).toHaveLength(
      inventory.filter(({ isDefined }) => isDefined).length - ids.length,
    );
    const redundant = found.find(({ kind }) => kind === 'redundancy');
    expect(redundant).toMatchObject({ firstTagId: ids[0], secondTagId: ids[1] });
  });

  it('name tags that only a source knows, and those whose owner has left', async () => {
    const { sql } = test.database;
    const [source] = await sql<{ id: number }[]>`select id from source order by id limit 1`;
    await sql`insert into mirror_tag (source_id, tag_ref, tag_id, name)
      values (${source?.id ?? 0}, 'night', 900001, '夜间下单')`;
    const configuration = await readConfigurationOrThrow(sampleDirectory);
    const people = configuration.people.map((person) =>
      person.code === 'li-lei' ? { ...person, status: 'left' as const } : person,
    );
    const how = { by: null, through: 'cli', nowMs } as const;
    await applyConfiguration(test.database.query, { ...configuration, people }, how);
    await refreshCandidates(test.database, nowMs);
    const found = await list('open');
    expect(found.filter(({ kind }) => kind === 'undefined')).toMatchObject([
      { firstTagId: 900_001, reasons: [{ kind: 'carried', customers: 0 }] },
    ]);
    const unowned = found.filter(({ kind }) => kind === 'unowned');
    expect(unowned.length).toBe(
      configuration.tags.filter(
        ({ ownerCode, status }) =>
          ownerCode === 'li-lei' && (status === 'active' || status === 'deprecated'),
      ).length,
    );
    expect(unowned[0]?.reasons[0]).toEqual({ kind: 'owner', fault: 'left' });
    await sql`delete from mirror_tag where tag_id = 900001`;
    await applyConfiguration(test.database.query, configuration, how);
    await refreshCandidates(test.database, nowMs);
    expect((await list('open')).map(({ kind }) => kind)).not.toContain('unowned');
  });

  it('are decided by data admins and the committee alone, with an audit row each', async () => {
    const [one, two, three] = await list('open');
    const ids = [one?.id ?? 0, two?.id ?? 0];
    const tagger = { ...(await actor('hu-bin')).person, roles: ['tagger' as const] };
    const refused = await decideOnCandidates(
      context(nowMs),
      { person: tagger, through: 'console' },
      { ids, decision: 'confirm' },
    );
    expect(refused).toMatchObject({ kind: 'refused', refusal: { kind: 'role-needed' } });
    const admin = await actor('hu-bin');
    expect(await decideOnCandidates(context(nowMs), admin, { ids, decision: 'refuse' })).toEqual({
      kind: 'done',
      changed: 2,
    });
    expect(await decideOnCandidates(context(nowMs), admin, { ids, decision: 'refuse' })).toEqual({
      kind: 'unchanged',
      changed: 0,
    });
    await decideOnCandidates(context(nowMs), admin, { ids: [three?.id ?? 0], decision: 'later' });
    const rows = await test.database.sql`
      select action from audit_row where subject_kind = 'candidate' order by id`;
    expect(rows.map(({ action }) => String(action))).toEqual([
      'candidate.refused',
      'candidate.refused',
      'candidate.later',
    ]);
    expect(
      await decideOnCandidates(context(nowMs), admin, { ids: [999_999], decision: 'later' }),
    ).toMatchObject({ kind: 'refused', refusal: { kind: 'not-found', what: 'candidate' } });
  });

  it('about a tag that is hidden from somebody are not there for them', async () => {
    const { sql } = test.database;
    const [one] = await list('open');
    const tagId = one?.firstTagId ?? 0;
    const [before] = await sql<{ owner_code: string; department_codes: string[] }[]>`
      select owner_code, department_codes from tag where id = ${tagId}`;
    await sql`update tag set sensitive = true, owner_code = 'qian-xue',
      department_codes = '["risk"]' where id = ${tagId}`;
    const outsider = await actor('yang-fan');
    expect(outsider.person.departmentCode).not.toBe('risk');
    const decision = { ids: [one?.id ?? 0], decision: 'refuse' } as const;
    expect(await decideOnCandidates(context(nowMs), outsider, decision)).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'not-found', what: 'candidate' },
    });
    await sql`update tag set sensitive = false, owner_code = ${before?.owner_code ?? ''},
      department_codes = ${sql.json(before?.department_codes ?? [])} where id = ${tagId}`;
  });

  it('stay decided, and what was put off is asked again after a while', async () => {
    await refreshCandidates(test.database, nowMs + dayMs);
    expect(await list('refused')).toHaveLength(2);
    expect(await list('later')).toHaveLength(1);
    await refreshCandidates(test.database, nowMs + 31 * dayMs);
    expect(await list('later')).toHaveLength(0);
    const counts = await countCandidates(test.database, { hiddenTagIds: [], ofTagIds: null });
    const [hiddenTagId = 0] = (await list('open')).map(({ firstTagId }) => firstTagId);
    const visible = await countCandidates(test.database, {
      hiddenTagIds: [hiddenTagId],
      ofTagIds: null,
    });
    const open = counts.filter(({ state }) => state === 'open');
    expect(open.reduce((sum, { count }) => sum + count, 0)).toBe((await list('open')).length);
    expect(visible).not.toEqual(counts);
  });
});
