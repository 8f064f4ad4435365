import type { RuleDefinition } from '../../domain/configuration.ts';
import { codeOf } from './marketing.ts';
import {
  mayPutOn,
  meets,
  neededPairs,
  siblingPairs,
  type CrmAttributes,
  type Rulebook,
} from './rulebook.ts';

/** A tag on a made-up customer: of the dictionary by its place, or one that only the CRM has. */
export interface CrmAssignment {
  readonly tag: CrmTag;
  /** Epoch seconds; null where the CRM does not say. */
  readonly sinceSeconds: number | null;
  readonly actor: string | null;
  readonly importBatch: string | null;
}

export type CrmTag =
  | { readonly kind: 'dictionary'; readonly place: number }
  | { readonly kind: 'foreign'; readonly name: string };

/** A finding that must be found. Tags by their code, foreign ones by their name in the CRM; null where there is none. */
export interface ExpectedFinding {
  readonly ruleCode: string;
  readonly customerRef: string;
  readonly firstTagCode: string | null;
  readonly secondTagCode: string | null;
}

export interface CrmCustomer {
  readonly ref: string;
  readonly attributes: CrmAttributes;
  readonly assignments: readonly CrmAssignment[];
  /** What the marketing platform has on them; null: they are no contact of it. */
  readonly marketing: readonly CrmAssignment[] | null;
}

const daySeconds = 86_400;

/**
 * Everything that follows from a planted customer, written down from what each rule kind says it finds
 * (docstrings of domain/rules), one plain sentence a kind. It shares no code with the detector.
 */
export function consequences(
  rulebook: Rulebook,
  customer: CrmCustomer,
  nowMs: number,
): readonly ExpectedFinding[] {
  const since = new Map<string, number | null>();
  const foreign: string[] = [];
  for (const { tag, sinceSeconds } of everywhere(customer)) {
    if (tag.kind === 'foreign') foreign.push(tag.name);
    else since.set(rulebook.tags[tag.place]?.code ?? '', sinceSeconds);
  }
  const facts: Facts = { rulebook, customer, since, foreign, nowMs };
  return rulebook.rules.flatMap((rule) =>
    pairsFound(rule, facts).map(([firstTagCode, secondTagCode]) => ({
      ruleCode: rule.code,
      customerRef: customer.ref,
      firstTagCode,
      secondTagCode,
    })),
  );
}

/** Where both systems have a tag, they say the same of since when and by whom. */
function everywhere({ assignments, marketing }: CrmCustomer): readonly CrmAssignment[] {
  const inCrm = new Set(assignments.map(({ tag }) => JSON.stringify(tag)));
  const more = (marketing ?? []).filter(({ tag }) => !inCrm.has(JSON.stringify(tag)));
  return [...assignments, ...more];
}

interface Facts {
  readonly rulebook: Rulebook;
  readonly customer: CrmCustomer;
  readonly since: ReadonlyMap<string, number | null>;
  readonly foreign: readonly string[];
  readonly nowMs: number;
}

type Found = readonly (readonly [first: string | null, second: string | null])[];

function pairsFound(rule: RuleDefinition, facts: Facts): Found {
  const { rulebook, customer, since, foreign, nowMs } = facts;
  const has = (code: string) => since.has(code);
  switch (rule.kind) {
    case 'exclusive': {
      const strength = [...rule.precedence, ...rule.tagCodes];
      const present = rule.tagCodes
        .filter(has)
        .sort((a, b) => strength.indexOf(a) - strength.indexOf(b));
      const isAllowed = (a: string, b: string) =>
        rule.allowedPairs.some((pair) => pair.includes(a) && pair.includes(b));
      return present.flatMap((strong, rank) =>
        present
          .slice(rank + 1)
          .filter((weak) => !isAllowed(strong, weak))
          .map((weak) => [weak, strong] as const),
      );
    }
    case 'dominance':
      return has(rule.dominantCode)
        ? rule.dominatedCodes.filter(has).map((code) => [code, rule.dominantCode] as const)
        : [];
    case 'synonym': {
      const [staying, ...going] = [rule.canonicalCode, ...rule.synonymCodes].filter(has);
      return staying === undefined ? [] : going.map((code) => [code, staying] as const);
    }
    case 'time-to-live':
    case 'stale':
      return rulebook.tags.flatMap((tag) => {
        const days = rule.kind === 'stale' ? tag.confirmEveryDays : tag.lifeDays;
        const sinceSeconds = since.get(tag.code) ?? null;
        const isChosen = rule.tagCodes.length === 0 || rule.tagCodes.includes(tag.code);
        if (!isChosen || days === null || sinceSeconds === null) return [];
        const isOver = nowMs / 1000 >= sinceSeconds + days * daySeconds;
        const successor = rule.kind === 'stale' ? null : tag.successorCode;
        return isOver ? [[tag.code, successor] as const] : [];
      });
    case 'criteria': {
      const tag = rulebook.tags[rulebook.place(rule.tagCode)];
      if (tag === undefined || tag.criteria === null) return [];
      const answer = meets(tag.criteria, customer.attributes, nowMs);
      const isUnmet = rule.direction !== 'missing' && has(tag.code) && answer === false;
      const isMissing =
        rule.direction !== 'unmet' && tag.status === 'active' && !has(tag.code) && answer === true;
      return isUnmet || isMissing ? [[tag.code, null]] : [];
    }
    case 'overload': {
      const temporary = [...since.keys()].filter(
        (code) => rulebook.tags[rulebook.place(code)]?.level === 'temporary',
      );
      const isOver =
        since.size + foreign.length > (rule.tagsMax ?? Infinity) ||
        temporary.length > (rule.temporaryTagsMax ?? Infinity);
      return isOver ? [[null, null]] : [];
    }
    case 'unknown': {
      const proposed = rulebook.tags.filter(
        ({ status, code }) => status === 'proposed' && has(code),
      );
      return [...foreign, ...proposed.map((tag) => tag.code)].map((code) => [code, null] as const);
    }
    case 'deprecated':
      return rulebook.tags
        .filter(({ status, code }) => ['deprecated', 'archived'].includes(status) && has(code))
        .map((tag) => [tag.code, tag.successorCode] as const);
    case 'implied': {
      const called = neededPairs(rule, rulebook.configuration)
        .filter(([code, needed]) => has(code) && !has(needed))
        .map(([code, needed]) => [code, needed] as const);
      const siblings = siblingPairs(rule, rulebook.tags)
        .filter((pair) => pair.every(has))
        .map((pair) => pair.toSorted().toReversed())
        .map(([later, earlier]) => [later ?? '', earlier ?? ''] as const);
      return [...called, ...siblings];
    }
    case 'scope':
    case 'sensitivity':
      return everywhere(customer).flatMap(({ tag, actor }) => {
        const code = tag.kind === 'dictionary' ? rulebook.tags[tag.place]?.code : undefined;
        return code === undefined || mayPutOn(rule, code, actor, rulebook.configuration)
          ? []
          : [[code, null] as const];
      });
    case 'mismatch': {
      if (customer.marketing === null) return [];
      const codes = (list: readonly CrmAssignment[]) =>
        new Set(list.map(({ tag }) => codeOf(tag, rulebook)));
      const inCrm = codes(customer.assignments);
      const inMarketing = codes(customer.marketing);
      return [...new Set([...inCrm, ...inMarketing])]
        .filter((code) => rulebook.masterOf(rule, code) !== null)
        .filter((code) => inCrm.has(code) !== inMarketing.has(code))
        .map((code) => [code, null] as const);
    }
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      return [];
  }
}
