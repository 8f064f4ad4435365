import { assertNever } from '../assert-never.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { RuleDefinition } from '../configuration.ts';
import type { RequestProposal } from '../request.ts';

/** What a request is about, as people would say it: finer than its kind. */
export const requestTopics = [
  'create-tag',
  'activate-tag',
  'revive-tag',
  'rename-tag',
  'hand-over-tag',
  'change-tag',
  'merge-tags',
  'split-tag',
  'deprecate-tag',
  'replace-tag',
  'retire-tag',
  'new-rule',
  'rule-off',
  'change-rule',
  'exception',
  'batch',
] as const;
export type RequestTopic = (typeof requestTopics)[number];

export function topicOf(proposal: RequestProposal): RequestTopic {
  switch (proposal.kind) {
    case 'change-tag': {
      const parts = Object.keys(proposal.after);
      if (parts.length > 1) return 'change-tag';
      if (parts.includes('name')) return 'rename-tag';
      return parts.includes('ownerCode') ? 'hand-over-tag' : 'change-tag';
    }
    case 'deprecate-tag':
      return proposal.replaces ? 'replace-tag' : 'deprecate-tag';
    case 'activate-tag':
      return proposal.before.status === 'proposed' ? 'activate-tag' : 'revive-tag';
    case 'change-rule': {
      const { before, after } = proposal;
      if (before === null) return 'new-rule';
      return isTurnedOff(before, after) ? 'rule-off' : 'change-rule';
    }
    case 'create-tag':
    case 'merge-tags':
    case 'split-tag':
    case 'retire-tag':
    case 'exception':
    case 'batch':
      return proposal.kind;
    default:
      return assertNever(proposal);
  }
}

function isTurnedOff(before: RuleDefinition, after: RuleDefinition): boolean {
  return before.enabled && canonicalJson({ ...before, enabled: false }) === canonicalJson(after);
}
