import { assertNever } from '../domain/assert-never.ts';
import type { Condition } from '../domain/condition.ts';
import type { Dictionary } from '../domain/dictionary.ts';
import type { Person } from '../domain/person.ts';
import type { RequestProposal } from '../domain/request.ts';
import type { WarningState } from '../domain/warning.ts';
import type { Visitor } from './visitor.ts';

/** What a request asks for, on one line. Tags that `tagNames` does not know are named by code. */
export function proposalTitle(
  proposal: RequestProposal,
  visitor: Visitor,
  tagNames: ReadonlyMap<string, string> = new Map(),
): string {
  const { requests } = visitor.texts;
  const tagName = (code: string) => tagNames.get(code) ?? code;
  switch (proposal.kind) {
    case 'create-tag':
      return requests.createTag(proposal.name[visitor.locale]);
    case 'merge-tags':
      return requests.mergeTags(tagName(proposal.fromCode), tagName(proposal.intoCode));
    case 'retire-tag':
      return requests.retireTag(tagName(proposal.code));
    case 'exception':
      return requests.exception(String(proposal.warningId));
    default:
      return assertNever(proposal);
  }
}

/** Tag names by code in the visitor's language. */
export function tagNamesIn(dictionary: Dictionary, visitor: Visitor): ReadonlyMap<string, string> {
  return new Map(dictionary.tags.map((tag) => [tag.code, tag.name[visitor.locale]]));
}

export function personName(
  code: string,
  people: ReadonlyMap<string, Person>,
  visitor: Visitor,
): string {
  return people.get(code)?.name[visitor.locale] ?? code;
}

/** The deadline that counts now: to claim while nobody has, then to close. */
export function nextDueAtMs(warning: {
  readonly state: WarningState;
  readonly claimDueAtMs: number;
  readonly closeDueAtMs: number;
}): number {
  return warning.state.kind === 'open' ? warning.claimDueAtMs : warning.closeDueAtMs;
}

/** A condition as people read it, with attributes by name. */
export function conditionText(
  condition: Condition,
  dictionary: Dictionary,
  visitor: Visitor,
): string {
  const { texts, locale } = visitor;
  const attribute = (code: string) =>
    dictionary.attributes.find((known) => known.code === code)?.name[locale] ?? code;
  const nested = (part: Condition): string => {
    const text = conditionText(part, dictionary, visitor);
    return 'conditions' in part ? `(${text})` : text;
  };
  switch (condition.kind) {
    case 'all':
      return condition.conditions.map(nested).join(texts.condition.all);
    case 'any':
      return condition.conditions.map(nested).join(texts.condition.any);
    case 'not':
      return `${texts.condition.not}${nested(condition.condition)}`;
    case 'compare':
      return `${attribute(condition.attribute)} ${operatorSigns[condition.operator]} ${comparedText(condition.value, visitor)}`;
    case 'at-least':
      return texts.condition.atLeast(
        String(condition.count),
        condition.conditions.map(nested).join(texts.condition.between),
      );
    case 'within-days':
      return texts.condition.withinDays(attribute(condition.attribute), String(condition.days));
    case 'within-months':
      return texts.condition.withinMonths(attribute(condition.attribute), String(condition.months));
    default:
      return assertNever(condition);
  }
}

const operatorSigns = { '<': '<', '<=': '≤', '=': '=', '!=': '≠', '>=': '≥', '>': '>' } as const;

function comparedText(value: number | string | boolean, visitor: Visitor): string {
  if (typeof value === 'boolean') {
    return value ? visitor.texts.common.yes : visitor.texts.common.no;
  }
  return typeof value === 'number' ? value.toLocaleString(visitor.locale) : value;
}
