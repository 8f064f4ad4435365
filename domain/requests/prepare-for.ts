import { hiddenFrom, visibleDictionary } from '../hidden.ts';
import type { Department, Person } from '../person.ts';
import type { AskedProposal, ProposalFault, RequestProposal } from '../request.ts';
import { findUnusable } from '../rights.ts';
import { prepareProposal, rulesOfProposal, tagsPutOnBy } from './registry.ts';
import { faulty, notFound, type Known, type Prepared } from './request-kind.ts';

export interface KnownToAll extends Known {
  readonly departments: ReadonlyMap<string, Department>;
}

/**
 * Holds what somebody asks for against what they may see of what is there, so that a tag that is hidden from them
 * answers as one that is not there, whatever else is wrong; then against all of it. Faulty too where it would put a
 * sensitive tag on customers that they may not use themselves.
 */
export function prepareFor(
  asker: Person,
  asked: AskedProposal,
  known: KnownToAll,
): Prepared<RequestProposal> {
  const { people } = known;
  const seen = prepareProposal(asked, { ...known, ...visibleDictionary(known, asker, people) });
  if (seen.kind === 'faulty') return seen;
  const { proposal } = seen;
  const hidden = hiddenFrom(asker, known, people);
  const ruleCodes = rulesOfProposal(proposal);
  const rule = known.rules.find(
    ({ id, code }) => ruleCodes.includes(code) && hidden.ruleIds.includes(id),
  );
  if (rule !== undefined) return notFound('rule', rule.code);
  const whole = prepareProposal(asked, known);
  const codes = tagsPutOnBy(proposal);
  const fault =
    whole.kind === 'faulty'
      ? withoutHidden(whole.fault)
      : findUnusable(
          asker,
          known.tags.filter(({ code }) => codes.includes(code)),
          known,
        );
  return fault === null ? seen : faulty(fault);
}

/** What only the hidden part of the dictionary says against it, without naming what is hidden; null: left to the run. */
function withoutHidden(fault: ProposalFault): ProposalFault | null {
  switch (fault.kind) {
    case 'conflicts-with':
      return { kind: 'taken' };
    case 'batch-item': {
      const inside = withoutHidden(fault.fault);
      return inside?.kind === 'taken' ? { ...fault, fault: inside } : inside;
    }
    case 'rule-misfit':
      return null;
    case 'batch-rivals':
    case 'invalid':
    case 'may-not-use':
    case 'naming':
    case 'not-found':
    case 'taken':
      return fault;
  }
}
