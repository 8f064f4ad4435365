import type { Condition } from './condition.ts';
import type { RuleDefinition } from './configuration.ts';
import type { LocalizedText } from './locale.ts';
import type { NamingFault } from './naming.ts';
import { holdsOver, tagwardenCode, type Person } from './person.ts';
import { standInCode, type MayNotUse } from './rights.ts';
import type { RuleMisfit } from './rule-fit.ts';
import type { RuleDecisions } from './rule-performance.ts';
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
  | 'seenByDepartmentCodes'
>;

/** What a new tag may have beside what every tag has. */
export type FurtherTagParts = Pick<
  TagParts,
  'parentCode' | 'confirmEveryDays' | 'criteria' | 'sensitive' | 'seenByDepartmentCodes'
>;

/** A tag that a split brings into being; everything else it has from the tag that is split. */
export type SplitPart = Pick<Tag, 'code' | 'name' | 'definition'>;

/** One change that a tag request asks for. */
export type SingleProposal =
  | ({
      readonly kind: 'create-tag';
      readonly code: string;
      readonly name: LocalizedText;
      readonly definition: LocalizedText;
      readonly level: TagLevel;
      readonly category: TagCategory;
      readonly departmentCodes: readonly string[];
      readonly ownerCode: string;
      readonly lifeDays: number | null;
    } & Partial<FurtherTagParts>)
  /** `code` may be put on from now on: a proposed tag, or a deprecated or archived one that comes back. */
  | {
      readonly kind: 'activate-tag';
      readonly code: string;
      readonly before: Pick<Tag, 'status' | 'successorCode'>;
    }
  /** The parts that are to be others, as they were when it was asked for and as they are to be. */
  | {
      readonly kind: 'change-tag';
      readonly code: string;
      readonly before: Partial<TagParts>;
      readonly after: Partial<TagParts>;
      /** What people decided about warnings of a rule that looks at it, where Tagwarden itself asks. */
      readonly learned?: RuleDecisions & { readonly ruleCode: string };
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
      /** What people decided about the rule's warnings, where Tagwarden itself asks. */
      readonly learned?: RuleDecisions;
    }
  /** An exception that ends later than a person may grant alone. */
  | {
      readonly kind: 'exception';
      readonly warningId: number;
      readonly untilMs: number;
      readonly reason: string;
    };

/** What a tag request asks for: one change, or many of one kind in one vote, each applied by itself. */
export type RequestProposal = SingleProposal | BatchOf<SingleProposal>;

interface BatchOf<P> {
  readonly kind: 'batch';
  readonly items: readonly P[];
  /** The review of tags that it comes of; Tagwarden itself asks then. */
  readonly reviewId?: number;
}

/** As many as a committee can look through. */
export const batchItemsMax = 100;

type WithoutBefore<P> = P extends SingleProposal ? Omit<P, 'before'> : never;

/** One change as somebody asks for it; how things are now is looked up when it is submitted. */
export type AskedSingle = WithoutBefore<SingleProposal>;

/** A proposal as somebody makes it. */
export type AskedProposal = AskedSingle | BatchOf<AskedSingle>;

/** The changes that a proposal consists of. */
export function itemsOf(proposal: RequestProposal): readonly SingleProposal[];
export function itemsOf(proposal: AskedProposal): readonly AskedSingle[];
export function itemsOf(proposal: AskedProposal): readonly AskedSingle[] {
  return proposal.kind === 'batch' ? proposal.items : [proposal];
}

/** `recuse`: a conflict of interest; the seat no longer counts, and there is no way back. */
export type Ballot = 'approve' | 'reject' | 'abstain' | 'recuse';

export interface Vote {
  readonly by: string;
  readonly ballot: Ballot;
  readonly comment: string;
  readonly atMs: number;
  /** The absent member whose deputy cast it; absent: one's own seat. */
  readonly inPlaceOf?: string;
}

/** A seat of a vote: of a member, or of a department whose members share it. */
export interface Seat {
  readonly code: string;
  readonly personCodes: readonly string[];
}

/** How a vote goes where the policy asks for more than a quorum; fixed when the request was made. */
export interface VotingTerms {
  readonly seats: readonly Seat[];
  /** Members without a vote because what would change is theirs. */
  readonly ownerCodes: readonly string[];
  readonly chair: { readonly code: string; readonly withinMs: number } | null;
  readonly consoleOnly: boolean;
}

export type RequestState =
  /** Committee members may vote until `dueAtMs`; with `chair`, only the chair, to decide what they could not, and once `decided` has. */
  | { readonly kind: 'voting'; readonly chair?: 'tie' | 'time-out'; readonly decided?: true }
  /** Approved; being applied to dictionary and customers. */
  | { readonly kind: 'applying' }
  | { readonly kind: 'applied'; readonly atMs: number }
  | {
      readonly kind: 'rejected';
      readonly atMs: number;
      readonly reason: 'votes' | 'veto' | 'chair';
    }
  /** No quorum by the deadline: nothing is applied. */
  | { readonly kind: 'expired'; readonly atMs: number }
  | { readonly kind: 'withdrawn'; readonly atMs: number }
  /** Approved, but it could not be applied; `detail` says why to engineers. Without `why`: one of an older version. */
  | {
      readonly kind: 'failed';
      readonly atMs: number;
      readonly detail: string;
      readonly why?: NotApplied;
    };

/** Why what was approved could not be applied. */
export type NotApplied =
  | { readonly kind: 'tag-gone'; readonly code: string }
  | { readonly kind: 'tag-changed'; readonly code: string }
  | { readonly kind: 'rule-changed'; readonly code: string }
  | { readonly kind: 'no-successor'; readonly code: string }
  | { readonly kind: 'successors-in-a-circle'; readonly codes: readonly string[] }
  | { readonly kind: 'warning-over'; readonly warningId: number }
  /** Another request, which cannot come true together with this one, was applied first. */
  | { readonly kind: 'rival-first'; readonly requestId: number }
  /** None of a batch could be applied. */
  | { readonly kind: 'no-item-applied' }
  /** What is there now would refuse it, were it asked for today. */
  | { readonly kind: 'no-longer-fits'; readonly fault: ProposalFault };

/** Why a proposal cannot be carried out as it is asked for. */
export type ProposalFault =
  | SingleFault
  /** `item`: which of a batch, from 1. */
  | { readonly kind: 'batch-item'; readonly item: number; readonly fault: SingleFault }
  /** Two of a batch of which only one can come true, from 1. */
  | { readonly kind: 'batch-rivals'; readonly items: readonly [number, number] };

export type SingleFault =
  | { readonly kind: 'invalid'; readonly field: string; readonly expected: string }
  | { readonly kind: 'not-found'; readonly what: 'tag' | 'person' | 'rule'; readonly id: string }
  /** A part of the rule does not go together with its tags or its other parts. */
  | { readonly kind: 'rule-misfit'; readonly misfit: RuleMisfit }
  /** The name is against the convention, and the policy refuses such names. */
  | { readonly kind: 'naming'; readonly faults: readonly NamingFault[] }
  | MayNotUse
  /** Something that the asker may not see has the name or the code already. */
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'conflicts-with';
      readonly what: 'tag';
      readonly id: string;
      readonly name: string;
    };

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
  /** Absent: each member has a seat, and nothing else is asked for. */
  readonly terms?: VotingTerms;
  /** Of which batch it is an item: it was voted on there, and is applied by itself. */
  readonly batchId?: number;
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
  | Rivalry
);

/**
 * What became of a request that cannot come true together with this one; `by`: who asked for it. Nothing is said itself.
 * rival: it was made. rival-applied: it came into force. rival-over: it ended otherwise.
 */
export interface Rivalry {
  readonly kind: 'rival' | 'rival-applied' | 'rival-over';
  readonly rivalId: number;
}

/** Whether it tells of another request. */
export function isRivalry<M extends { readonly kind: string }>(message: M): message is M & Rivalry {
  return (
    message.kind === 'rival' || message.kind === 'rival-applied' || message.kind === 'rival-over'
  );
}

/** Questions without an answer, oldest first. */
export function openQuestions(messages: readonly RequestMessage[]): readonly RequestMessage[] {
  const answered = new Set(messages.map((one) => (one.kind === 'answer' ? one.questionId : null)));
  return messages.filter((one) => one.kind === 'question' && !answered.has(one.id));
}

/** What people say themselves. */
export type SaidKind = Exclude<RequestMessage['kind'], Rivalry['kind']>;

export type TalkRefusal =
  /** Neither requester, member of this vote nor data admin, or not the one of them who may do this. */
  | { readonly kind: 'not-involved' }
  | { readonly kind: 'voting-over' }
  | { readonly kind: 'already-answered' };

/** Who wants to say what. */
interface RequestTalk {
  readonly person: Person;
  readonly kind: SaidKind;
  readonly people: ReadonlyMap<string, Person>;
}

/** Why somebody may not say this about a request now; null where they may. */
export function talkRefusal(
  request: Pick<TagRequest, 'requesterCode' | 'memberCodes' | 'state'>,
  { person, kind, people }: RequestTalk,
): TalkRefusal | null {
  const isRequester = request.requesterCode === person.code;
  const isMember = request.memberCodes.includes(person.code);
  const isInvolved = {
    comment:
      isRequester || isMember || holdsOver(person, 'data-admin', people.get(request.requesterCode)),
    question: isMember && !isRequester && request.requesterCode !== tagwardenCode,
    answer: isRequester,
  }[kind];
  if (!isInvolved) return { kind: 'not-involved' };
  return kind !== 'comment' && request.state.kind !== 'voting' ? { kind: 'voting-over' } : null;
}

/** Whether a vote that the policy wants in the console comes from there; its inbox is the console's. */
export function doorRefusal(
  { terms }: Pick<TagRequest, 'terms'>,
  through: string,
): Extract<VoteRefusal, { kind: 'console-needed' }> | null {
  const isConsole = through === 'console' || through === 'inbox';
  return terms?.consoleOnly === true && !isConsole ? { kind: 'console-needed' } : null;
}

export type WithdrawalRefusal =
  | { readonly kind: 'not-responsible'; readonly responsibleCode: string }
  | { readonly kind: 'voting-over' };

/** Why somebody may not take a request back now; null for its requester and data admins while it is voted on. */
export function withdrawalRefusal(
  request: Pick<TagRequest, 'requesterCode' | 'state'>,
  person: Person,
  people: ReadonlyMap<string, Person>,
): WithdrawalRefusal | null {
  const { requesterCode, state } = request;
  const isAdmin = holdsOver(person, 'data-admin', people.get(requesterCode));
  if (requesterCode !== person.code && !isAdmin) {
    return { kind: 'not-responsible', responsibleCode: requesterCode };
  }
  return state.kind === 'voting' ? null : { kind: 'voting-over' };
}

/**
 * What decides a request, without anybody's words: this much its workflow holds, so that no text of people's
 * gets into a history. Comments of its votes are empty.
 */
export type RequestProgress = Omit<TagRequest, 'proposal' | 'reason'>;

export type VoteRefusal =
  | { readonly kind: 'own-request' }
  | { readonly kind: 'not-a-member' }
  /** Was a member when the vote began, and is none any more. */
  | { readonly kind: 'former-member' }
  | { readonly kind: 'voting-over' }
  | { readonly kind: 'same-vote' }
  | { readonly kind: 'recused' }
  /** What would change is the member's own. */
  | { readonly kind: 'owner-of-it' }
  /** Somebody has voted for the department already. */
  | { readonly kind: 'seat-taken'; readonly by: string }
  /** A member with a seat of their own does not vote for another one's. */
  | { readonly kind: 'two-seats' }
  | { readonly kind: 'not-absent'; readonly personCode: string }
  | { readonly kind: 'chair-decides'; readonly personCode: string }
  | { readonly kind: 'chair-chooses' }
  | { readonly kind: 'console-needed' };

type Votable = Pick<
  TagRequest,
  'requesterCode' | 'memberCodes' | 'state' | 'votes' | 'dueAtMs' | 'terms'
>;

export interface CastBallot {
  readonly by: string;
  readonly ballot: Ballot;
  /** The absent member for whom a deputy votes. */
  readonly inPlaceOf?: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** Whether this person may cast this ballot now; changing one's mind while voting runs is allowed. */
export function voteRefusal(request: Votable, cast: CastBallot): VoteRefusal | null {
  const { state, terms } = request;
  if (request.requesterCode === cast.by) return { kind: 'own-request' };
  if (terms?.ownerCodes.includes(cast.by) === true) return { kind: 'owner-of-it' };
  const chairCode =
    state.kind === 'voting' && state.chair !== undefined ? terms?.chair?.code : null;
  const isMember = request.memberCodes.includes(cast.by);
  if (!isMember && cast.inPlaceOf === undefined && chairCode !== cast.by) {
    return { kind: 'not-a-member' };
  }
  if (state.kind !== 'voting' || cast.atMs >= request.dueAtMs) return { kind: 'voting-over' };
  if (typeof chairCode === 'string') {
    if (chairCode !== cast.by) return { kind: 'chair-decides', personCode: chairCode };
    return cast.ballot === 'approve' || cast.ballot === 'reject' ? null : { kind: 'chair-chooses' };
  }
  if (isMember && cast.inPlaceOf !== undefined) return { kind: 'two-seats' };
  return seatRefusal(request, cast);
}

function seatRefusal(request: Votable, cast: CastBallot): VoteRefusal | null {
  const seat = seatOf(request, cast.inPlaceOf ?? cast.by);
  const earlier = request.votes.find((vote) => seatOf(request, voterOf(vote)) === seat);
  if (earlier === undefined) return null;
  if (earlier.ballot === 'recuse') return { kind: 'recused' };
  // Whose seat it is comes before their deputy; of a department, the first to vote has it.
  const isOwn = earlier.by === cast.by || voterOf(earlier) === cast.by;
  if (!isOwn) return { kind: 'seat-taken', by: earlier.by };
  return earlier.by === cast.by && earlier.ballot === cast.ballot ? { kind: 'same-vote' } : null;
}

/** The member whose vote it is. */
function voterOf(vote: Pick<Vote, 'by' | 'inPlaceOf'>): string {
  return vote.inPlaceOf ?? vote.by;
}

function seatOf(request: Pick<TagRequest, 'terms'>, memberCode: string): string {
  return (
    request.terms?.seats.find((seat) => seat.personCodes.includes(memberCode))?.code ?? memberCode
  );
}

/** The votes with one more; it takes the place of what was cast for its seat before. */
export function withVote(
  request: Pick<TagRequest, 'votes' | 'terms'>,
  vote: Vote,
): readonly Vote[] {
  const seat = seatOf(request, voterOf(vote));
  return [...request.votes.filter((other) => seatOf(request, voterOf(other)) !== seat), vote];
}

/** The absent member for whom somebody without a seat may vote now; null: none. */
export function standsInFor(
  request: Pick<TagRequest, 'memberCodes'>,
  person: Pick<Person, 'code'>,
  now: { readonly people: ReadonlyMap<string, Person>; readonly atMs: number },
): string | null {
  if (request.memberCodes.includes(person.code)) return null;
  return (
    request.memberCodes.find((code) => {
      const member = now.people.get(code);
      return member !== undefined && standInCode(member, now.atMs) === person.code;
    }) ?? null
  );
}

/** Seats of the vote: of members, or of departments. */
export function seatsOf(request: Pick<TagRequest, 'memberCodes' | 'terms'>): readonly Seat[] {
  return request.terms?.seats ?? request.memberCodes.map((code) => ({ code, personCodes: [code] }));
}

export interface Tally {
  readonly approve: number;
  readonly reject: number;
  readonly abstain: number;
  readonly recuse: number;
  readonly open: number;
}

export function tally(request: Pick<TagRequest, 'votes' | 'memberCodes' | 'terms'>): Tally {
  const count = (ballot: Ballot) => request.votes.filter((vote) => vote.ballot === ballot).length;
  return {
    approve: count('approve'),
    reject: count('reject'),
    abstain: count('abstain'),
    recuse: count('recuse'),
    open: seatsOf(request).length - request.votes.length,
  };
}

export type Verdict = 'approved' | 'rejected' | 'vetoed' | 'open';

/**
 * Approved once `quorum` members are in favour; vetoed by a rejection of a member with a veto, or of their deputy;
 * rejected as soon as the quorum is out of reach. Anything else stays open until the deadline and then fails.
 * `deputiesVeto` is false only for what was decided when they did not.
 */
export function verdict(
  request: Pick<TagRequest, 'votes' | 'memberCodes' | 'quorum' | 'vetoCodes' | 'terms' | 'state'>,
  { deputiesVeto }: { readonly deputiesVeto: boolean } = { deputiesVeto: true },
): Verdict {
  const chair = chairVerdict(request);
  if (chair !== null) return chair;
  const vetoed = request.votes.some(
    (vote) => vote.ballot === 'reject' && mayVeto(request, deputiesVeto ? vote : { by: vote.by }),
  );
  if (vetoed) return 'vetoed';
  const counts = tally(request);
  if (counts.approve >= request.quorum) return 'approved';
  if (counts.approve + counts.open < request.quorum) {
    const isTie = counts.open === 0 && counts.approve > 0 && counts.approve === counts.reject;
    return isTie && hasChair(request) ? 'open' : 'rejected';
  }
  return 'open';
}

/** Whether a rejection ends the vote: of a member with a veto, or of whoever stands in for them. */
export function mayVeto(
  { vetoCodes }: Pick<TagRequest, 'vetoCodes'>,
  cast: Pick<Vote, 'by' | 'inPlaceOf'>,
): boolean {
  return vetoCodes.includes(voterOf(cast));
}

function hasChair({ terms }: Pick<TagRequest, 'terms'>): boolean {
  return terms !== undefined && terms.chair !== null;
}

/** While the chair is to decide, only what the chair says counts. */
function chairVerdict(request: Pick<TagRequest, 'votes' | 'terms' | 'state'>): Verdict | null {
  const { state, terms, votes } = request;
  if (state.kind !== 'voting' || state.chair === undefined) return null;
  if (state.decided !== true) return 'open';
  const decision = votes.find((vote) => vote.by === terms?.chair?.code);
  return decision?.ballot === 'approve' ? 'approved' : 'rejected';
}

/** What the chair is to decide now, if there is one: a tie once all have voted, or what the deadline left open. */
export function chairsTurn(
  request: Pick<TagRequest, 'votes' | 'memberCodes' | 'terms' | 'state' | 'requesterCode'>,
  isOver: boolean,
): 'tie' | 'time-out' | null {
  const { state, terms } = request;
  if (state.kind !== 'voting' || state.chair !== undefined || !hasChair(request)) return null;
  if (terms?.chair?.code === request.requesterCode) return null;
  const counts = tally(request);
  if (counts.open === 0 && counts.approve === counts.reject && counts.approve > 0) return 'tie';
  return isOver ? 'time-out' : null;
}
