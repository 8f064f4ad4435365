import { expect, test } from 'vitest';
import { createSharedRead } from '../../db/shared-read.ts';

/** A reader that notes what it was asked and answers when told. */
function createSlowReader() {
  const asked: string[][] = [];
  const answers: ((error?: Error) => void)[] = [];
  const read = createSharedRead(async (keys: readonly string[]) => {
    asked.push([...keys]);
    const round = asked.length;
    await new Promise<void>((resolve, reject) => {
      answers.push((error) => (error === undefined ? resolve() : reject(error)));
    });
    return (key: string) => `${key}${round}`;
  });
  return { read, asked, answer: (error?: Error) => answers.shift()?.(error) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('who comes while a read is under way gets the next one, together and each key once', async () => {
  const { read, asked, answer } = createSlowReader();
  const first = read('a');
  await turn();
  const later = [read('b'), read('c'), read('b'), read('a')];
  await turn();
  expect(asked).toEqual([['a']]);
  answer();
  expect(await first).toBe('a1');
  await turn();
  expect(asked).toEqual([['a'], ['b', 'c', 'a']]);
  answer();
  expect(await Promise.all(later)).toEqual(['b2', 'c2', 'b2', 'a2']);
});

test('a read that fails fails for those who waited for it, and for nobody after', async () => {
  const { read, answer } = createSlowReader();
  const failing = read('a');
  await turn();
  answer(new Error('gone'));
  await expect(failing).rejects.toThrow('gone');
  const next = read('a');
  await turn();
  answer();
  expect(await next).toBe('a2');
});
