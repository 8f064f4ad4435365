import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { readConfigurationOrThrow, sampleDirectory } from '../app/configuration.ts';
import { loadDictionary } from '../db/stores/dictionary.ts';
import { applyConfiguration } from '../db/stores/configuration.ts';
import type { Database } from '../db/client.ts';
import type { Configuration, RuleDefinition, TagDefinition } from '../domain/configuration.ts';
import { createRandom, type Random } from '../sample/crm/random.ts';
import type { BenchmarkContext } from './benchmark.ts';
import { openDatabaseServer } from './company.ts';

/** A dictionary and customers as a large company has them: the counts of a CRM with a history. */
const tags = 1_200;
const exclusivePairs = 200;
const exclusiveGroups = 40;
const groupTags = 5;
const dominances = 120;
const synonyms = 80;
const criteria = 20;
const tagsWithLife = 150;
const tagsToConfirm = 150;
const deprecatedTags = 10;

/** Tags on a customer: 0 up to twice this, on average this. */
const tagsPerCustomer = 7;
/** A few tags are popular and most are rare: the n-th of `tags` is 1 + tags × random^popularity. */
const popularity = 2;
const lifeDays = 730;
/** A little longer than `lifeDays`, so that a few of many are past it. */
const oldestDays = 735;
const importsEvery = 4;
const daySeconds = 86_400;

export interface LargeCompany {
  /** Of the run; goes when it ends. */
  readonly directory: string;
  readonly databaseUrl: string;
  readonly database: Database;
}

/** A database with `customers` customers in the mirror and some 460 rules; lasts as long as the process. */
export async function openLargeCompany(
  customers: number,
  context: BenchmarkContext,
): Promise<LargeCompany> {
  const { directory, database, databaseUrl } = await openDatabaseServer(context);
  const sample = await readConfigurationOrThrow(sampleDirectory);
  const by = { by: null, through: 'cli', nowMs: Date.now() };
  await applyConfiguration(database.query, largeConfiguration(sample), by);
  context.say(`Making a mirror of ${customers} customers …`);
  await fillMirror(database, customers, context.lifetime.signal);
  await database.sql.unsafe('vacuum analyze mirror_customer');
  return { directory, databaseUrl, database };
}

function largeConfiguration(sample: Configuration): Configuration {
  const [template] = sample.tags;
  if (template === undefined) throw new Error('The sample company has no tags.');
  const random = createRandom();
  random.seed(7);
  return {
    ...sample,
    attributes: [{ code: 'spend', type: 'number', name: { 'zh-CN': '消费', en: 'Spend' } }],
    tags: Array.from({ length: tags }, (_, index) => largeTag(template, index)),
    relations: [],
    rules: largeRules(random),
    sources: sample.sources.slice(0, 1).map((source) => ({ ...source, masterTagCodes: [] })),
  };
}

function codeOf(index: number): string {
  return `tag-${index}`;
}

function largeTag(template: TagDefinition, index: number): TagDefinition {
  const name = { 'zh-CN': `标签${index}`, en: `Tag ${index}` };
  return {
    ...template,
    code: codeOf(index),
    name,
    definition: name,
    level: index % 5 === 0 ? 'temporary' : 'main',
    parentCode: null,
    departmentCodes: [],
    status: index >= tags - deprecatedTags ? 'deprecated' : 'active',
    successorCode: null,
    // Every eighth tag has a life, every eighth other one has to be confirmed.
    lifeDays: index % 8 === 1 && index < tagsWithLife * 8 ? lifeDays : null,
    confirmEveryDays: index % 8 === 3 && index < tagsToConfirm * 8 ? lifeDays : null,
    criteria:
      index < criteria ? { kind: 'compare', attribute: 'spend', operator: '>=', value: 100 } : null,
    sensitive: false,
  };
}

function largeRules(random: Random): readonly RuleDefinition[] {
  let number = 0;
  const base = () => {
    number += 1;
    return {
      code: `rule-${number}`,
      name: { 'zh-CN': `规则${number}`, en: `Rule ${number}` },
      severity: 'medium' as const,
      ownerCode: null,
      enabled: true,
    };
  };
  /** Different tags; not the most popular ones, which nobody would call exclusive. */
  const pick = (count: number): readonly string[] => {
    const picked = new Set<string>();
    while (picked.size < count) picked.add(codeOf(100 + random.below(tags - 200)));
    return [...picked];
  };
  const exclusive = (count: number): RuleDefinition => {
    const tagCodes = pick(count);
    return { ...base(), kind: 'exclusive', tagCodes, precedence: tagCodes, allowedPairs: [] };
  };
  const repeat = (count: number, make: () => RuleDefinition) => Array.from({ length: count }, make);
  return [
    ...repeat(exclusivePairs, () => exclusive(2)),
    ...repeat(exclusiveGroups, () => exclusive(groupTags)),
    ...repeat(dominances, () => {
      const [dominantCode = '', ...dominatedCodes] = pick(3);
      return { ...base(), kind: 'dominance', dominantCode, dominatedCodes };
    }),
    ...repeat(synonyms, () => {
      const [canonicalCode = '', ...synonymCodes] = pick(3);
      return { ...base(), kind: 'synonym', canonicalCode, synonymCodes };
    }),
    ...Array.from({ length: criteria }, (_, index) => ({
      ...base(),
      kind: 'criteria' as const,
      tagCode: codeOf(index),
      direction: 'unmet' as const,
    })),
    { ...base(), kind: 'time-to-live', tagCodes: [] },
    { ...base(), kind: 'stale', tagCodes: [] },
    { ...base(), kind: 'overload', tagsMax: 2 * tagsPerCustomer - 1, temporaryTagsMax: 8 },
    { ...base(), kind: 'unknown' },
    { ...base(), kind: 'deprecated' },
  ];
}

const chunkCharsMin = 256 * 1024;

async function fillMirror(database: Database, customers: number, signal: AbortSignal) {
  const dictionary = await loadDictionary(database.query);
  const idOf = new Map(dictionary.tags.map((tag) => [tag.code, tag.id]));
  const ids = Array.from({ length: tags }, (_, index) => idOf.get(codeOf(index)) ?? 0);
  await database.sql`insert into mirror_import (name) select 'batch ' || n from generate_series(1, 60) n`;
  const connection = database.connectForCopy();
  try {
    const stream = await connection
      .unsafe(
        `copy mirror_customer (ref, name, numbers, texts, tag_ids, since_seconds, actor_ids, source_ids,
          import_ids, present_in, changed_at) from stdin`,
      )
      .writable();
    const random = createRandom();
    random.seed(11);
    const nowSeconds = Math.floor(Date.now() / 1000);
    const changedAt = new Date((nowSeconds - daySeconds) * 1000).toISOString();
    let chunk = '';
    for (let index = 0; index < customers; index += 1) {
      chunk += customerLine({ index, ids, random, nowSeconds, changedAt });
      if (chunk.length < chunkCharsMin) continue;
      signal.throwIfAborted();
      if (!stream.write(chunk)) await once(stream, 'drain');
      chunk = '';
    }
    stream.end(chunk);
    await finished(stream);
  } finally {
    await connection.end({ timeout: 0 });
  }
}

function customerLine(input: {
  readonly index: number;
  readonly ids: readonly number[];
  readonly random: Random;
  readonly nowSeconds: number;
  readonly changedAt: string;
}): string {
  const { index, ids, random, nowSeconds, changedAt } = input;
  const places = new Set<number>();
  const count = random.below(2 * tagsPerCustomer + 1);
  for (let tag = 0; tag < count; tag += 1) {
    places.add(Math.floor(tags * random.next() ** popularity));
  }
  const tagIds = [...places].map((place) => ids[place] ?? 0).sort((a, b) => a - b);
  const since = tagIds.map(() => nowSeconds - random.below(oldestDays) * daySeconds);
  const actors = tagIds.map(() => 1 + random.below(40));
  const batch = index % importsEvery === 0 ? 1 + random.below(60) : 0;
  const imports = tagIds.map((_, place) => (place === 0 ? batch : 0));
  const spend = random.below(200_000);
  return (
    `C-${index}\tcustomer ${index}\t{${spend}}\t{}\t{${tagIds.join(',')}}\t{${since.join(',')}}` +
    `\t{${actors.join(',')}}\t{${tagIds.map(() => 1).join(',')}}\t{${imports.join(',')}}\t{1}\t${changedAt}\n`
  );
}
