import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLabels, withRows } from '../../evaluate/label-file.ts';
import { readPairs } from '../../evaluate/labelled-pairs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwarden-labels-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['missing.csv', null, 'cannot be read: there is no such file.'],
  ['', null, 'cannot be read: it is a folder.'],
  ['gbk.csv', Buffer.from([0xb8, 0xdf, 0x2c, 0xbc, 0xdb]), 'is not in UTF-8. Save it as UTF-8.'],
  ['open.csv', 'a,b\n"x,y\n', 'is no CSV: Quote Not Closed'],
  ['empty.csv', 'a,b\n', 'has no row of a,b.'],
])('says in words what is wrong with %j', async (name, content, words) => {
  const path = join(folder, name);
  if (content !== null) await writeFile(path, content);
  const read = async () => withRows(await readLabels(path, readPairs), { path, columns: 'a,b' });
  await expect(read()).rejects.toThrow(`${path} ${words}`);
});

it('reads what a sound file holds', async () => {
  const path = join(folder, 'sound.csv');
  await writeFile(path, 'a,b\nVIP,贵宾\n');
  expect(await readLabels(path, readPairs)).toEqual([{ a: 'VIP', b: '贵宾' }]);
});
