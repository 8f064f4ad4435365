import type { Condition } from './condition.ts';
import type { RuleDefinition } from './configuration.ts';
import type { LocalizedText } from './locale.ts';
import type { Person } from './person.ts';
import type { Tag, TagCategory, TagLevel } from './tag.ts';

/** What of a tag a request may change. */
export type TagParts = Pick<
  Tag,
  | 'name'
  | 'definition'
  | 'level'
  | 'category'
  | 'parentCode'
  | 'departmentCodes'
  | 'ownerCode'
  | 'lifeDays'
  | 'confirmEveryDays'
  | 'criteria'
  | 'sensitive'
>;

/** A tag that a split brings into being; everything else it has from the tag that is split. */
export type SplitPart = Pick<Tag, 'code' | 'name' | 'definition'>;

/** What a tag request asks for. */
export type RequestProposal =
  | {
      readonly kind: 'create-tag';
      readonly code: string;
      readonly name: LocalizedText;
      readonly definition: LocalizedText;
      readonly level: TagLevel;
      readonly category: TagCategory;
      readonly departmentCodes: readonly string[];
      readonly ownerCode: string;
      readonly lifeDays: number | null;
    }
  /** The parts that are to be others, as they were when it was asked for and as they are to be. */
  | {
      readonly kind: 'change-tag';
      readonly code: string;
      readonly before: Partial<TagParts>;
      readonly after: Partial<TagParts>;
    }
  /** Every customer with `fromCode` gets `intoCode` instead; `fromCode` becomes deprecated with that successor. */
  | { readonly kind: 'merge-tags'; readonly fromCode: string; readonly intoCode: string }
  /**
   * Every customer with `code` gets `met.code` where the criterion is met, `unmet.code` where it is not; whom an
   * attribute is missing of keeps `code`, which becomes deprecated.
   */
  | {
      readonly kind: 'split-tag';
      readonly code: string;
      readonly criterion: Condition;
      readonly met: SplitPart;
      readonly unmet: SplitPart;
    }
  /** `code` is no longer to be put on. `replaces`: customers get the successor at once; else they keep what they have. */
  | {
      readonly kind: 'deprecate-tag';
      readonly code: string;
      readonly successorCode: string | null;
      readonly replaces: boolean;
    }
  /** `code` is archived and taken off every customer; nothing takes its place. */
  | { readonly kind: 'retire-tag'; readonly code: string }
  /** A rule as it is to be; `before` null: there is none of this code yet. */
  | {
      readonly kind: 'change-rule';
      readonly before: RuleDefinition | null;
      readonly after: RuleDefinition;
    }
  /** An exception that ends later than a person may grant alone. */
  | {
      readonly kind: 'exception';
      readonly warningId: number;
      readonly untilMs: number;
      readonly reason: string;
    };

type WithoutBefore<P> = P extends RequestProposal ? Omit<P, 'before'> : never;

/** A proposal as somebody makes it; how things are now is looked up when it is submitted. */
export type AskedProposal = WithoutBefore<RequestProposal>;

export type Ballot = 'approve' | 'reject' | 'abstain';

export interface Vote {
  readonly by: string;
  readonly ballot: Ballot;
  readonly comment: string;
  readonly atMs: number;
}

export type RequestState =
  /** Committee members may vote until `dueAtMs`. */
  | { readonly kind: 'voting' }
  /** Approved; being applied to dictionary and customers. */
  | { readonly kind: 'applying' }
  | { readonly kind: 'applied'; readonly atMs: number }
  | {
      readonly kind: 'rejected';
      readonly atMs: number;
      readonly reason: 'votes' | 'veto';
    }
  /** No quorum by the deadline: nothing is applied. */
  | { readonly kind: 'expired'; readonly atMs: number }
  | { readonly kind: 'withdrawn'; readonly atMs: number }
  /** Approved, but it could not be applied; `detail` says why. */
  | { readonly kind: 'failed'; readonly atMs: number; readonly detail: string };

export interface TagRequest {
  readonly id: number;
  readonly proposal: RequestProposal;
  readonly requesterCode: string;
  readonly reason: string;
  readonly state: RequestState;
  readonly votes: readonly Vote[];
  /** Who may vote, fixed when the request was made; the requester is never among them. */
  readonly memberCodes: readonly string[];
  readonly quorum: number;
  readonly vetoCodes: readonly string[];
  readonly createdAtMs: number;
  readonly dueAtMs: number;
  readonly version: number;
}

/** What people say about a request beside their votes; ids grow in the order of saying. */
export type RequestMessage = {
  readonly id: number;
  readonly by: string;
  readonly text: string;
  readonly atMs: number;
} & (
  | { readonly kind: 'comment' }
  /** A member asks the requester; the vote's deadline goes on. */
  | { readonly kind: 'question' }
  | { readonly kind: 'answer'; readonly questionId: number }
);

/** Questions without an answer, oldest first. */
export function openQuestions(messages: readonly RequestMessage[]): readonly RequestMessage[] {
  const answered = new Set(messages.map((one) => (one.kind === 'answer' ? one.questionId : null)));
  return messages.filter((one) => one.kind === 'question' && !answered.has(one.id));
}

export type TalkRefusal =
  /** Neither requester, member of this vote nor data admin, or not the one of them who may do this. */
  | { readonly kind: 'not-involved' }
  | { readonly kind: 'voting-over' }
  | { readonly kind: 'already-answered' };

/** Why somebody may not say this about a request now; null where they may. */
export function talkRefusal(
  request: Pick<TagRequest, 'requesterCode' | 'memberCodes' | 'state'>,
  person: Pick<Person, 'code' | 'roles'>,
  kind: RequestMessage['kind'],
): TalkRefusal | null {
  const isRequester = request.requesterCode === person.code;
  const isMember = request.memberCodes.includes(person.code);
  const isInvolved = {
    comment: isRequester || isMember || person.roles.includes('data-admin'),
    question: isMember && !isRequester,
    answer: isRequester,
  }[kind];
  if (!isInvolved) return { kind: 'not-involved' };
  return kind !== 'comment' && request.state.kind !== 'voting' ? { kind: 'voting-over' } : null;
}

/**
 * What decides a request, without anybody's words: this much its workflow holds, so that no text of people's
 * gets into a history. Comments of its votes are empty.
 */
export type RequestProgress = Omit<TagRequest, 'proposal' | 'reason'>;

export type VoteRefusal =
  | { readonly kind: 'own-request' }
  | { readonly kind: 'not-a-member' }
  | { readonly kind: 'voting-over' }
  | { readonly kind: 'same-vote' };

/** Whether this person may cast this ballot now; changing one's mind while voting runs is allowed. */
export function voteRefusal(
  request: Pick<TagRequest, 'requesterCode' | 'memberCodes' | 'state' | 'votes'>,
  ballot: { readonly by: string; readonly ballot: Ballot },
): VoteRefusal | null {
  if (request.requesterCode === ballot.by) return { kind: 'own-request' };
  if (!request.memberCodes.includes(ballot.by)) return { kind: 'not-a-member' };
  if (request.state.kind !== 'voting') return { kind: 'voting-over' };
  const earlier = request.votes.find((vote) => vote.by === ballot.by);
  return earlier?.ballot === ballot.ballot ? { kind: 'same-vote' } : null;
}

export interface Tally {
  readonly approve: number;
  readonly reject: number;
  readonly abstain: number;
  readonly open: number;
}

export function tally(request: Pick<TagRequest, 'votes' | 'memberCodes'>): Tally {
  const count = (ballot: Ballot) => request.votes.filter((vote) => vote.ballot === ballot).length;
  return {
    approve: count('approve'),
    reject: count('reject'),
    abstain: count('abstain'),
    open: request.memberCodes.length - request.votes.length,
  };
}

export type Verdict = 'approved' | 'rejected' | 'vetoed' | 'open';

/**
 * Approved once `quorum` members are in favour; vetoed by a rejection of a member with a veto; rejected as
 * soon as the quorum is out of reach. Anything else stays open until the deadline and then fails.
 */
export function verdict(
  request: Pick<TagRequest, 'votes' | 'memberCodes' | 'quorum' | 'vetoCodes'>,
): Verdict {
  const vetoed = request.votes.some(
    (vote) => vote.ballot === 'reject' && request.vetoCodes.includes(vote.by),
  );
  if (vetoed) return 'vetoed';
  const counts = tally(request);
  if (counts.approve >= request.quorum) return 'approved';
  if (counts.approve + counts.open < request.quorum) return 'rejected';
  return 'open';
}
