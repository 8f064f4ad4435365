import { assertNever } from '../assert-never.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { RuleDefinition } from '../configuration.ts';
import {
  itemsOf,
  type AskedProposal,
  type AskedSingle,
  type RequestProposal,
  type SingleProposal,
} from '../request.ts';
import type { Rule } from '../rule.ts';
import { tagsNamedBy } from '../rule-tags.ts';
import type { Relation, Tag } from '../tag.ts';
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
  | {
      readonly kind: 'open-request';
      readonly requestId: number;
      readonly proposal: RequestProposal;
    };

/** A request that is being decided. */
export interface OpenRequest {
  readonly id: number;
  readonly proposal: RequestProposal;
}

export interface Standing {
  readonly tags: readonly Tag[];
  readonly relations: readonly Relation[];
  readonly rules: readonly Rule[];
  /** Other requests that are being decided. */
  readonly open: readonly OpenRequest[];
}

/** Told at most: what is in more ways wrong than this is wrong enough. */
const contradictionsMax = 20;

/** Where a proposal does not go together with dictionary, rules and open requests; the gravest first, each once. */
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

/** Codes of the tags it is about, those of an open request included. */
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
      return [...changedBy(found.proposal).tags, ...neededBy(found.proposal)];
    default:
      return assertNever(found);
  }
}

/** Whether two proposals ask for the very same. */
export function isSameProposal(one: RequestProposal, other: RequestProposal): boolean {
  return canonicalJson(wanted(one)) === canonicalJson(wanted(other));
}

function wanted(proposal: RequestProposal): unknown {
  return itemsOf(proposal).map(wantedItem);
}

function wantedItem(proposal: SingleProposal): unknown {
  switch (proposal.kind) {
    case 'change-tag':
      return { kind: proposal.kind, code: proposal.code, after: proposal.after };
    case 'change-rule':
      return { kind: proposal.kind, after: proposal.after };
    case 'create-tag':
    case 'activate-tag':
      return { kind: proposal.kind, code: proposal.code };
    case 'merge-tags':
    case 'split-tag':
    case 'deprecate-tag':
    case 'retire-tag':
    case 'exception':
      return proposal;
    default:
      return assertNever(proposal);
  }
}

function amongRequests(proposal: AskedProposal, { open }: Standing): readonly Contradiction[] {
  return open
    .filter((other) => areRivals(proposal, other.proposal))
    .map(({ id, proposal: other }) => ({ kind: 'open-request', requestId: id, proposal: other }));
}

/** Whether only one of two proposals can be carried out as it is asked for. */
export function areRivals(one: AskedProposal, other: AskedProposal): boolean {
  const others = itemsOf(other);
  if (itemsOf(one).some((item) => others.some((rival) => changesTheSame(item, rival)))) return true;
  if (overlaps(goneBy(one), neededBy(other)) || overlaps(goneBy(other), neededBy(one))) return true;
  return amongStatements(statementsOfProposal(one), statementsOfProposal(other)).length > 0;
}

function changesTheSame(one: AskedSingle, other: AskedSingle): boolean {
  if (one.kind === 'change-tag' && other.kind === 'change-tag') {
    return one.code === other.code && overlaps(Object.keys(one.after), Object.keys(other.after));
  }
  if (one.kind === 'exception' && other.kind === 'exception') {
    return one.warningId === other.warningId;
  }
  const [mine, theirs] = [changedByItem(one), changedByItem(other)];
  return (
    overlaps(mine.tags, theirs.tags) ||
    overlaps(mine.rules, theirs.rules) ||
    overlaps(namesMadeByItem(one), namesMadeByItem(other))
  );
}

function overlaps(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.includes(one));
}

/** Codes of the tags and rules that would be other than they are. */
function changedByItem(proposal: AskedSingle): {
  readonly tags: readonly string[];
  readonly rules: readonly string[];
} {
  switch (proposal.kind) {
    case 'create-tag':
    case 'activate-tag':
    case 'change-tag':
    case 'deprecate-tag':
    case 'retire-tag':
      return { tags: [proposal.code], rules: [] };
    case 'merge-tags':
      return { tags: [proposal.fromCode], rules: [] };
    case 'split-tag':
      return { tags: [proposal.code, proposal.met.code, proposal.unmet.code], rules: [] };
    case 'change-rule':
      return { tags: [], rules: [proposal.after.code] };
    case 'exception':
      return { tags: [], rules: [] };
    default:
      return assertNever(proposal);
  }
}

function changedBy(proposal: AskedProposal): ReturnType<typeof changedByItem> {
  const changed = itemsOf(proposal).map(changedByItem);
  return {
    tags: changed.flatMap(({ tags }) => tags),
    rules: changed.flatMap(({ rules }) => rules),
  };
}

/** Names that a tag would have anew, in both languages. */
function namesMadeByItem(proposal: AskedSingle): readonly string[] {
  switch (proposal.kind) {
    case 'create-tag':
      return namesOf([proposal]);
    case 'split-tag':
      return namesOf([proposal.met, proposal.unmet]);
    case 'change-tag':
      return proposal.after.name === undefined ? [] : namesOf([{ name: proposal.after.name }]);
    case 'activate-tag':
    case 'merge-tags':
    case 'deprecate-tag':
    case 'retire-tag':
    case 'change-rule':
    case 'exception':
      return [];
    default:
      return assertNever(proposal);
  }
}

function namesOf(named: readonly Pick<Tag, 'name'>[]): readonly string[] {
  return named.flatMap(({ name }) => [name['zh-CN'], name.en.toLowerCase()]);
}

/** Tags that would no longer be in use. */
export function goneBy(proposal: AskedProposal): readonly string[] {
  return itemsOf(proposal).flatMap(goneByItem);
}

function goneByItem(proposal: AskedSingle): readonly string[] {
  switch (proposal.kind) {
    case 'merge-tags':
      return [proposal.fromCode];
    case 'split-tag':
    case 'deprecate-tag':
    case 'retire-tag':
      return [proposal.code];
    case 'create-tag':
    case 'activate-tag':
    case 'change-tag':
    case 'change-rule':
    case 'exception':
      return [];
    default:
      return assertNever(proposal);
  }
}

/** Tags that have to be in use for it. */
function neededBy(proposal: AskedProposal): readonly string[] {
  return itemsOf(proposal).flatMap(neededByItem);
}

function neededByItem(proposal: AskedSingle): readonly string[] {
  switch (proposal.kind) {
    case 'merge-tags':
      return [proposal.intoCode];
    case 'deprecate-tag':
      return proposal.successorCode === null ? [] : [proposal.successorCode];
    case 'change-tag':
      return [
        proposal.code,
        ...(typeof proposal.after.parentCode === 'string' ? [proposal.after.parentCode] : []),
      ];
    case 'change-rule':
      return proposal.after.enabled ? tagsNamedBy(proposal.after) : [];
    case 'create-tag':
    case 'activate-tag':
    case 'split-tag':
    case 'retire-tag':
    case 'exception':
      return [];
    default:
      return assertNever(proposal);
  }
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

function amongStatements(
  made: readonly Statement[],
  standing: readonly Statement[],
): readonly Contradiction[] {
  if (made.length === 0) return [];
  return [
    ...made.flatMap((one) => standing.flatMap((other) => ofTwo(one, other))),
    ...impossible(made, standing),
    ...circles(made, standing),
  ];
}

/** Two statements about the same two tags. */
function ofTwo(one: Statement, other: Statement): readonly Contradiction[] {
  if (!isPair([one.from, one.to], other.from, other.to)) return [];
  const [same, apart] = isSameness(one) ? [one, other] : [other, one];
  if (!isSameness(same)) return [];
  const tagCodes = [one.from, one.to] as const;
  // Which rule says otherwise; of a new rule it is the other one.
  const { ruleCode } = other;
  if (apart.says === 'excludes') return [{ kind: 'excluded-and-same', tagCodes, ruleCode }];
  if (apart.says !== 'removes') return [];
  // A dominant tag that is the one kept says what the synonym says.
  const isKept = same.says === 'same' && same.from === apart.from;
  return isKept ? [] : [{ kind: 'removed-and-same', tagCodes, ruleCode }];
}

function isSameness({ says }: Statement): boolean {
  return says === 'same' || says === 'becomes';
}

/** Tags that nobody could carry, because what they call for may not stand together. */
function impossible(
  made: readonly Statement[],
  standing: readonly Statement[],
): readonly Contradiction[] {
  if (made.every(isSameness)) return [];
  const all = [...made, ...standing];
  const implied = followers(all, 'implies');
  const newlyCalling = made.filter(({ says }) => says === 'implies').map(({ from }) => from);
  return [...implied.keys()].flatMap((tagCode) => {
    const called = reach(implied, tagCode);
    const isTouched = newlyCalling.some((code) => called.has(code));
    return (isTouched ? all : made).flatMap(({ says, from, to, ruleCode }) => {
      if (says !== 'excludes' && says !== 'removes') return [];
      if (!called.has(from) || !called.has(to)) return [];
      const kind = says === 'excludes' ? 'excluded-and-implied' : 'removed-and-implied';
      return [{ kind, tagCode, tagCodes: [from, to], ruleCode } as const];
    });
  });
}

function circles(
  made: readonly Statement[],
  standing: readonly Statement[],
): readonly Contradiction[] {
  const removed = followers([...made, ...standing], 'removes');
  return made
    .filter(({ says }) => says === 'removes')
    .flatMap(({ from, to }): readonly Contradiction[] => {
      const back = pathBetween(removed, to, from);
      return back === null ? [] : [{ kind: 'removed-in-a-circle', tagCodes: [from, ...back] }];
    });
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

type Followers = ReadonlyMap<string, readonly string[]>;

function followers(statements: readonly Statement[], says: Statement['says']): Followers {
  const found = new Map<string, string[]>();
  for (const one of statements) {
    if (one.says === says) found.set(one.from, [...(found.get(one.from) ?? []), one.to]);
  }
  return found;
}

/** The tag itself and all it calls for. */
function reach(graph: Followers, start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const code of reached) for (const next of graph.get(code) ?? []) reached.add(next);
  return reached;
}

function pathBetween(graph: Followers, start: string, end: string): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[start, null]]);
  for (const code of cameFrom.keys()) {
    if (code === end) return pathTo(cameFrom, end);
    for (const next of graph.get(code) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, code);
  }
  return null;
}

function pathTo(cameFrom: ReadonlyMap<string, string | null>, end: string): readonly string[] {
  const path: string[] = [];
  for (let code: string | null = end; code !== null; code = cameFrom.get(code) ?? null) {
    path.unshift(code);
  }
  return path;
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

/** That the tag which goes is a synonym of the one that takes its place stays true. */
function staysRight(rule: Rule, tagCode: string, proposal: AskedProposal): boolean {
  if (rule.kind !== 'synonym') return false;
  return statementsOfProposal(proposal).some(
    ({ says, from, to }) => says === 'becomes' && from === tagCode && rule.canonicalCode === to,
  );
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
