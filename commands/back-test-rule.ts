import type { Database } from '../db/client.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { inspectRule } from '../db/stores/dictionary-inspection.ts';
import { loadDictionary, loadOrigins, loadPolicy } from '../db/stores/dictionary.ts';
import { loadMirrorTagNames, streamCustomers } from '../db/stores/mirror-customers.ts';
import {
  loadCustomerNames,
  loadDismissals,
  loadRulePerformance,
  type Dismissals,
} from '../db/stores/rule-performance.ts';
import {
  nobodyUndecided,
  type AttachedBackTest,
  type BackTestFigures,
} from '../domain/back-test.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { RuleDefinition } from '../domain/configuration.ts';
import { mayTestRule, roleRefusal } from '../domain/department-rights.ts';
import { visibleDictionary } from '../domain/hidden.ts';
import type { CustomerTags } from '../domain/customer.ts';
import { compileDetector } from '../domain/detect/compile.ts';
import { needsOfRules } from '../domain/detect/needs.ts';
import { createUndecidedTally } from '../domain/detect/undecided.ts';
import { tagIndex, type Dictionary } from '../domain/dictionary.ts';
import type { Rule, RuleKind } from '../domain/rule.ts';
import { judgeRule, type RuleVerdict } from '../domain/rule-performance.ts';
import { tagsNamedBy } from '../domain/rule-tags.ts';
import { isAboutDictionary } from '../domain/rules/registry.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

/** Of each change; those flagged as before only fill up to so many. */
const examplesMax = 5;
const overlapsMax = 10;
/** Earlier decisions that are held against what is found, the newest ones. */
const dismissalsMax = 500_000;

export interface BackTest extends BackTestFigures {
  readonly ruleCode: string;
  /** Whether the rule is in force as it was tested, in force otherwise, or not. */
  readonly standing: 'in-force' | 'changed' | 'off' | 'new';
  readonly findings: number;
  /** What people made of the rule's warnings so far. */
  readonly record: {
    readonly right: number;
    readonly wrong: number;
    readonly verdict: RuleVerdict;
  };
  /**
   * The first few, those first who are flagged otherwise than by the rule in force. Tags by code, or by the source's name
   * of one that the dictionary does not know.
   */
  readonly examples: readonly {
    readonly change: ExampleChange;
    readonly ref: string;
    readonly name: string;
    readonly tags: readonly string[];
  }[];
}

/** Against the rule in force: by this one alone, by that one alone, by both or there is none in force. */
export const exampleChanges = ['anew', 'no-longer', 'flagged'] as const;
export type ExampleChange = (typeof exampleChanges)[number];

export interface TagWithDays {
  readonly code: string;
  readonly days: { readonly lifeDays?: number | null; readonly confirmEveryDays?: number | null };
}

/** What is tested: a code of a rule in force or turned off, or a rule as rules.yaml would declare it. */
export interface TestedRule {
  readonly rule: string | RuleDefinition;
  /** A tag with other days than it has, as the rule is to see it. @default tags as they are */
  readonly changedTag?: TagWithDays;
  /** Ends it early; what it began is given up. */
  readonly signal: AbortSignal;
}

/**
 * What a rule would flag in the customers as last read, with examples; writes nothing. For data admins, those of
 * departments for rules of their people.
 */
export async function backTestRule(
  context: Pick<CommandContext, 'database' | 'now'>,
  actor: Actor,
  input: TestedRule,
): Promise<CommandResult<{ readonly backTest: BackTest }>> {
  const { person } = actor;
  const { dictionary, people } = await readCurrentKnowledge(context.database);
  if (!mayTestRule(person, input.rule, { dictionary, people })) {
    return { kind: 'refused', refusal: roleRefusal(person, 'data-admin') };
  }
  const result = await runBackTest(context, input);
  if (result.kind === 'refused') return result;
  const seen = visibleDictionary(dictionary, person, people).rules;
  const overlaps = result.backTest.overlaps.filter(({ ruleCode }) =>
    seen.some(({ code }) => code === ruleCode),
  );
  return { ...result, backTest: { ...result.backTest, overlaps } };
}

/**
 * What a rule would flag, and what is known of its like, whoever asks. On one database one back-test runs after the
 * other.
 */
export async function runBackTest(
  context: Pick<CommandContext, 'database' | 'now'>,
  input: TestedRule,
): Promise<CommandResult<{ readonly backTest: BackTest }>> {
  const { database } = context;
  const dictionary = await loadDictionary(database.query);
  const code = typeof input.rule === 'string' ? input.rule : input.rule.code;
  const present = dictionary.rules.find((rule) => rule.code === code) ?? null;
  const wanted = typeof input.rule === 'string' ? present : withId(input.rule, present, dictionary);
  if (wanted === null) {
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'rule', id: code } };
  }
  const { byCode } = tagIndex(dictionary);
  const unknown = tagsNamedBy(wanted).find((tagCode) => !byCode.has(tagCode));
  if (unknown !== undefined) {
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'tag', id: unknown } };
  }
  const order = {
    database,
    dictionary: withDays(dictionary, input.changedTag),
    before: dictionary,
    present,
    nowMs: context.now(),
    signal: input.signal,
  };
  const rule: Rule = { ...wanted, enabled: true };
  const backTest = await inTurn(database, () =>
    isAboutDictionary(rule) ? testOnDictionary(rule, order) : testOnCustomers(rule, order),
  );
  return { kind: 'done', backTest };
}

/** What of a back-test anybody who votes may see. */
export function attachedBackTest(backTest: BackTest, testedAtMs: number): AttachedBackTest {
  const { about, examined, flagged, flaggedAnew, noLongerFlagged, dismissedBefore } = backTest;
  const { right, wrong } = backTest.record;
  return {
    about,
    examined,
    flagged,
    flaggedAnew,
    noLongerFlagged,
    dismissedBefore,
    overlaps: backTest.overlaps,
    undecided: backTest.undecided,
    right,
    wrong,
    testedAtMs,
  };
}

function withDays(dictionary: Dictionary, changed: TagWithDays | undefined): Dictionary {
  if (changed === undefined) return dictionary;
  const { code, days } = changed;
  return {
    ...dictionary,
    tags: dictionary.tags.map((tag) => (tag.code === code ? { ...tag, ...days } : tag)),
  };
}

interface Order {
  readonly database: Database;
  /** As it is to be tested. */
  readonly dictionary: Dictionary;
  /** As it is. */
  readonly before: Dictionary;
  readonly present: Rule | null;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

const last = new WeakMap<Database, Promise<unknown>>();

function inTurn<T>(database: Database, run: () => Promise<T>): Promise<T> {
  const turn = (last.get(database) ?? Promise.resolve()).then(run, run);
  last.set(
    database,
    turn.catch(() => undefined),
  );
  return turn;
}

function withId(rule: RuleDefinition, present: Rule | null, dictionary: Dictionary): Rule {
  const highest = dictionary.rules.reduce((max, { id }) => Math.max(max, id), 0);
  return { ...rule, id: present?.id ?? highest + 1 };
}

async function testOnDictionary(rule: Rule, order: Order): Promise<BackTest> {
  const { database, dictionary, present, nowMs } = order;
  const found = await inspectRule(database, { rule, dictionary, nowMs });
  const before =
    present?.enabled === true
      ? await inspectRule(database, { rule: present, dictionary, nowMs })
      : null;
  const { byId } = tagIndex(dictionary);
  const { firstTagIds } = await loadDismissals(database.sql, alike(rule.kind), dismissalsMax);
  return {
    ...(await standingOf(rule, order)),
    about: 'tags',
    examined: dictionary.tags.length,
    flagged: found.length,
    findings: found.length,
    flaggedAnew: before === null ? 0 : found.filter((id) => !before.includes(id)).length,
    noLongerFlagged: before === null ? 0 : before.filter((id) => !found.includes(id)).length,
    dismissedBefore: found.filter((id) => firstTagIds.includes(id)).length,
    overlaps: [],
    undecided: nobodyUndecided,
    examples: chosenExamples(exampleTags(found, before)).flatMap(({ id, change }) => {
      const tag = byId.get(id);
      return tag === undefined
        ? []
        : [{ change, ref: tag.code, name: tag.name['zh-CN'], tags: [] }];
    }),
  };
}

async function testOnCustomers(rule: Rule, order: Order): Promise<BackTest> {
  const { database, present, nowMs, signal } = order;
  const others = order.dictionary.rules.filter((one) => one.enabled && one.id !== rule.id);
  const highest = Math.max(rule.id, ...order.dictionary.rules.map(({ id }) => id));
  // The rule as it is in force runs beside the tested one, under an id of its own.
  const before = present?.enabled === true ? [{ ...present, id: highest + 1 }] : [];
  const rules = [rule, ...others];
  const needs = {
    ...needsOfRules({ ...order.dictionary, rules: [...rules, ...before] }),
    population: false,
  };
  const origins = needs.origins ? { origins: await loadOrigins(database.query) } : {};
  const dictionary: Dictionary = { ...order.dictionary, rules, ...origins };
  const tally = createTally({
    ruleId: rule.id,
    beforeId: before[0]?.id ?? 0,
    dismissals: await loadDismissals(database.sql, alike(rule.kind), dismissalsMax),
  });
  const undecided = createUndecidedTally();
  const detector = compileDetector(dictionary);
  const detectorBefore = compileDetector({ ...order.before, rules: before, ...origins });
  const nowSeconds = Math.floor(nowMs / 1000);
  await streamCustomers(
    database,
    { fromId: 0, untilId: Number.MAX_SAFE_INTEGER, scope: null, needs },
    {
      onCustomer: (customer) => {
        tally.begin(customer);
        detector.detect(customer, nowSeconds, tally.report, undecided.report);
        detectorBefore.detect(customer, nowSeconds, tally.report);
        tally.end();
      },
      afterChunk: async () => {},
      signal,
    },
  );
  const { examples, overlaps, ...counts } = tally.told();
  const codeOf = new Map(others.map((one) => [one.id, one.code]));
  return {
    ...(await standingOf(rule, order)),
    about: 'customers',
    ...counts,
    undecided: undecided.told().find(({ ruleId }) => ruleId === rule.id) ?? nobodyUndecided,
    overlaps: [...overlaps]
      .sort(([a, left], [b, right]) => right - left || a - b)
      .slice(0, overlapsMax)
      .map(([ruleId, flagged]) => ({ ruleCode: codeOf.get(ruleId) ?? '', flagged })),
    examples: await describeExamples(database, dictionary, examples),
  };
}

function exampleTags(found: readonly number[], before: readonly number[] | null) {
  const anew = before === null ? [] : found.filter((id) => !before.includes(id));
  const gone = (before ?? []).filter((id) => !found.includes(id));
  const as = (change: ExampleChange) => (id: number) => ({ id, change });
  return [
    ...anew.map(as('anew')),
    ...gone.map(as('no-longer')),
    ...found.filter((id) => !anew.includes(id)).map(as('flagged')),
  ];
}

function chosenExamples<T extends { readonly change: ExampleChange }>(
  examples: readonly T[],
): readonly T[] {
  const of = (wanted: ExampleChange) =>
    examples.filter(({ change }) => change === wanted).slice(0, examplesMax);
  const changed = [...of('anew'), ...of('no-longer')];
  return [...changed, ...of('flagged').slice(0, Math.max(0, examplesMax - changed.length))];
}

interface Example {
  readonly change: ExampleChange;
  readonly customerId: number;
  readonly tagIds: readonly number[];
}

/** Counts customer by customer; `report` is called for each finding in between. */
function createTally(input: {
  readonly ruleId: number;
  /** The rule as it is in force; 0: it is not. */
  readonly beforeId: number;
  readonly dismissals: Dismissals;
}) {
  const { ruleId, beforeId } = input;
  const dismissed = dismissedCombinations(input.dismissals);
  const overlaps = new Map<number, number>();
  const examples: Example[] = [];
  const counts = {
    examined: 0,
    flagged: 0,
    findings: 0,
    flaggedAnew: 0,
    noLongerFlagged: 0,
    dismissedBefore: 0,
  };
  const kept: Record<ExampleChange, number> = { anew: 0, 'no-longer': 0, flagged: 0 };
  const otherRules = new Set<number>();
  let customerId = 0;
  let first: readonly number[] = [];
  let firstBefore: readonly number[] = [];
  let isFlagged = false;
  let wasFlagged = false;
  let wasDismissed = false;

  function begin(customer: CustomerTags): void {
    customerId = customer.customerId;
    counts.examined += 1;
    isFlagged = false;
    wasFlagged = false;
    wasDismissed = false;
    if (otherRules.size > 0) otherRules.clear();
  }

  function report(foundBy: number, firstTagId: number, secondTagId: number): void {
    if (foundBy === beforeId) {
      if (!wasFlagged) firstBefore = [firstTagId, secondTagId].filter((tagId) => tagId !== 0);
      wasFlagged = true;
      return;
    }
    if (foundBy !== ruleId) {
      otherRules.add(foundBy);
      return;
    }
    counts.findings += 1;
    if (!isFlagged) first = [firstTagId, secondTagId].filter((tagId) => tagId !== 0);
    isFlagged = true;
    wasDismissed ||= dismissed.has(`${customerId}/${firstTagId}/${secondTagId}`);
  }

  function end(): void {
    const isChanged = beforeId !== 0 && isFlagged !== wasFlagged;
    if (isChanged && isFlagged) counts.flaggedAnew += 1;
    if (isChanged && !isFlagged) {
      counts.noLongerFlagged += 1;
      keep('no-longer', firstBefore);
    }
    if (!isFlagged) return;
    counts.flagged += 1;
    if (wasDismissed) counts.dismissedBefore += 1;
    for (const other of otherRules) overlaps.set(other, (overlaps.get(other) ?? 0) + 1);
    keep(isChanged ? 'anew' : 'flagged', first);
  }

  function keep(change: ExampleChange, tagIds: readonly number[]): void {
    kept[change] += 1;
    if (kept[change] <= examplesMax) examples.push({ change, customerId, tagIds });
  }

  return {
    begin,
    report,
    end,
    told: () => ({ ...counts, overlaps, examples: chosenExamples(examples) }),
  };
}

/** Kinds that find two tags which may not stand together. */
const pairKinds: readonly RuleKind[] = ['exclusive', 'dominance', 'synonym'];

/** Kinds of rules of which a ruling says something about what a rule of this kind finds. */
function alike(kind: RuleKind): readonly RuleKind[] {
  return pairKinds.includes(kind) ? pairKinds : [kind];
}

function dismissedCombinations(dismissals: Dismissals): ReadonlySet<string> {
  const { customerIds, firstTagIds, secondTagIds } = dismissals;
  return new Set(
    customerIds.map((id, index) => `${id}/${firstTagIds[index] ?? 0}/${secondTagIds[index] ?? 0}`),
  );
}

async function standingOf(
  rule: Rule,
  { database, present }: Order,
): Promise<Pick<BackTest, 'ruleCode' | 'standing' | 'record'>> {
  const [performance, { learning }] = await Promise.all([
    loadRulePerformance(database.sql, rule.id),
    loadPolicy(database.query),
  ]);
  const { right = 0, wrong = 0 } = performance.get(present?.id ?? 0) ?? {};
  return {
    ruleCode: rule.code,
    standing: standing(rule, present),
    record: { right, wrong, verdict: judgeRule({ right, wrong }, learning.precisionFloor) },
  };
}

function standing(rule: Rule, present: Rule | null): BackTest['standing'] {
  if (present === null) return 'new';
  if (!present.enabled) return 'off';
  return canonicalJson(present) === canonicalJson(rule) ? 'in-force' : 'changed';
}

async function describeExamples(
  { sql }: Database,
  dictionary: Dictionary,
  examples: readonly Example[],
): Promise<BackTest['examples']> {
  const customers = await loadCustomerNames(
    sql,
    examples.map(({ customerId }) => customerId),
  );
  const { byId } = tagIndex(dictionary);
  const foreign = await loadMirrorTagNames(
    sql,
    examples.flatMap(({ tagIds }) => tagIds).filter((tagId) => !byId.has(tagId)),
  );
  const byCustomer = new Map(customers.map((customer) => [customer.id, customer]));
  return examples.flatMap(({ change, customerId, tagIds }) => {
    const customer = byCustomer.get(customerId);
    if (customer === undefined) return [];
    const { ref, name } = customer;
    const tags = tagIds.map((tagId) => byId.get(tagId)?.code ?? foreign.get(tagId) ?? `#${tagId}`);
    return [{ change, ref, name, tags }];
  });
}
