import { expect, it } from 'vitest';
import { healthScore } from '../../domain/health.ts';
import type { NamingPolicy } from '../../domain/naming.ts';
import type { Tag } from '../../domain/tag.ts';
import { tagHealth, type TagFacts } from '../../domain/tag-health.ts';
import { buildPerson, buildTag } from '../support/builders.ts';

const people = new Map(
  [buildPerson({ code: 'here' }), buildPerson({ code: 'left', status: 'left' })].map((one) => [
    one.code,
    one,
  ]),
);
const naming: NamingPolicy = {
  enforce: 'warning',
  charsMax: 6,
  pattern: null,
  forbiddenWords: [],
  prefixes: [],
};
const well: Partial<Tag> = {
  ownerCode: 'here',
  name: { 'zh-CN': '高价值', en: 'High' },
  definition: { 'zh-CN': '消费满十万元', en: 'x' },
};
const facts: TagFacts = { customers: 200, customersWithFinding: 0, doubles: 0 };

function judged(tag: Partial<Tag>, known: Partial<TagFacts> = {}) {
  const parts = tagHealth(
    buildTag({ ...well, ...tag }),
    { ...facts, ...known },
    { people, naming },
  );
  const lowered = parts.filter(({ good, of }) => good < of).map(({ kind }) => kind);
  return [healthScore(parts), lowered];
}

it.each<[string, Partial<Tag>, Partial<TagFacts>, unknown]>([
  ['nothing lowers a tag that is as it should be', {}, {}, [100, []]],
  ['an owner who left', { ownerCode: 'left' }, {}, [(100 * 5) / 6, ['owned']]],
  [
    'a definition that is its name',
    { definition: well.name ?? { 'zh-CN': '', en: '' } },
    {},
    [(100 * 5) / 6, ['documented']],
  ],
  [
    'findings on half of its customers',
    {},
    { customersWithFinding: 100 },
    [(100 * 5.5) / 6, ['clean']],
  ],
  ['nobody who carries it', {}, { customers: 0 }, [80, ['used']]],
  ['a tag that may mean the same', {}, { doubles: 2 }, [(100 * 5) / 6, ['distinct']]],
  [
    'a name against the convention',
    { name: { 'zh-CN': '一二三四五六七', en: '' } },
    {},
    [(100 * 5) / 6, ['named']],
  ],
  ['nothing counted yet counts for nothing', {}, { customers: null }, [100, []]],
  ['customers of a tag out of use', { status: 'deprecated' }, {}, [50, ['phased-out']]],
  ['an archived tag has no health', { status: 'archived' }, {}, [null, []]],
])('%s', (_what, tag, known, expected) => {
  expect(judged(tag, known)).toEqual(expected);
});
