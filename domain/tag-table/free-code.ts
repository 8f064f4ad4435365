import { codeCharsMax } from './read-row.ts';

const codesTriedMax = 100_000;

/** A code for a tag of whose name this is the spelling, such as its pinyin, that is not taken. */
export function freeCode(spelt: string, isTaken: (code: string) => boolean): string {
  const plain =
    spelt
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/gu, '-')
      .replaceAll(/^-+|-+$/gu, '') || 'tag';
  const base = plain.slice(0, codeCharsMax - 7).replace(/-+$/u, '');
  if (!isTaken(base)) return base;
  for (let number = 2; number < codesTriedMax; number += 1) {
    if (!isTaken(`${base}-${number}`)) return `${base}-${number}`;
  }
  return base;
}
