import { eq } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { diffConfiguration } from '../../../config/diff.ts';
import { readConfiguration } from '../../../config/read.ts';
import { auditRows } from '../../../db/schema/access.ts';
import { attributes, rules, sources, tags, tagVersions } from '../../../db/schema/dictionary.ts';
import { people } from '../../../db/schema/people.ts';
import { applyConfiguration, loadConfiguration } from '../../../db/stores/configuration.ts';
import { loadDictionary } from '../../../db/stores/dictionary.ts';
import type { Configuration } from '../../../domain/configuration.ts';
import type { Person } from '../../../domain/person.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let testDatabase: TestDatabase;
let sample: Configuration;
beforeAll(async () => {
  const reading = await readConfiguration('sample');
  if (reading.kind === 'problems') throw new Error('The sample has problems.');
  sample = reading.configuration;
});
beforeEach(async () => {
  testDatabase = await createTestDatabase();
  return () => testDatabase.drop();
});

const context = { by: 'hu-bin', through: 'cli', nowMs: Date.UTC(2026, 10, 22) };

function apply(wanted: Configuration, reason?: string) {
  return applyConfiguration(testDatabase.database.query, wanted, { ...context, reason });
}

function without<T extends { readonly code: string }>(list: readonly T[], code: string): T[] {
  return list.filter((one) => one.code !== code);
}

function changed<T extends { readonly code: string }>(
  list: readonly T[],
  code: string,
  change: Partial<T>,
): T[] {
  return list.map((one) => (one.code === code ? { ...one, ...change } : one));
}

test('nothing is in force before the first apply', async () => {
  expect(await loadConfiguration(testDatabase.database.query)).toBeNull();
});

test('what was applied is what is loaded, and applying it again changes nothing', async () => {
  const { query } = testDatabase.database;
  const changes = await apply(sample);
  expect(changes).toContainEqual({ kind: 'added', what: 'tag', code: 'high-value' });
  const loaded = await loadConfiguration(query);
  expect(diffConfiguration(loaded, sample)).toEqual([]);
  expect(await apply(sample)).toEqual([]);
  const audit = await query.select().from(auditRows);
  expect(audit.map((row) => [row.action, row.actorCode, row.through])).toEqual([
    ['configuration.applied', 'hu-bin', 'cli'],
  ]);
});

test('a changed tag keeps its id and gains a version', async () => {
  const { query } = testDatabase.database;
  await apply(sample);
  const [before] = await query.select().from(tags).where(eq(tags.code, 'high-value'));
  const changes = await apply(
    { ...sample, tags: changed(sample.tags, 'high-value', { ownerCode: 'wang-fang' }) },
    '李雷调岗',
  );
  expect(changes).toEqual([
    {
      kind: 'changed',
      what: 'tag',
      code: 'high-value',
      fields: [{ field: 'owner', before: 'li-lei', after: 'wang-fang' }],
    },
  ]);
  const [after] = await query.select().from(tags).where(eq(tags.code, 'high-value'));
  expect(after).toMatchObject({ id: before?.id, ownerCode: 'wang-fang', version: 2 });
  const versions = await query
    .select()
    .from(tagVersions)
    .where(eq(tagVersions.tagCode, 'high-value'))
    .orderBy(tagVersions.version);
  expect(
    versions.map((row) => [row.version, row.body.ownerCode, row.changedBy, row.through, row.note]),
  ).toEqual([
    [1, 'li-lei', 'hu-bin', 'cli', null],
    [2, 'wang-fang', 'hu-bin', 'cli', '李雷调岗'],
  ]);
});

test('a tag that is no longer named is archived once, and comes back with its id', async () => {
  const { query } = testDatabase.database;
  await apply(sample);
  const wanted = { ...sample, tags: without(sample.tags, 'night-shopper') };
  expect(await apply(wanted)).toEqual([{ kind: 'removed', what: 'tag', code: 'night-shopper' }]);
  expect(await apply(wanted)).toEqual([]);
  const [archived] = await query.select().from(tags).where(eq(tags.code, 'night-shopper'));
  expect(archived).toMatchObject({ status: 'archived', version: 2 });
  await apply(sample);
  const [again] = await query.select().from(tags).where(eq(tags.code, 'night-shopper'));
  expect(again).toMatchObject({ id: archived?.id, status: 'active', version: 3 });
});

test('a person who is no longer named has left, with a department that only they were in', async () => {
  const { query } = testDatabase.database;
  await apply(sample);
  const wanted: Configuration = {
    ...sample,
    departments: without(sample.departments, 'data'),
    people: sample.people
      .filter((person) => person.code !== 'guo-rui')
      .map((person) =>
        person.departmentCode === 'data' ? { ...person, departmentCode: 'operations' } : person,
      ),
    tags: sample.tags.map((tag) => ({
      ...tag,
      departmentCodes: tag.departmentCodes.filter((code) => code !== 'data'),
    })),
  };
  const changes = await apply(wanted);
  expect(changes).toContainEqual({ kind: 'removed', what: 'person', code: 'guo-rui' });
  expect(changes).toContainEqual({ kind: 'removed', what: 'department', code: 'data' });
  const [left] = await query.select().from(people).where(eq(people.code, 'guo-rui'));
  expect(left?.status).toBe('left');
  expect(await apply(wanted)).toEqual([]);
  expect(diffConfiguration(await loadConfiguration(query), wanted)).toEqual([]);
});

test('chat ids linked at run time stay, unless the files give them to somebody', async () => {
  const { query } = testDatabase.database;
  const unlinked = {
    ...sample,
    people: sample.people.map((person) => ({ ...person, slackUserId: null })),
  };
  await apply(unlinked);
  await query.update(people).set({ slackUserId: 'U0REAL' }).where(eq(people.code, 'li-lei'));
  expect(await apply(unlinked)).toEqual([]);
  await apply({
    ...unlinked,
    people: changed(unlinked.people, 'li-lei', { channels: ['slack'] }),
  });
  const slackOf = async (code: string) =>
    (await query.select().from(people).where(eq(people.code, code)))[0]?.slackUserId;
  expect(await slackOf('li-lei')).toBe('U0REAL');
  await apply({
    ...unlinked,
    people: changed<Person>(unlinked.people, 'wang-fang', { slackUserId: 'U0REAL' }),
  });
  expect([await slackOf('li-lei'), await slackOf('wang-fang')]).toEqual([null, 'U0REAL']);
});

test('two people may exchange their emails', async () => {
  await apply(sample);
  const emailOf = (code: string) =>
    sample.people.find((person) => person.code === code)?.email ?? null;
  const swapped = changed(
    changed(sample.people, 'li-lei', { email: emailOf('wang-fang') }),
    'wang-fang',
    { email: emailOf('li-lei') },
  );
  expect(await apply({ ...sample, people: swapped })).toHaveLength(2);
  expect(await apply({ ...sample, people: swapped })).toEqual([]);
});

test('a person moves with the time zone of their calendar', async () => {
  const { query } = testDatabase.database;
  await apply(sample);
  const urumqi = 'Asia/Urumqi';
  await apply({
    ...sample,
    calendars: changed(sample.calendars, 'china-service', { timeZone: urumqi }),
    people: sample.people.map((person) =>
      person.calendarCode === 'china-service' ? { ...person, timeZone: urumqi } : person,
    ),
  });
  const [person] = await query.select().from(people).where(eq(people.code, 'xie-fei'));
  expect(person?.timeZone).toBe('Asia/Urumqi');
});

test('slots of attributes are never given to another one', async () => {
  const { query } = testDatabase.database;
  await apply(sample);
  const slots = async () =>
    new Map((await query.select().from(attributes)).map((row) => [row.code, row.slot]));
  const first = await slots();
  const numbers = sample.attributes.filter((one) => one.type !== 'text').length;
  const last = sample.attributes.findLast((one) => one.type !== 'text')?.code ?? '';
  const name = { 'zh-CN': '新', en: 'New' };
  const added = { code: 'fresh', type: 'number', name } as const;
  const replaced = { ...sample, attributes: [...without(sample.attributes, last), added] };
  await apply(replaced);
  expect((await slots()).get('fresh')).toBe(numbers);
  await apply(sample);
  expect(await slots()).toEqual(first);
  const retyped = changed(sample.attributes, last, { type: 'text' });
  await apply({ ...sample, attributes: retyped });
  expect((await slots()).get(last)).toBe(1);
});

test('rules keep their ids; a removed one stays disabled and comes back', async () => {
  const { query } = testDatabase.database;
  await apply(sample);
  const idOf = async () =>
    (await query.select().from(rules).where(eq(rules.code, 'too-many-tags')))[0];
  const before = await idOf();
  const wanted = { ...sample, rules: sample.rules.filter((rule) => rule.code !== 'too-many-tags') };
  await apply(wanted);
  expect(await idOf()).toMatchObject({ id: before?.id, enabled: false, removed: true });
  expect(await apply(wanted)).toEqual([]);
  const dictionary = await loadDictionary(query);
  expect(dictionary.rules.find((rule) => rule.code === 'too-many-tags')?.enabled).toBe(false);
  await apply(sample);
  expect(await idOf()).toMatchObject({ id: before?.id, enabled: true, removed: false });
});

test('a changed mapping and a new attribute make sources be read whole again', async () => {
  const { query } = testDatabase.database;
  await apply(sample);
  const cursor = async () => (await query.select().from(sources))[0]?.cursor;
  await query.update(sources).set({ cursor: 'here' });
  await apply({
    ...sample,
    policy: { ...sample.policy, exceptions: { daysMax: 30, remindDays: 7 } },
  });
  expect(await cursor()).toBe('here');
  const name = { 'zh-CN': '新', en: 'New' };
  await apply({
    ...sample,
    attributes: [...sample.attributes, { code: 'fresh', type: 'number', name }],
  });
  expect(await cursor()).toBeNull();
});

test('a removed source leaves the mirror, and what other sources say stays', async () => {
  const { query, sql } = testDatabase.database;
  await apply(sample);
  await sql`
    insert into mirror_tag (source_id, tag_ref, name, tag_id) values (1, 'a', 'a', 1), (2, 'a', 'a', 1)`;
  await sql`
    insert into mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids,
                                 source_ids, import_ids, present_in, changed_at)
    values ('only', 'x', '{}', '{}', '{5}', '{1}', '{0}', '{2}', '{0}', '{2}', 'epoch'),
           ('both', 'y', '{}', '{}', '{5,5,7}', '{1,2,3}', '{4,5,6}', '{1,2,1}', '{7,8,9}', '{1,2}', 'epoch'),
           ('other', 'z', '{}', '{}', '{5}', '{1}', '{0}', '{1}', '{0}', '{1}', 'epoch')`;
  await apply({ ...sample, sources: sample.sources.slice(0, 1) });
  const rows = await sql`
    select ref, tag_ids, since_seconds, actor_ids, source_ids, import_ids, present_in,
           changed_at > 'epoch' as changed
    from mirror_customer order by ref`;
  expect(rows.map((row) => ({ ...row }))).toMatchObject([
    {
      ref: 'both',
      tag_ids: [5, 7],
      actor_ids: [4, 6],
      source_ids: [1, 1],
      import_ids: [7, 9],
      present_in: [1],
      changed: true,
    },
    { ref: 'other', tag_ids: [5], changed: false },
  ]);
  expect(await query.select().from(sources)).toHaveLength(1);
});

test('two at once follow each other', async () => {
  const { query } = testDatabase.database;
  await apply(sample);
  await Promise.all(
    ['li-lei', 'wang-fang', 'chen-hao', 'xu-na'].map((ownerCode) =>
      apply({ ...sample, tags: changed(sample.tags, 'vip', { ownerCode }) }),
    ),
  );
  const versions = await query.select().from(tagVersions).where(eq(tagVersions.tagCode, 'vip'));
  const [tag] = await query.select().from(tags).where(eq(tags.code, 'vip'));
  expect(tag?.version).toBe(versions.length);
  const newest = versions.find((row) => row.version === tag?.version);
  expect(newest?.body.ownerCode).toBe(tag?.ownerCode);
});

test('an apply that fails leaves everything as it was', async () => {
  const { query } = testDatabase.database;
  await apply(sample);
  const broken = changed(sample.people, 'li-lei', { departmentCode: 'nowhere' });
  const wanted = {
    ...sample,
    people: broken,
    departments: changed(sample.departments, 'sales', { name: { 'zh-CN': '改', en: 'Changed' } }),
  };
  await expect(apply(wanted)).rejects.toThrow();
  expect(diffConfiguration(await loadConfiguration(query), sample)).toEqual([]);
  expect(await query.select().from(auditRows)).toHaveLength(1);
});
