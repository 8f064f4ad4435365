import { assertNever } from '../assert-never.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { RuleDefinition } from '../configuration.ts';
import { itemsOf, type AskedProposal, type AskedSingle, type RequestProposal } from '../request.ts';
import type { Rule } from '../rule.ts';
import { tagsNamedBy } from '../rule-tags.ts';
import type { Relation, Tag } from '../tag.ts';
import { amongStatements, pathBetween } from './clashes.ts';
import { areRivals, changedBy, goneBy, neededBy, staysRight } from './rivals.ts';
import {
  isPair,
  statementsOfProposal,
  statementsOfRule,
  statementsOfTags,
  type Statement,
} from './statements.ts';

/**
 * Where a proposal does not go together with what is there, or with another one that is being decided. It may be asked
 * for all the same: whoever asks and whoever votes is told. `ruleCode` null: a relation or a tag of the dictionary.
 */
export type Contradiction =
  /** The two would be one, or stand for each other, though they may not stand together. */
  | {
      readonly kind: 'excluded-and-same' | 'removed-and-same';
      readonly tagCodes: readonly [string, string];
      readonly ruleCode: string | null;
    }
  /** Nobody could carry `tagCode`: it calls for tags of which one drives out the other. */
  | {
      readonly kind: 'excluded-and-implied' | 'removed-and-implied';
      readonly tagCode: string;
      readonly tagCodes: readonly [string, string];
      readonly ruleCode: string | null;
    }
  /** Each drives out the next, and the last one the first. */
  | { readonly kind: 'removed-in-a-circle'; readonly tagCodes: readonly string[] }
  /** Each has the next as its successor, and the last one the first. */
  | { readonly kind: 'succeeded-in-a-circle'; readonly tagCodes: readonly string[] }
  /** A rule in force names a tag that would no longer be in use. */
  | { readonly kind: 'rule-needs-tag'; readonly ruleCode: string; readonly tagCode: string }
  /** A rule in force has nothing left to go by. */
  | {
      readonly kind: 'rule-needs-part';
      readonly ruleCode: string;
      readonly tagCode: string;
      readonly part: 'lifeDays' | 'confirmEveryDays' | 'criteria';
    }
  /** Another tag has it as its successor or main tag, or calls for it. */
  | {
      readonly kind: 'tag-needs-tag';
      readonly tagCode: string;
      readonly neededCode: string;
      readonly as: 'successor' | 'parent' | 'implied';
    }
  /** A rule would be about a tag that is out of use. */
  | { readonly kind: 'tag-out-of-use'; readonly tagCode: string }
  /** Another rule in force finds the same. */
  | { readonly kind: 'rule-twin'; readonly ruleCode: string }
  /** What is asked for there cannot stand beside this. */
  | (Rival & { readonly kind: 'open-request'; readonly state: 'voting' | 'applying' })
  /** What came into force since this was asked for does not leave room for it. */
  | (Rival & { readonly kind: 'applied-request' });

interface Rival {
  readonly requestId: number;
  readonly proposal: RequestProposal;
  readonly requesterCode: string;
}

/** Another request than the one that is looked at. */
export interface OtherRequest {
  readonly id: number;
  readonly proposal: RequestProposal;
  readonly requesterCode: string;
  /** voting, applying: as it is now. applied: it came into force since the one that is looked at was made. */
  readonly state: 'voting' | 'applying' | 'applied';
}

export interface Standing {
  readonly tags: readonly Tag[];
  readonly relations: readonly Relation[];
  readonly rules: readonly Rule[];
  readonly others: readonly OtherRequest[];
}

/** Told at most: what is in more ways wrong than this is wrong enough. */
const contradictionsMax = 20;

/** Where a proposal does not go together with dictionary, rules and other requests; the gravest first, each once. */
export function contradictionsOf(
  proposal: AskedProposal,
  standing: Standing,
): readonly Contradiction[] {
  const found = [
    ...amongRequests(proposal, standing),
    ...amongStatements(statementsOfProposal(proposal), statementsBeside(proposal, standing)),
    ...ofWhatGoes(proposal, standing),
    ...itemsOf(proposal).flatMap((item) => [
      ...ofWhatIsLost(item, standing),
      ...ofTheRule(item, standing),
    ]),
    ...ofSuccession(proposal, standing),
  ];
  return [...new Map(found.map((one) => [canonicalJson(one), one])).values()].slice(
    0,
    contradictionsMax,
  );
}

/** Codes of the tags it is about, those of another request included. */
export function tagsOfContradiction(found: Contradiction): readonly string[] {
  switch (found.kind) {
    case 'excluded-and-same':
    case 'removed-and-same':
    case 'removed-in-a-circle':
    case 'succeeded-in-a-circle':
      return found.tagCodes;
    case 'excluded-and-implied':
    case 'removed-and-implied':
      return [found.tagCode, ...found.tagCodes];
    case 'rule-needs-tag':
    case 'rule-needs-part':
    case 'tag-out-of-use':
      return [found.tagCode];
    case 'tag-needs-tag':
      return [found.tagCode, found.neededCode];
    case 'rule-twin':
      return [];
    case 'open-request':
    case 'applied-request':
      return [...changedBy(found.proposal).tags, ...neededBy(found.proposal)];
    default:
      return assertNever(found);
  }
}

function amongRequests(proposal: AskedProposal, { others }: Standing): readonly Contradiction[] {
  return others
    .filter((other) => areRivals(proposal, other.proposal))
    .map(({ id, state, ...rest }) => {
      const rival = { requestId: id, proposal: rest.proposal, requesterCode: rest.requesterCode };
      return state === 'applied'
        ? { kind: 'applied-request', ...rival }
        : { kind: 'open-request', state, ...rival };
    });
}

/** What dictionary and rules say that the proposal leaves as it is. */
function statementsBeside(
  proposal: AskedProposal,
  { tags, relations, rules }: Standing,
): readonly Statement[] {
  const changed = changedBy(proposal);
  const isChanged = new Set(
    itemsOf(proposal).flatMap((item) => (item.kind === 'change-tag' ? [item.code] : [])),
  );
  return [
    ...rules.filter(({ code }) => !changed.rules.includes(code)).flatMap(statementsOfRule),
    ...statementsOfTags(
      tags.filter(({ code }) => !isChanged.has(code)),
      relations,
    ),
  ];
}

/** A tag would succeed itself, over however many others. */
function ofSuccession(proposal: AskedProposal, { tags }: Standing): readonly Contradiction[] {
  const made = statementsOfProposal(proposal).filter(({ says }) => says === 'becomes');
  const anew = new Set(made.map(({ from }) => from));
  const successors = new Map([
    ...tags.flatMap(({ code, successorCode }) =>
      successorCode === null || anew.has(code) ? [] : [[code, [successorCode]] as const],
    ),
    ...made.map(({ from, to }) => [from, [to]] as const),
  ]);
  return made.flatMap(({ from, to }): readonly Contradiction[] => {
    const back = pathBetween(successors, to, from);
    return back === null ? [] : [{ kind: 'succeeded-in-a-circle', tagCodes: [from, ...back] }];
  });
}

/** Who needs a tag that would no longer be in use. */
function ofWhatGoes(
  proposal: AskedProposal,
  { tags, relations, rules }: Standing,
): readonly Contradiction[] {
  return goneBy(proposal).flatMap((tagCode): readonly Contradiction[] => [
    ...rules
      .filter((rule) => rule.enabled && tagsNamedBy(rule).includes(tagCode))
      .filter((rule) => !staysRight(rule, tagCode, proposal))
      .map(({ code }) => ({ kind: 'rule-needs-tag' as const, ruleCode: code, tagCode })),
    ...tags
      .filter(({ code, status }) => status !== 'archived' && code !== tagCode)
      .flatMap((tag) => [
        ...(tag.successorCode === tagCode ? [needs(tag.code, tagCode, 'successor')] : []),
        ...(tag.parentCode === tagCode ? [needs(tag.code, tagCode, 'parent')] : []),
      ]),
    ...relations
      .filter(({ kind, toCode }) => kind === 'implies' && toCode === tagCode)
      .map(({ fromCode }) => needs(fromCode, tagCode, 'implied')),
  ]);
}

function needs(
  tagCode: string,
  neededCode: string,
  as: 'successor' | 'parent' | 'implied',
): Contradiction {
  return { kind: 'tag-needs-tag', tagCode, neededCode, as };
}

/** Rules that go by a part of the tag which would be empty. */
function ofWhatIsLost(proposal: AskedSingle, { rules }: Standing): readonly Contradiction[] {
  if (proposal.kind !== 'change-tag') return [];
  const { code: tagCode, after } = proposal;
  const parts = (['lifeDays', 'confirmEveryDays', 'criteria'] as const).filter(
    (part) => after[part] === null,
  );
  return parts.flatMap((part) =>
    rules
      .filter((rule) => rule.enabled && goesBy(rule) === part)
      .filter((rule) => tagsNamedBy(rule).includes(tagCode))
      .map(({ code }) => ({ kind: 'rule-needs-part' as const, ruleCode: code, tagCode, part })),
  );
}

function goesBy({ kind }: Rule): 'lifeDays' | 'confirmEveryDays' | 'criteria' | null {
  const parts = {
    'time-to-live': 'lifeDays',
    stale: 'confirmEveryDays',
    criteria: 'criteria',
  } as const;
  return kind === 'time-to-live' || kind === 'stale' || kind === 'criteria' ? parts[kind] : null;
}

function ofTheRule(proposal: AskedSingle, { tags, rules }: Standing): readonly Contradiction[] {
  if (proposal.kind !== 'change-rule' || !proposal.after.enabled) return [];
  const { after } = proposal;
  const named = tagsNamedBy(after);
  return [
    ...tags
      .filter(({ code, status }) => named.includes(code) && status === 'deprecated')
      .map(({ code }) => ({ kind: 'tag-out-of-use' as const, tagCode: code })),
    ...rules
      .filter((rule) => rule.enabled && rule.code !== after.code && findsTheSame(rule, after))
      .map(({ code }) => ({ kind: 'rule-twin' as const, ruleCode: code })),
  ];
}

function findsTheSame(rule: Rule, after: RuleDefinition): boolean {
  if (rule.kind !== after.kind) return false;
  const said = statementsOfRule(after);
  if (said.length === 0)
    return canonicalJson(parametersOf(rule)) === canonicalJson(parametersOf(after));
  const has = statementsOfRule(rule);
  return said.some((one) =>
    has.some(
      (other) =>
        isPair([one.from, one.to], other.from, other.to) &&
        (one.says === 'excludes' || one.from === other.from),
    ),
  );
}

const commonParts = ['id', 'code', 'name', 'severity', 'ownerCode', 'autoFix'];

function parametersOf(rule: RuleDefinition): unknown {
  return Object.fromEntries(Object.entries(rule).filter(([part]) => !commonParts.includes(part)));
}
