import type { CustomerTags } from '../customer.ts';
import { isKnown, type Dictionary } from '../dictionary.ts';
import { ruleKindOf } from '../rules/registry.ts';
import type { CompiledRule, Report, ReportUndecided } from '../rules/rule-kind.ts';
import type { Detector } from './detector.ts';
import { denseTagIdMax } from './tag-table.ts';

/** Customers after which the stamps start over, so that they never overflow an int32. */
const generationMax = 2_147_483_647;

/**
 * Compiles all enabled rules into one pass. For each different tag of a customer the detector visits the rules
 * that name it and counts; a rule is run only once enough of its tags are there. A customer without a breach
 * allocates nothing. The detector keeps buffers between calls: use one for each thread.
 *
 * `detect` throws if a customer's tags are not in order, since every rule relies on it.
 */
export function compileDetector(dictionary: Dictionary): Detector {
  const rules = dictionary.rules
    .filter((rule) => rule.enabled)
    .map((rule) => ruleKindOf(rule).compile(rule, dictionary));
  return new CompiledDetector(rules, dictionary);
}

const unasked: ReportUndecided = () => {};

class CompiledDetector implements Detector {
  readonly #rules: readonly CompiledRule[];
  readonly #everyCustomer: Int32Array;
  readonly #unknownTags: Int32Array;
  readonly #tagCount: number;
  /** Rules of tag t: `#triggered` from `#offsets[t]` up to `#offsets[t + 1]`. */
  readonly #offsets: Int32Array;
  readonly #triggered: Int32Array;
  readonly #known: Uint8Array;
  /** The same for tags beyond the dense range. */
  readonly #sparseTriggered: ReadonlyMap<number, Int32Array>;
  readonly #sparseKnown: ReadonlySet<number>;
  readonly #atLeast: Uint8Array;
  /** By rule: for which customer `#hits` was counted. */
  readonly #stamps: Int32Array;
  readonly #hits: Int32Array;
  readonly #suspects: Int32Array;
  #generation = 0;

  constructor(rules: readonly CompiledRule[], dictionary: Dictionary) {
    this.#rules = rules;
    this.#everyCustomer = indexesOf(rules, 'every-customer');
    this.#unknownTags = indexesOf(rules, 'unknown-tags');
    this.#atLeast = Uint8Array.from(rules, ({ trigger }) =>
      trigger.kind === 'tags' ? trigger.atLeast : 0,
    );
    this.#stamps = new Int32Array(rules.length);
    this.#hits = new Int32Array(rules.length);
    this.#suspects = new Int32Array(rules.length);

    const rulesByTag = groupByTag(rules);
    const knownIds = dictionary.tags.filter(isKnown).map((tag) => tag.id);
    const tagIds = [...rulesByTag.keys(), ...knownIds];
    const denseIds = tagIds.filter((tagId) => tagId <= denseTagIdMax);
    this.#tagCount = denseIds.reduce((max, tagId) => Math.max(max, tagId + 1), 0);
    this.#known = new Uint8Array(this.#tagCount);
    for (const tagId of knownIds) if (tagId < this.#tagCount) this.#known[tagId] = 1;
    this.#offsets = new Int32Array(this.#tagCount + 1);
    for (let tagId = 0; tagId < this.#tagCount; tagId += 1) {
      const length = rulesByTag.get(tagId)?.length ?? 0;
      this.#offsets[tagId + 1] = (this.#offsets[tagId] ?? 0) + length;
    }
    this.#triggered = new Int32Array(this.#offsets[this.#tagCount] ?? 0);
    for (const [tagId, indexes] of rulesByTag) {
      if (tagId < this.#tagCount) this.#triggered.set(indexes, this.#offsets[tagId]);
    }
    this.#sparseTriggered = new Map(
      [...rulesByTag]
        .filter(([tagId]) => tagId > denseTagIdMax)
        .map(([tagId, indexes]) => [tagId, Int32Array.from(indexes)]),
    );
    this.#sparseKnown = new Set(knownIds.filter((tagId) => tagId > denseTagIdMax));
  }

  detect(
    customer: CustomerTags,
    nowSeconds: number,
    report: Report,
    undecided: ReportUndecided = unasked,
  ): number {
    if (this.#generation === generationMax) {
      this.#stamps.fill(0);
      this.#generation = 0;
    }
    this.#generation += 1;
    const { tagIds, count } = customer;
    let suspects = 0;
    let hasUnknown = false;
    let previousId = -1;
    for (let position = 0; position < count; position += 1) {
      const tagId = tagIds[position] ?? 0;
      if (tagId <= previousId) {
        if (tagId === previousId) continue;
        throw new Error(`The tags of customer ${customer.customerId} are not ordered by tag id.`);
      }
      previousId = tagId;
      if (tagId < this.#tagCount) {
        if (this.#known[tagId] === 0) hasUnknown = true;
        const until = this.#offsets[tagId + 1] ?? 0;
        suspects = this.#count(this.#triggered, this.#offsets[tagId] ?? 0, until, suspects);
      } else {
        if (!this.#sparseKnown.has(tagId)) hasUnknown = true;
        const triggered = this.#sparseTriggered.get(tagId);
        if (triggered !== undefined) {
          suspects = this.#count(triggered, 0, triggered.length, suspects);
        }
      }
    }
    let dueSeconds = this.#run(this.#suspects, suspects, customer, nowSeconds, report, undecided);
    if (hasUnknown) {
      const { length } = this.#unknownTags;
      const due = this.#run(this.#unknownTags, length, customer, nowSeconds, report, undecided);
      dueSeconds = Math.min(dueSeconds, due);
    }
    const { length } = this.#everyCustomer;
    const due = this.#run(this.#everyCustomer, length, customer, nowSeconds, report, undecided);
    return Math.min(dueSeconds, due);
  }

  /** Counts one more tag for each of the rules; answers how many suspects there are now. */
  #count(triggered: Int32Array, from: number, until: number, suspectsBefore: number): number {
    let suspects = suspectsBefore;
    for (let index = from; index < until; index += 1) {
      const rule = triggered[index] ?? 0;
      const hits = this.#stamps[rule] === this.#generation ? (this.#hits[rule] ?? 0) + 1 : 1;
      this.#stamps[rule] = this.#generation;
      this.#hits[rule] = hits;
      if (hits === this.#atLeast[rule]) {
        this.#suspects[suspects] = rule;
        suspects += 1;
      }
    }
    return suspects;
  }

  #run(
    indexes: Int32Array,
    length: number,
    customer: CustomerTags,
    nowSeconds: number,
    report: Report,
    undecided: ReportUndecided,
  ): number {
    let dueSeconds = Number.POSITIVE_INFINITY;
    for (let index = 0; index < length; index += 1) {
      const rule = this.#rules[indexes[index] ?? 0];
      if (rule === undefined) continue;
      dueSeconds = Math.min(dueSeconds, rule.check(customer, nowSeconds, report, undecided));
    }
    return dueSeconds;
  }
}

function indexesOf(
  rules: readonly CompiledRule[],
  kind: CompiledRule['trigger']['kind'],
): Int32Array {
  return Int32Array.from([...rules.keys()].filter((index) => rules[index]?.trigger.kind === kind));
}

/** Tag id → indexes of the rules that it triggers. */
function groupByTag(rules: readonly CompiledRule[]): ReadonlyMap<number, number[]> {
  const byTag = new Map<number, number[]>();
  for (const [index, { trigger }] of rules.entries()) {
    if (trigger.kind !== 'tags') continue;
    for (const tagId of new Set(trigger.tagIds)) {
      const indexes = byTag.get(tagId);
      if (indexes === undefined) byTag.set(tagId, [index]);
      else indexes.push(index);
    }
  }
  return byTag;
}
