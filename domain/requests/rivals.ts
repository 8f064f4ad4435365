import { assertNever } from '../assert-never.ts';
import { canonicalJson } from '../canonical-json.ts';
import {
  itemsOf,
  type AskedProposal,
  type AskedSingle,
  type RequestProposal,
  type SingleProposal,
} from '../request.ts';
import type { RuleDefinition } from '../configuration.ts';
import { tagsNamedBy } from '../rule-tags.ts';
import type { Tag } from '../tag.ts';
import { amongStatements } from './clashes.ts';
import { statementsOfProposal } from './statements.ts';

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

/** Whether only one of two proposals can be carried out as it is asked for. */
export function areRivals(one: AskedProposal, other: AskedProposal): boolean {
  const others = itemsOf(other);
  if (itemsOf(one).some((item) => others.some((rival) => changesTheSame(item, rival)))) return true;
  if (takesAway(one, other) || takesAway(other, one)) return true;
  if (areParentsInACircle(itemsOf(one), others)) return true;
  return amongStatements(statementsOfProposal(one), statementsOfProposal(other)).length > 0;
}

/** Whether a tag would no longer be in use that the other one needs. */
function takesAway(one: AskedProposal, other: AskedProposal): boolean {
  const gone = goneBy(one);
  return itemsOf(other).some((item) =>
    neededByItem(item).some(
      (code) =>
        gone.includes(code) && !(item.kind === 'change-rule' && staysRight(item.after, code, one)),
    ),
  );
}

/** That the tag which goes is a synonym of the one that takes its place stays true. */
export function staysRight(rule: RuleDefinition, tagCode: string, goes: AskedProposal): boolean {
  if (rule.kind !== 'synonym') return false;
  return statementsOfProposal(goes).some(
    ({ says, from, to }) => says === 'becomes' && from === tagCode && rule.canonicalCode === to,
  );
}

/** Each would put the other's tag above its own, directly or over more of theirs. */
function areParentsInACircle(some: readonly AskedSingle[], others: readonly AskedSingle[]) {
  const parents = new Map(
    [...some, ...others].flatMap((item) =>
      item.kind === 'change-tag' && typeof item.after.parentCode === 'string'
        ? [[item.code, item.after.parentCode] as const]
        : [],
    ),
  );
  return [...parents.keys()].some((start) => {
    const seen = new Set<string>();
    let code = parents.get(start);
    while (code !== undefined && code !== start && !seen.has(code)) {
      seen.add(code);
      code = parents.get(code);
    }
    return code === start;
  });
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

export function changedBy(proposal: AskedProposal): ReturnType<typeof changedByItem> {
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
export function neededBy(proposal: AskedProposal): readonly string[] {
  return itemsOf(proposal).flatMap(neededByItem);
}

function neededByItem(proposal: AskedSingle): readonly string[] {
  switch (proposal.kind) {
    case 'merge-tags':
      return [proposal.intoCode];
    case 'deprecate-tag':
      return proposal.successorCode === null ? [] : [proposal.successorCode];
    case 'create-tag':
      return typeof proposal.parentCode === 'string' ? [proposal.parentCode] : [];
    case 'change-tag':
      return [
        proposal.code,
        ...(typeof proposal.after.parentCode === 'string' ? [proposal.after.parentCode] : []),
      ];
    case 'change-rule':
      return proposal.after.enabled ? tagsNamedBy(proposal.after) : [];
    case 'activate-tag':
    case 'split-tag':
    case 'retire-tag':
    case 'exception':
      return [];
    default:
      return assertNever(proposal);
  }
}
