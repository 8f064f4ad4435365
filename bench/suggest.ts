import { learnLexicon } from '../domain/intelligence/lexicon.ts';
import type { Populations } from '../domain/intelligence/populations.ts';
import { suggest, type InventoryTag } from '../domain/intelligence/suggest.ts';
import { chinese } from '../language/chinese.ts';
import { createRandom, type Random } from '../sample/crm/random.ts';
import { rounded, type Benchmark } from './benchmark.ts';

/** The baseline compares every this many tags with all others and is scaled up. */
const baselineEvery = 25;
const customers = 1_000_000;
/** Part of the pairs that never meet; the others meet as chance has it. */
const keptApartShare = 0.0005;

const subjects = '客户 用户 买家 会员 企业 人群 门店 商家 车主 投资人'.split(' ');
const qualities =
  '高价值 低价值 高净值 重点 沉默 流失 活跃 新增 复购 团购 母婴 数码 美妆 家居 生鲜 商旅 理财 贷款 保险 汽车 教育 健身 宠物 户外 图书 游戏 影音 珠宝 奢品 折扣'.split(
    ' ',
  );
const scopes =
  '华东 华南 华北 西南 线上 线下 直播 小程序 电话 展会 企微 门店 区域 总部 渠道 海外'.split(' ');

export const suggestBenchmark: Benchmark<'tags'> = {
  summary:
    'every candidate of a dictionary whose pairs are counted, against comparing the names of all pairs one by one',
  options: {
    tags: { default: 5_000, min: 100, max: 50_000, meaning: 'how many the dictionary has' },
  },
  run: async ({ tags: count }, { say }) => {
    const random = createRandom();
    random.seed(1);
    const tags = Array.from({ length: count }, (_, index) => makeTag(index, random));
    const populations = makePopulations(count, random);
    say(`Made ${count} tags and ${populations.pairs.both.length} pairs.`);
    const language = chinese();
    language.simplify('繁體');
    language.spell('拼音');
    const cpuBefore = process.cpuUsage();
    const startedAtMs = performance.now();
    const candidates = suggest(
      { tags, populations, settled: new Set() },
      { language, lexicon: learnLexicon([], language) },
    );
    const suggestMs = performance.now() - startedAtMs;
    const cpu = process.cpuUsage(cpuBefore);
    say(`Suggested ${candidates.length} candidates in ${rounded(suggestMs, 0)} ms.`);
    const naiveMs = compareAllPairs(tags);
    return {
      tags: count,
      pairs: populations.pairs.both.length,
      candidates: candidates.length,
      suggestMs: rounded(suggestMs, 0),
      // On a machine with other work this tells, not the time.
      suggestCpuMs: rounded((cpu.user + cpu.system) / 1_000, 0),
      naiveMs: rounded(naiveMs, 0),
      speedup: rounded(naiveMs / suggestMs, 1),
    };
  },
};

function makeTag(index: number, random: Random): InventoryTag {
  const grade = random.chance(0.2) ? `${1 + random.below(9)}级` : '';
  const name = `${random.pick(scopes)}${random.pick(qualities)}${random.pick(subjects)}${grade}${random.chance(0.5) ? String(index) : ''}`;
  const definition = `近${30 * (1 + random.below(12))}天消费不低于${1 + random.below(50)}万元`;
  return {
    id: index + 1,
    name: { 'zh-CN': name, en: '' },
    definition: { 'zh-CN': definition, en: '' },
    criteria: null,
    departmentCodes: random.chance(0.5) ? ['sales'] : ['marketing'],
    isDefined: true,
    isInUse: true,
    ownerFault: null,
  };
}

function makePopulations(count: number, random: Random): Populations {
  const ofTag = Int32Array.from({ length: count }, () => Math.floor(10 ** (1 + 4 * random.next())));
  const first: number[] = [];
  const second: number[] = [];
  const both: number[] = [];
  for (let tag = 0; tag < count; tag += 1) {
    for (let other = tag + 1; other < count; other += 1) {
      const expected = ((ofTag[tag] ?? 0) * (ofTag[other] ?? 0)) / customers;
      if (expected < 0.5 || random.chance(keptApartShare)) continue;
      const met = Math.round(expected + Math.sqrt(expected) * random.normal());
      if (met <= 0) continue;
      first.push(tag);
      second.push(other);
      both.push(met);
    }
  }
  return { customers, ofTag, pairs: { first, second, both } };
}

/** Dice of character pairs (Dice 1945) for every pair of names, as one would write it first. */
function compareAllPairs(tags: readonly InventoryTag[]): number {
  const startedAtMs = performance.now();
  const names = tags.map(({ name }) => pairsOf(name['zh-CN']));
  let alike = 0;
  for (let index = 0; index < names.length; index += baselineEvery) {
    for (const other of names) if (dice(names[index] ?? new Set(), other) > 0.5) alike += 1;
  }
  const elapsedMs = performance.now() - startedAtMs;
  return alike < 0 ? 0 : elapsedMs * baselineEvery;
}

function pairsOf(name: string): ReadonlySet<string> {
  const characters = Array.from(name);
  return new Set(characters.slice(1).map((character, at) => `${characters[at]}${character}`));
}

function dice(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let shared = 0;
  for (const pair of left) if (right.has(pair)) shared += 1;
  return (2 * shared) / (left.size + right.size);
}
