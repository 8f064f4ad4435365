import type { Duty } from './duty.ts';
import type { Person } from './person.ts';
import type { VotingPolicy } from './policy.ts';
import {
  itemsOf,
  type RequestProposal,
  type Seat,
  type TagRequest,
  type VotingTerms,
} from './request.ts';
import { changesCustomers, rulesOfProposal, tagsOfProposal } from './requests/registry.ts';
import type { Rule } from './rule.ts';
import type { Tag } from './tag.ts';

/** Who votes on a proposal and how, by the policy and the people as they are now; it stays so until its end. */
export function committeeFor(
  asked: {
    readonly proposal: RequestProposal;
    readonly requesterCode: string;
    /** Customers who carry the tag that would change. */
    readonly carrying: number;
  },
  known: {
    readonly people: ReadonlyMap<string, Person>;
    readonly duties: ReadonlyMap<string, Duty>;
    readonly tags: readonly Tag[];
    readonly rules: readonly Rule[];
    readonly voting: VotingPolicy;
  },
): Pick<TagRequest, 'memberCodes' | 'quorum' | 'vetoCodes'> & { readonly terms: VotingTerms } {
  const { voting, people } = known;
  const members = [...people.values()]
    .filter((person) => person.roles.includes('committee') && person.status === 'active')
    .filter(({ code }) => code !== asked.requesterCode)
    .sort((one, other) => (one.code < other.code ? -1 : 1));
  const owners = voting.ownersVote ? [] : ownersOf(asked.proposal, known);
  const voters = members.filter(({ code }) => !owners.includes(code));
  const limit = voting.consoleAboveCustomers;
  return {
    memberCodes: voters.map(({ code }) => code),
    quorum: voting.quorum,
    vetoCodes: voting.vetoCodes,
    terms: {
      seats: seatsOf(voters, voting.seats),
      ownerCodes: members.map(({ code }) => code).filter((code) => owners.includes(code)),
      chair: voting.chair,
      consoleOnly: limit !== null && changesCustomers(asked.proposal) && asked.carrying > limit,
    },
  };
}

function seatsOf(voters: readonly Person[], by: VotingPolicy['seats']): readonly Seat[] {
  if (by === 'members') return voters.map(({ code }) => ({ code, personCodes: [code] }));
  const departments = [...new Set(voters.map(({ departmentCode }) => departmentCode))].sort();
  return departments.map((code) => ({
    code,
    personCodes: voters
      .filter(({ departmentCode }) => departmentCode === code)
      .map((person) => person.code),
  }));
}

interface Owned {
  readonly tags: readonly Tag[];
  readonly rules: readonly Rule[];
  readonly duties: ReadonlyMap<string, Duty>;
}

/** Owners of the tags and rules that would change; of a duty all its members. */
function ownersOf(proposal: RequestProposal, known: Owned): readonly string[] {
  const tagCodes = tagsOfProposal(proposal);
  const ruleCodes = rulesOfProposal(proposal);
  return [
    ...known.tags.filter(({ code }) => tagCodes.includes(code)).map(({ ownerCode }) => ownerCode),
    ...known.rules
      .filter(({ code }) => ruleCodes.includes(code))
      .flatMap(({ ownerCode }) => (ownerCode === null ? [] : ownersBehind(ownerCode, known))),
  ];
}

function ownersBehind(code: string, { duties }: Pick<Owned, 'duties'>): readonly string[] {
  return duties.get(code)?.memberCodes ?? [code];
}

/** Whose tags and rules a proposal has changed now that it is applied, those included whose they were before. */
export function ownersConcerned(proposal: RequestProposal, known: Owned): readonly string[] {
  const former = itemsOf(proposal).flatMap((item) =>
    item.kind === 'change-tag' || item.kind === 'change-rule'
      ? [item.before?.ownerCode ?? null]
      : [],
  );
  const behind = former.flatMap((code) => (code === null ? [] : ownersBehind(code, known)));
  return [...new Set([...ownersOf(proposal, known), ...behind])];
}
