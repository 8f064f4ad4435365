import type { CustomerTags } from '../../domain/customer.ts';
import type { Dictionary } from '../../domain/dictionary.ts';
import type { Rule } from '../../domain/rule.ts';
import { compileDetector } from '../../domain/detect/compile.ts';
import type { Detector } from '../../domain/detect/detector.ts';

export interface AssignmentInput {
  readonly tagId: number;
  /** @default unknown */
  readonly sinceSeconds?: number;
  /** @default 1 */
  readonly sourceId?: number;
  /** @default unknown */
  readonly actorId?: number;
}

/** A customer with these assignments, put in the mirror's order; attributes by slot. */
export function buildCustomer(
  assignments: readonly (AssignmentInput | number)[],
  attributes: {
    readonly numbers?: readonly number[];
    readonly texts?: readonly (string | null)[];
    /** @default the sources of the assignments */
    readonly presentIn?: readonly number[];
  } = {},
): CustomerTags {
  const entries = assignments
    .map((entry) => (typeof entry === 'number' ? { tagId: entry } : entry))
    .map((entry) => ({ sinceSeconds: Number.NaN, sourceId: 1, actorId: 0, ...entry }))
    .sort((left, right) => left.tagId - right.tagId || left.sourceId - right.sourceId);
  const presentIn = attributes.presentIn ?? [...new Set(entries.map(({ sourceId }) => sourceId))];
  return {
    customerId: 1,
    count: entries.length,
    tagIds: Int32Array.from(entries, (entry) => entry.tagId),
    sinceSeconds: Float64Array.from(entries, (entry) => entry.sinceSeconds),
    actorIds: Int32Array.from(entries, (entry) => entry.actorId),
    sourceIds: Int32Array.from(entries, (entry) => entry.sourceId),
    importIds: new Int32Array(entries.length),
    numbers: Float64Array.from(attributes.numbers ?? []),
    texts: [...(attributes.texts ?? [])],
    presentIn: Int32Array.from(presentIn),
    presentCount: presentIn.length,
  };
}

type Unnamed<R> = R extends Rule
  ? Omit<R, 'id' | 'code' | 'name' | 'severity' | 'ownerCode' | 'enabled'> &
      Partial<Pick<R, 'id' | 'code' | 'ownerCode' | 'enabled' | 'severity'>>
  : never;

/** An enabled rule of high severity with id 1 that belongs to the tag's owner. */
export function buildRule<R extends Unnamed<Rule>>(rule: R): Extract<Rule, { kind: R['kind'] }> {
  const id = rule.id ?? 1;
  return {
    id,
    code: `rule-${id}`,
    name: { 'zh-CN': `规则${id}`, en: `Rule ${id}` },
    severity: 'high',
    ownerCode: null,
    enabled: true,
    ...rule,
  } as unknown as Extract<Rule, { kind: R['kind'] }>;
}

/** What is found on a customer, as [rule id, first tag id, second tag id] in a fixed order, and when it is next due. */
export function detectAll(
  subject: Dictionary | Detector,
  customer: CustomerTags,
  nowSeconds: number,
): { readonly found: readonly (readonly [number, number, number])[]; readonly dueSeconds: number } {
  const detector = 'detect' in subject ? subject : compileDetector(subject);
  const found: [number, number, number][] = [];
  const dueSeconds = detector.detect(customer, nowSeconds, (ruleId, first, second) => {
    found.push([ruleId, first, second]);
  });
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return { found, dueSeconds };
}
