import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { readConfiguration } from '../../config/read.ts';
import { copyText } from '../../db/copy-text.ts';
import type { Configuration } from '../../domain/configuration.ts';
import {
  consequences,
  type CrmAssignment,
  type CrmCustomer,
  type ExpectedFinding,
} from './consequences.ts';
import { openCopy } from './copy-target.ts';
import { writeManifest, type Manifest, type NearMiss } from './manifest.ts';
import { agreed, openMarketing } from './marketing.ts';
import { customerName } from './names.ts';
import { createRecipes, foreignTags, type Kitchen, type Recipe } from './plants.ts';
import { createPopulation, type Provenance } from './population.ts';
import { createRandom, type Random } from './random.ts';
import { createRulebook, type Rulebook } from './rulebook.ts';
import { crmConstraints, crmTables } from './schema.ts';

export interface GenerateOptions {
  /**
   * An empty PostgreSQL database of its own; the schema `crm` is made in it, and `marketing` where the configuration
   * has a source of that code.
   */
  readonly url: string;
  /** @default 20000 */
  readonly customers?: number;
  /** The same seed, number and instant make the same CRM. @default 1 */
  readonly seed?: number;
  /** Epoch milliseconds; everything lies before it, at the distances that the rules ask for. */
  readonly nowMs: number;
  /** Whose tags the CRM uses and whose rules the planted conflicts break. */
  readonly configuration: Configuration;
  /** Where the manifest is written to as JSON lines, if anywhere. */
  readonly manifestFile?: string;
  readonly onProgress?: (progress: { readonly customers: number; readonly of: number }) => void;
}

const dayMs = 86_400_000;
const daySeconds = 86_400;
const firstCustomerId = 10_001;
const firstTagId = 501;
const plantedShare = 0.015;
const nearMissShare = 0.005;
const marketingContactEvery = 8;
const progressEveryCustomers = 50_000;

/** The story of the first warning: so many customers, most of them by one import. */
const blacklistStory = {
  ruleCode: 'high-value-x-blacklist',
  customers: 37,
  imported: 31,
  daysAgo: 3,
} as const;

/** Fills a database with a CRM in which every conflict is known. Throws if it has the schema already. */
export async function generateCrm(options: GenerateOptions): Promise<Manifest> {
  const { url, customers = 20_000, seed = 1, nowMs, configuration } = options;
  const rulebook = createRulebook(configuration);
  const random = createRandom();
  random.seed(seed);
  const provenance = createProvenance(configuration, random, nowMs);
  const kitchen = { rulebook, provenance, random, nowMs };
  const plan = createPlan(kitchen, customers);
  const makeOrdinary = createPopulation(kitchen);
  const truth = createTruth(rulebook, nowMs);
  const crm = await openCrm(url, rulebook);
  const marketing = rulebook.hasMarketing ? await openMarketing(url, { rulebook, nowMs }) : null;
  let assignments = 0;
  try {
    for (let index = 0; index < customers; index += 1) {
      random.seed(seed * 1_000_003 + index);
      const ref = String(firstCustomerId + index);
      const planned = plan.get(index);
      const customer =
        planned === undefined
          ? maybeContact(makeOrdinary(ref), { index, rulebook })
          : planned.make(ref);
      if (planned !== undefined) truth.note(planned, customer);
      assignments += customer.assignments.length + (customer.marketing?.length ?? 0);
      await crm.add(customer, { random, nowMs });
      if (customer.marketing !== null) await marketing?.add(ref, customer.marketing);
      if ((index + 1) % progressEveryCustomers === 0) {
        options.onProgress?.({ customers: index + 1, of: customers });
      }
    }
    await crm.finish();
    await marketing?.finish();
  } finally {
    await crm.close();
    await marketing?.close();
  }
  const manifest = { seed, nowMs, customers, assignments, ...truth.told() };
  if (options.manifestFile !== undefined) await writeManifest(manifest, options.manifestFile);
  return manifest;
}

/** One in eight ordinary customers is a contact of the marketing platform too, which says the same of them. */
function maybeContact(
  customer: CrmCustomer,
  { index, rulebook }: { readonly index: number; readonly rulebook: Rulebook },
): CrmCustomer {
  if (!rulebook.hasMarketing || index % marketingContactEvery !== 0) return customer;
  return { ...customer, marketing: agreed(customer, rulebook) };
}

function createProvenance({ people }: Configuration, random: Random, nowMs: number): Provenance {
  const taggers = people.filter((person) => person.roles.includes('tagger'));
  const subjects = [
    '会员等级同步',
    '旧系统迁移',
    '展会名单',
    '电商订单导入',
    '问卷回收',
    '客服系统同步',
    '区域经理上报',
    '数据清洗',
  ];
  return {
    actors: [
      '营销自动化',
      '风控系统',
      ...taggers.map((person) => person.name['zh-CN']),
      '小程序',
      '数据中台',
    ],
    imports: Array.from({ length: 60 }, () => {
      const daysAgo = 2 + Math.floor(700 * random.next() ** 1.5);
      return { name: `${random.pick(subjects)} ${dateAgo(nowMs, daysAgo)}`, daysAgo };
    }),
  };
}

/** Calendar date in China, as people there name their files. */
function dateAgo(nowMs: number, daysAgo: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(
    nowMs - daysAgo * dayMs,
  );
}

type Planned = Pick<Recipe, 'kind' | 'ruleCode' | 'why' | 'planned' | 'make'>;

/** Who is no ordinary customer: by place, spread over all of them, every rule as often as the others. */
function createPlan(kitchen: Kitchen, customers: number): ReadonlyMap<number, Planned> {
  const recipes = createRecipes(kitchen);
  const conflicts = inTurn(recipes.filter((recipe) => recipe.kind === 'conflict'));
  const nearMisses = inTurn(recipes.filter((recipe) => recipe.kind === 'near-miss'));
  const share = (part: number, list: readonly Recipe[]) =>
    Math.min(Math.max(Math.round(customers * part), list.length), Math.floor(customers / 5));
  const planted = share(plantedShare, conflicts);
  const story = tellStory(kitchen, conflicts, planted);
  const others = conflicts.filter(
    (recipe) => story.length === 0 || recipe.ruleCode !== blacklistStory.ruleCode,
  );
  const wanted = [
    ...story,
    ...repeated(others, planted - story.length),
    ...repeated(nearMisses, share(nearMissShare, nearMisses)),
  ];
  const plan = new Map<number, Planned>();
  for (const recipe of wanted) {
    let place = kitchen.random.below(customers);
    while (plan.has(place)) place = (place + 1) % customers;
    plan.set(place, recipe);
  }
  return plan;
}

function repeated(recipes: readonly Recipe[], count: number): readonly Recipe[] {
  if (recipes.length === 0) return [];
  return Array.from({ length: count }, (_, index) => recipes[index % recipes.length]).filter(
    (recipe) => recipe !== undefined,
  );
}

/** High-value customers whom the risk department put on the blacklist, most of them by one import. */
function tellStory(
  { rulebook, random, nowMs }: Kitchen,
  conflicts: readonly Recipe[],
  planted: number,
): readonly Planned[] {
  const recipe = conflicts.find(({ ruleCode }) => ruleCode === blacklistStory.ruleCode);
  const rule = rulebook.rules.find(({ code }) => code === blacklistStory.ruleCode);
  if (recipe === undefined || rule?.kind !== 'dominance') return [];
  const dominant = rulebook.place(rule.dominantCode);
  const customers = Math.min(blacklistStory.customers, Math.floor(planted / 5));
  const imported = Math.round((customers * blacklistStory.imported) / blacklistStory.customers);
  const nowSeconds = Math.floor(nowMs / 1_000);
  const batch = `风控名单 ${dateAgo(nowMs, blacklistStory.daysAgo)}`;
  const retold = (assignment: CrmAssignment, isImported: boolean): CrmAssignment => {
    if (assignment.tag.kind === 'foreign') return assignment;
    if (assignment.tag.place !== dominant) {
      if (rulebook.daysMax[assignment.tag.place] !== Infinity) return assignment;
      return { ...assignment, sinceSeconds: nowSeconds - (40 + random.below(260)) * daySeconds };
    }
    return isImported
      ? {
          ...assignment,
          sinceSeconds: nowSeconds - blacklistStory.daysAgo * daySeconds - random.below(300),
          actor: '风控系统',
          importBatch: batch,
        }
      : { ...assignment, sinceSeconds: nowSeconds - (5 + random.below(300)) * daySeconds };
  };
  return Array.from({ length: customers }, (_, index) => ({
    ...recipe,
    make: (ref: string) => {
      const customer = recipe.make(ref);
      const assignments = customer.assignments.map((assignment) =>
        retold(assignment, index < imported),
      );
      return { ...customer, assignments };
    },
  }));
}

/** One recipe of each rule after the other, so that a small CRM has conflicts of every rule too. */
function inTurn(recipes: readonly Recipe[]): readonly Recipe[] {
  const byRule = new Map<string, Recipe[]>();
  for (const recipe of recipes) {
    const list = byRule.get(recipe.ruleCode);
    if (list === undefined) byRule.set(recipe.ruleCode, [recipe]);
    else list.push(recipe);
  }
  const lists = [...byRule.values()];
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => list[turn] ?? []),
  ).flat();
}

interface Truth {
  note(planned: Planned, customer: CrmCustomer): void;
  told(): Pick<Manifest, 'expectedFindings' | 'nearMisses' | 'plantedCustomers' | 'validUntilMs'>;
}

function createTruth(rulebook: Rulebook, nowMs: number): Truth {
  const expectedFindings: ExpectedFinding[] = [];
  const nearMisses: NearMiss[] = [];
  let plantedCustomers = 0;
  return {
    note: (planned, customer) => {
      const found = consequences(rulebook, customer, nowMs);
      requirePlanned(planned, found);
      if (found.length > 0) plantedCustomers += 1;
      else if (planned.kind === 'near-miss') {
        const { ruleCode, why } = planned;
        nearMisses.push({ ruleCode, customerRef: customer.ref, why });
      }
      expectedFindings.push(...found);
    },
    told: () => ({
      expectedFindings,
      nearMisses,
      plantedCustomers,
      validUntilMs: nowMs + dayMs - 3_600_000,
    }),
  };
}

function requirePlanned(planned: Planned, found: readonly ExpectedFinding[]): void {
  if (planned.planned === null) return;
  const [first, second] = planned.planned;
  const isThere = found.some(
    (finding) =>
      finding.ruleCode === planned.ruleCode &&
      finding.firstTagCode === first &&
      finding.secondTagCode === second,
  );
  if (isThere) return;
  throw new Error(`A conflict of rule ${planned.ruleCode} (${planned.why}) came out as none.`);
}

interface CrmWriter {
  add(
    customer: CrmCustomer,
    at: { readonly random: Random; readonly nowMs: number },
  ): Promise<void>;
  finish(): Promise<void>;
  close(): Promise<void>;
}

async function openCrm(url: string, rulebook: Rulebook): Promise<CrmWriter> {
  const connect = () => postgres(url, { max: 1, onnotice: () => {} });
  const [main, forCustomers, forAssignments] = [connect(), connect(), connect()];
  await main.unsafe(crmTables);
  const foreignIds = new Map<string, number>(
    foreignTags.map((name, index) => [name, firstTagId + rulebook.tags.length + index]),
  );
  const tagRows = [
    ...rulebook.tags.map((tag, place) => ({
      id: firstTagId + place,
      code: tag.code.toUpperCase().replaceAll('-', '_'),
      name: tag.name['zh-CN'],
    })),
    ...[...foreignIds].map(([name, id]) => ({ id, code: `T${id}`, name })),
  ];
  await main`insert into crm.tag ${main(tagRows)}`;
  const customers = await openCopy(forCustomers, 'crm.customer');
  const assignments = await openCopy(forAssignments, 'crm.customer_tag');
  return {
    add: async (customer, { random, nowMs }) => {
      await customers.write(customerLine(customer, random, nowMs));
      for (const assignment of customer.assignments) {
        const { tag } = assignment;
        const tagId =
          tag.kind === 'foreign' ? (foreignIds.get(tag.name) ?? 0) : firstTagId + tag.place;
        await assignments.write(assignmentLine({ ref: customer.ref, tagId, assignment, nowMs }));
      }
    },
    finish: async () => {
      await customers.finish();
      await assignments.finish();
      await main.unsafe(crmConstraints);
      await main.unsafe('analyze');
    },
    close: async () => {
      await Promise.all([main, forCustomers, forAssignments].map((sql) => sql.end({ timeout: 0 })));
    },
  };
}

function customerLine(customer: CrmCustomer, random: Random, nowMs: number): string {
  const { attributes } = customer;
  const at = (code: string) => {
    const value = attributes[code];
    return typeof value === 'number' ? new Date(value).toISOString() : '\\N';
  };
  const plain = (code: string) => {
    const value = attributes[code];
    return value === null || value === undefined ? '\\N' : copyText(String(value));
  };
  return `${[
    customer.ref,
    copyText(customerName(random, attributes.is_company === true)),
    plain('region'),
    random.pick(channels),
    plain('is_company'),
    at('registered_at'),
    at('last_order_at'),
    at('birthday_at').slice(0, 10),
    plain('spend_12m'),
    plain('orders_12m'),
    plain('complaints_6m'),
    plain('overdue_days'),
    plain('logins_30d'),
    plain('risk_score'),
    new Date(nowMs - dayMs - random.below(30 * 86_400) * 1_000).toISOString(),
  ].join('\t')}\n`;
}

const channels = ['App', '小程序', '门店', '电商平台', '线下活动', '老客转介', '电话'];

function assignmentLine(line: {
  readonly ref: string;
  readonly tagId: number;
  readonly assignment: CrmAssignment;
  readonly nowMs: number;
}): string {
  const { ref, tagId, assignment, nowMs } = line;
  const { sinceSeconds, actor, importBatch } = assignment;
  const atMs = (sinceSeconds ?? 0) * 1_000;
  const since = sinceSeconds === null ? '\\N' : new Date(atMs).toISOString();
  const updated = new Date(Math.min(sinceSeconds === null ? 0 : atMs, nowMs - dayMs)).toISOString();
  return `${ref}\t${tagId}\t${since}\t${actor === null ? '\\N' : copyText(actor)}\t${
    importBatch === null ? '\\N' : copyText(importBatch)
  }\t${updated}\n`;
}

const sampleFolder = fileURLToPath(new URL('..', import.meta.url));

async function runFromCommandLine(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      customers: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      manifest: { type: 'string' },
      config: { type: 'string', default: sampleFolder },
    },
  });
  if (values.url === undefined) {
    throw new Error('Say where to: --url postgres://user:password@host:5432/an-empty-database');
  }
  const reading = await readConfiguration(values.config);
  if (reading.kind === 'problems') {
    throw new Error(
      `The configuration in ${values.config} has ${reading.problems.length} problems.`,
    );
  }
  const manifest = await generateCrm({
    url: values.url,
    customers: wholeNumber('--customers', values.customers),
    seed: wholeNumber('--seed', values.seed),
    nowMs: Date.now(),
    configuration: reading.configuration,
    ...(values.manifest === undefined ? {} : { manifestFile: values.manifest }),
    onProgress: ({ customers, of }) => console.error(`${customers} of ${of} customers`),
  });
  const { expectedFindings, nearMisses, ...counts } = manifest;
  console.log(
    JSON.stringify({
      ...counts,
      findings: expectedFindings.length,
      nearMisses: nearMisses.length,
    }),
  );
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${option} is a whole number, not "${text}"`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  runFromCommandLine().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
