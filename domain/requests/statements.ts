import { assertNever } from '../assert-never.ts';
import type { RuleDefinition } from '../configuration.ts';
import { itemsOf, type AskedProposal, type AskedSingle } from '../request.ts';
import type { Relation, Tag } from '../tag.ts';

/**
 * What is said of two tags. excludes: not both on one customer. removes: where the first is, the second must go.
 * same: they mean the same, and the first is kept. implies: where the first is, the second must be. becomes: customers
 * with the first get the second, so that they are to mean the same from now on.
 */
export interface Statement {
  readonly says: 'excludes' | 'removes' | 'same' | 'implies' | 'becomes';
  readonly from: string;
  readonly to: string;
  /** The rule that says so; null: a relation or a tag of the dictionary. */
  readonly ruleCode: string | null;
}

/** What a rule says of pairs of tags while it is in force. */
export function statementsOfRule(rule: RuleDefinition): readonly Statement[] {
  if (!rule.enabled) return [];
  const ruleCode = rule.code;
  switch (rule.kind) {
    case 'exclusive':
      return pairsOf(rule.tagCodes)
        .filter(([from, to]) => !rule.allowedPairs.some((pair) => isPair(pair, from, to)))
        .map(([from, to]) => ({ says: 'excludes', from, to, ruleCode }));
    case 'dominance':
      return rule.dominatedCodes.map((to) => ({
        says: 'removes',
        from: rule.dominantCode,
        to,
        ruleCode,
      }));
    case 'synonym':
      return rule.synonymCodes.map((to) => ({
        says: 'same',
        from: rule.canonicalCode,
        to,
        ruleCode,
      }));
    case 'time-to-live':
    case 'stale':
    case 'criteria':
    case 'overload':
    case 'unknown':
    case 'deprecated':
    case 'implied':
    case 'scope':
    case 'sensitivity':
    case 'mismatch':
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      return [];
    default:
      return assertNever(rule);
  }
}

/** What the dictionary itself says of pairs of tags: by relations, and by the main tag above a sub tag. */
export function statementsOfTags(
  tags: readonly Pick<Tag, 'code' | 'parentCode' | 'status'>[],
  relations: readonly Relation[],
): readonly Statement[] {
  const parents = tags.flatMap(({ code, parentCode, status }): readonly Statement[] =>
    parentCode === null || status === 'archived'
      ? []
      : [{ says: 'implies', from: code, to: parentCode, ruleCode: null }],
  );
  return [...parents, ...relations.flatMap(statementOfRelation)];
}

function statementOfRelation({ kind, fromCode: from, toCode: to }: Relation): readonly Statement[] {
  const said = { from, to, ruleCode: null };
  switch (kind) {
    case 'exclusive-with':
      return [{ says: 'excludes', ...said }];
    case 'dominates':
      return [{ says: 'removes', ...said }];
    case 'synonym-of':
      return [{ says: 'same', from: to, to: from, ruleCode: null }];
    case 'implies':
      return [{ says: 'implies', ...said }];
    case 'broader-than':
      return [];
    default:
      return assertNever(kind);
  }
}

/** What would be said of pairs of tags if it were approved. */
export function statementsOfProposal(proposal: AskedProposal): readonly Statement[] {
  return itemsOf(proposal).flatMap(statementsOfItem);
}

function statementsOfItem(proposal: AskedSingle): readonly Statement[] {
  switch (proposal.kind) {
    case 'merge-tags':
      return [becomes(proposal.fromCode, proposal.intoCode)];
    case 'deprecate-tag':
      return proposal.successorCode === null
        ? []
        : [becomes(proposal.code, proposal.successorCode)];
    case 'change-rule':
      return statementsOfRule(proposal.after);
    case 'change-tag':
      return belongs(proposal.code, proposal.after.parentCode);
    case 'create-tag':
      return belongs(proposal.code, proposal.parentCode);
    case 'activate-tag':
    case 'split-tag':
    case 'retire-tag':
    case 'exception':
      return [];
    default:
      return assertNever(proposal);
  }
}

function belongs(from: string, parentCode: string | null | undefined): readonly Statement[] {
  return parentCode === undefined || parentCode === null
    ? []
    : [{ says: 'implies', from, to: parentCode, ruleCode: null }];
}

function becomes(from: string, to: string): Statement {
  return { says: 'becomes', from, to, ruleCode: null };
}

/** Whether these are the two tags, in either order. */
export function isPair(pair: readonly [string, string], one: string, other: string): boolean {
  return (pair[0] === one && pair[1] === other) || (pair[0] === other && pair[1] === one);
}

function pairsOf(codes: readonly string[]): readonly (readonly [string, string])[] {
  return codes.flatMap((one, index) =>
    codes.slice(index + 1).map((other) => [one, other] as const),
  );
}
