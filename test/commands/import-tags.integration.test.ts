import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  bringTagTable,
  lookAtTagTable,
  setTagTableReading,
  takeInTagTable,
} from '../../commands/import-tags.ts';
import { exportTags } from '../../commands/export-tags.ts';
import type { Actor } from '../../commands/command.ts';
import { readConfiguration } from '../../config/read.ts';
import { writeCsv, writeWorkbook, type TableWords } from '../../config/tag-table/write-table.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import { applyConfiguration } from '../../db/stores/configuration.ts';
import { loadDictionary } from '../../db/stores/dictionary.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { listTagVersions } from '../../db/stores/tag-versions.ts';
import { locales, type Locale } from '../../domain/locale.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { importingTemporal } from '../support/importing.ts';

const nowMs = Date.UTC(2026, 10, 22);
let testDatabase: TestDatabase;
let admin: Actor;
let tagger: Actor;
const context = () => {
  const { database } = testDatabase;
  const now = () => nowMs;
  return { database, now, temporal: importingTemporal(database, now) };
};
const wholePage = { kind: null, offset: 0, limit: 1_000 } as const;
const waitMs = 60_000;
const encode = (text: string) => new TextEncoder().encode(text);
const none = { ownerCode: null, category: null } as const;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { query } = testDatabase.database;
  const reading = await readConfiguration(fileURLToPath(new URL('../../sample', import.meta.url)));
  if (reading.kind !== 'ok') throw new Error('The sample configuration has problems.');
  await applyConfiguration(query, reading.configuration, { by: null, through: 'cli', nowMs });
  const people = [...(await loadPeople(query)).values()];
  const actorWith = (isWanted: (roles: readonly string[]) => boolean): Actor => {
    const person = people.find(({ roles }) => isWanted(roles));
    if (person === undefined) throw new Error('The sample lacks somebody.');
    return { person, through: 'console' };
  };
  admin = actorWith((roles) => roles.includes('data-admin'));
  tagger = actorWith((roles) => !roles.includes('data-admin'));
});
afterAll(() => testDatabase.drop());

function wordsIn(locale: Locale): TableWords {
  const { tagLevel, tagCategory, tagStatus } = textsFor(locale);
  const [yes, no] = locale === 'en' ? ['yes', 'no'] : ['是', '否'];
  return { locale, level: tagLevel, category: tagCategory, status: tagStatus, yes, no };
}

async function bring(bytes: Uint8Array, as: Actor = admin) {
  const file = { name: 'tags.csv', bytes, defaults: none };
  const brought = await bringTagTable(context(), as, file);
  if (brought.kind === 'refused') return brought;
  const { importId } = brought;
  const looked = await lookAtTagTable(context(), as, { importId, ...wholePage });
  if (looked.kind === 'refused') throw new Error('Not to be looked at.');
  return { ...looked, importId };
}

test.each(locales)('what is exported in %s is imported again without a change', async (locale) => {
  const rows = await exportTags(context(), admin, { words: wordsIn(locale), isWanted: () => true });
  expect(rows.length).toBeGreaterThan(30);
  for (const bytes of [encode(writeCsv(rows)), await writeWorkbook(rows, 'tags')]) {
    const looked = await bring(bytes);
    if (looked.kind === 'refused') throw new Error(looked.refusal.kind);
    const counts = { added: 0, changed: 0, unchanged: rows.length - 1, refused: 0 };
    expect(looked.counts).toEqual(counts);
    expect(looked.rows.length).toBe(rows.length - 1);
  }
});

test('a table with a bad row is written not at all, or without that row, once, with versions and in the trail', async () => {
  const { database } = testDatabase;
  const looked = await bring(
    encode(
      '编码,名称,定义,类别,责任人,有效期\nnew-one,全新标签,=1+1,行为,li-lei,30\nvip,贵宾客户,,,,\nbad,坏行,没有人,行为,谁也不是,\n',
    ),
  );
  if (looked.kind === 'refused') throw new Error(looked.refusal.kind);
  const { importId } = looked;
  expect(looked.rows.map(({ kind }) => kind)).toEqual(['added', 'changed', 'refused']);
  const before = await loadDictionary(database.query);
  expect(await takeInTagTable(context(), admin, { importId, rows: 'all', waitMs })).toEqual({
    kind: 'refused',
    refusal: { kind: 'rows-refused', count: 1 },
  });
  expect(await loadDictionary(database.query)).toEqual(before);
  const taken = await takeInTagTable(context(), admin, { importId, rows: 'good', waitMs });
  const counts = { added: 1, changed: 1, unchanged: 0, refused: 1 };
  const outcome = { by: admin.person.code, atMs: nowMs, counts };
  expect(taken).toMatchObject({ kind: 'done', brought: { outcome, taking: null } });
  const { tags } = await loadDictionary(database.query);
  expect(tags.find(({ code }) => code === 'new-one')).toMatchObject({
    name: { 'zh-CN': '全新标签' },
    definition: { 'zh-CN': '=1+1' },
    ownerCode: 'li-lei',
    lifeDays: 30,
    version: 1,
  });
  expect(tags.some(({ code }) => code === 'bad')).toBe(false);
  const page = { beforeVersion: null, limit: 1, hiddenCodes: [] };
  const [version] = await listTagVersions(database.sql, 'vip', page);
  expect(version).toMatchObject({
    version: 2,
    changedBy: admin.person.code,
    through: 'console',
    cause: { kind: 'import', importId },
    note: 'tags.csv',
    changes: [{ part: 'name', after: { words: { 'zh-CN': '贵宾客户', en: 'VIP' } } }],
  });
  const [stored] = await database.sql<{ body: unknown; tag: unknown }[]>`
    select v.body, to_jsonb(t) as tag from tag_version v join tag t on t.code = v.tag_code
    where v.tag_code = 'new-one'`;
  expect(stored?.body).toEqual(tags.find(({ code }) => code === 'new-one'));
  const again = await takeInTagTable(context(), admin, { importId, rows: 'good', waitMs });
  expect(again).toEqual({ kind: 'refused', refusal: { kind: 'taken-in-before', importId } });
  // The report is of what was done, whatever the dictionary has become since.
  const after = await lookAtTagTable(context(), admin, { importId, ...wholePage });
  expect(after).toMatchObject({ brought: { outcome }, rows: looked.rows });
  const trail = await database.sql<{ action: string }[]>`
    select action from audit_row where subject_kind = 'tag-import' and subject_id = ${String(importId)} order by id`;
  expect(trail.map(({ action }) => action)).toEqual([
    'tag-import.brought',
    'tag-import.refused',
    'tag-import.begun',
    'tag-import.taken-in',
    'tag-import.refused',
  ]);
});

test('what would come to something else than was looked over is not written, but looked over again', async () => {
  const { database } = testDatabase;
  const table =
    '编码,名称,定义,类别,责任人\nlate-one,迟到标签,一条定义,行为,li-lei\nearly-one,早到标签,一条定义,行为,li-lei\n';
  const looked = await bring(encode(table));
  if (looked.kind === 'refused') throw new Error(looked.refusal.kind);
  const { importId } = looked;
  expect(looked.counts).toMatchObject({ added: 2, refused: 0 });
  await database.sql`update person set status = 'left' where code = 'li-lei'`;
  const order = { importId, rows: 'all', waitMs } as const;
  const overtaken = await takeInTagTable(context(), admin, order);
  await database.sql`update person set status = 'active' where code = 'li-lei'`;
  expect(overtaken).toMatchObject({
    kind: 'done',
    brought: {
      outcome: null,
      taking: { kind: 'overtaken' },
      checked: { counts: { added: 0, refused: 2 } },
    },
  });
  const { tags } = await loadDictionary(database.query);
  expect(tags.some(({ code }) => code === 'early-one')).toBe(false);
  const columns = looked.brought.reading.columns;
  const reading = { columns, defaults: none };
  await setTagTableReading(context(), admin, { importId, reading });
  expect(await takeInTagTable(context(), admin, order)).toMatchObject({
    brought: { outcome: { counts: { added: 2 } } },
  });
});

test('a large table is read and looked over beside the process, and refused rows come with their pages', async () => {
  const lines = Array.from({ length: 2_600 }, (_, at) =>
    at === 2_000
      ? `many-7,重复 ${at},一条定义,行为,li-lei`
      : `many-${at},很多 ${at},一条定义,行为,li-lei`,
  );
  const looked = await bring(encode(`编码,名称,定义,类别,责任人\n${lines.join('\n')}\n`));
  if (looked.kind === 'refused') throw new Error(looked.refusal.kind);
  expect(looked.counts).toEqual({ added: 2_599, changed: 0, unchanged: 0, refused: 1 });
  const { importId } = looked;
  const page = { importId, kind: 'refused', offset: 0, limit: 10 } as const;
  expect(await lookAtTagTable(context(), admin, page)).toMatchObject({
    rows: [{ row: 2_002, faults: [{ kind: 'duplicate', field: 'code', row: 9 }] }],
  });
});

test('a file that cannot be read, and somebody who may not, are refused', async () => {
  expect(await bring(Uint8Array.from([0, 1, 2, 0, 0]))).toEqual({
    kind: 'refused',
    refusal: { kind: 'unreadable-table', fault: { kind: 'encoding' } },
  });
  expect(await bring(encode('a,b\n1,2\n'), tagger)).toEqual({
    kind: 'refused',
    refusal: { kind: 'role-needed', role: 'data-admin' },
  });
});
