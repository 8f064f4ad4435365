import type { FindingReason } from '../domain/finding-reason.ts';
import type { Sight } from './visibility.ts';
import type { AssessmentPoints, AssessmentSum, AssessmentTotals } from '../domain/assessment.ts';
import type { AttachedBackTest } from '../domain/back-test.ts';
import type { AutomaticFixReport } from '../domain/automatic-fix.ts';
import type { DeliveryFailure } from './channel.ts';
import type { ChatGroup } from '../domain/chat-group.ts';
import type { Dictionary } from '../domain/dictionary.ts';
import type { DigestContent, DigestPeriod, DigestStep } from '../domain/digest.ts';
import type { Duty } from '../domain/duty.ts';
import type { Attribute } from '../domain/condition.ts';
import type { FixChoice, FixCounts, FixState, ResolutionCode } from '../domain/fix.ts';
import type { LikenessReason } from '../domain/intelligence/similar-tags.ts';
import type { LocalizedText } from '../domain/locale.ts';
import type { NamingFault } from '../domain/naming.ts';
import type { ChannelName, Department, Person } from '../domain/person.ts';
import type { EscalationStep } from '../domain/policy.ts';
import type { Preference } from '../domain/preference.ts';
import type {
  AskedProposal,
  ProposalFault,
  RequestMessage,
  RequestProposal,
  RequestState,
  SingleProposal,
  Tally,
  TagRequest,
} from '../domain/request.ts';
import type { Contradiction } from '../domain/requests/contradictions.ts';
import type { PartChange } from '../domain/requests/part-change.ts';
import type { MayNotUse, Secrecy } from '../domain/rights.ts';
import type { Rule, RuleKind } from '../domain/rule.ts';
import type { Severity } from '../domain/severity.ts';
import type { Tag } from '../domain/tag.ts';
import type { TagReview } from '../domain/tag-review.ts';
import type { Warning } from '../domain/warning.ts';

/** Where a tag on a customer came from. */
export interface EvidenceTag {
  readonly name: LocalizedText;
  /** Epoch seconds; null where unknown. */
  readonly sinceSeconds: number | null;
  readonly actor: string | null;
  readonly source: LocalizedText;
  readonly importName: string | null;
}

export interface ExampleCustomer {
  readonly customerId: number;
  readonly ref: string;
  /** Of a tag of the dictionary in both languages. */
  readonly name: string | LocalizedText;
  /** The conflicting tags, first tag first. */
  readonly tags: readonly EvidenceTag[];
  /** Tags the finding misses (criteria met and the tag absent). */
  readonly missing: readonly LocalizedText[];
  /** What makes it a finding besides; kept evidence of earlier days has none. */
  readonly reasons?: readonly FindingReason[];
}

/** What the warning's customers have in common; `count` of `of` customers. Only where it is most of them. */
export type Cause = {
  readonly count: number;
  readonly of: number;
  /** So many times its share among all who carry the tags; only where that says something. */
  readonly lift?: number;
} & (
  | { readonly kind: 'import' | 'actor'; readonly name: string }
  | { readonly kind: 'department' | 'source'; readonly name: LocalizedText }
  /** A tag was put on when warnings of this rule were fixed, by people or by itself. */
  | { readonly kind: 'rule'; readonly ruleCode: string; readonly name: LocalizedText }
);

/** What the warning's findings look like on customers; kept when they are gone. */
export interface WarningEvidence {
  /** Tells whether the findings are still those that were looked at. */
  readonly seen: string;
  readonly firstTagId: number | null;
  readonly secondTagId: number | null;
  readonly examples: readonly ExampleCustomer[];
  readonly cause: Cause | null;
  readonly resolutions: readonly ResolutionCode[];
}

export interface FixView {
  readonly id: number;
  readonly choice: FixChoice | null;
  readonly state: FixState;
  readonly counts: FixCounts;
  readonly requestedBy: string;
  readonly writtenAtMs: number | null;
  readonly undoUntilMs: number | null;
  readonly undoneBy: string | null;
  /** Counts of the undo; null before it. */
  readonly undoCounts: FixCounts | null;
  /** Up to five customers that were not changed, and why. */
  readonly leftAlone: readonly {
    readonly ref: string;
    readonly outcome: 'changed-meanwhile' | 'refused';
    readonly detail: string | null;
  }[];
}

/** Customers that a written fix left in its warning, each counted once. */
export interface LeftAfterFix {
  /** The fix was to change them, and the conflict stands: refused, changed meanwhile, or put back in the source. */
  readonly notFixed: number;
  /** They were in the warning when the fix began, and it was not about them. */
  readonly notTreated: number;
  /** The conflict was found on them after the fix began. */
  readonly foundSince: number;
}

/** Everything a warning's card and page say, read from the projection. Stores build it; cards only draw it. */
export interface WarningView {
  readonly warning: Warning;
  readonly rule: Rule;
  /** The two tags, where every finding of the warning is about the same ones. */
  readonly firstTag: Pick<Tag, 'id' | 'code' | 'name'> | null;
  readonly secondTag: Pick<Tag, 'id' | 'code' | 'name'> | null;
  readonly examples: readonly ExampleCustomer[];
  readonly cause: Cause | null;
  /** What can be done about all of it at once, the recommended one first. */
  readonly resolutions: readonly ResolutionCode[];
  /** Tag that `replace` puts on. */
  readonly successor: Pick<Tag, 'id' | 'code' | 'name'> | null;
  /** What the rule tried or did by itself; null where it may not. */
  readonly automaticFix: AutomaticFixReport | null;
  /** The newest fix, if any. */
  readonly fix: FixView | null;
  /** What the newest fix left; null where none is written or nothing is left. */
  readonly leftAfterFix: LeftAfterFix | null;
  /** Findings of other rules that wait while this warning stands, by the code of their rule. */
  readonly muted: readonly { readonly ruleCode: string; readonly findings: number }[];
  /** Everybody the card names, by code. */
  readonly people: ReadonlyMap<string, Person>;
  readonly deputyCode: string | null;
  /** The policy's steps of escalation and the duties and groups they may name. */
  readonly escalation: readonly EscalationStep[];
  readonly duties: readonly Duty[];
  readonly groups: readonly Pick<ChatGroup, 'code' | 'name'>[];
}

export interface SimilarTag {
  readonly code: string;
  readonly name: LocalizedText;
  /** Customers who carry it. */
  readonly customers: number;
  readonly why: LikenessReason;
}

/** Whom and what a proposal concerns. */
export interface RequestImpact {
  /** Customers who would be written to the sources. */
  readonly customers: number;
  /** Customers who carry the first of its tags. */
  readonly carrying: number;
  /** Codes of rules in force that name one of its tags, or that it would change; none about other sensitive tags. */
  readonly rules: readonly string[];
  /** Warnings of those rules that are not closed. */
  readonly warnings: number;
  /** Names of the sources in which customers have the first of its tags, most customers first. */
  readonly sources: readonly LocalizedText[];
  /** Who puts the tags on that would change; null: nobody is known to, or it is decided. */
  readonly usedBy: TagUse | null;
  /** Codes of other tags that have the changed ones for parent or successor; none that is sensitive. */
  readonly tags: readonly string[];
}

/** Who puts tags on, in shares of 0 to 1 of their assignments that were looked at. */
export interface TagUse {
  /** The foremost; none where one of the tags is sensitive. */
  readonly departments: readonly { readonly code: string; readonly share: number }[];
  /** Codes of the foremost people; none where one of the tags is sensitive. */
  readonly people: readonly string[];
  readonly peopleCount: number;
  /** Of assignments that systems made, or nobody who is known. */
  readonly automatic: number;
}

/** Where a proposal does not go together with what is there; shown to whoever may see each of its sensitive tags. */
export interface FoundContradiction {
  readonly found: Contradiction;
  readonly sensitiveTags: readonly Secrecy[];
}

/** One change of a batch and what became of it. */
export interface BatchItem {
  readonly proposal: SingleProposal;
  /** Its own request, once its turn has come. */
  readonly requestId: number | null;
  /** null: its turn has not come. */
  readonly state: Extract<RequestState, { kind: 'applying' | 'applied' | 'failed' }> | null;
  /** Customers that it changed. */
  readonly customers: number;
  /** null: it stands. */
  readonly undo: BatchItemUndo | null;
}

/** What became of a change of a batch when it, or the whole batch, was taken back. */
export type BatchItemUndo =
  | { readonly kind: 'undoing' }
  /** `customersLeft`: who had changed since, or whom a source refused, and stays as they are. */
  | { readonly kind: 'undone'; readonly customersLeft: number }
  /** The batch was taken back without it: what it changed was something else by then. */
  | { readonly kind: 'left' };

export interface RequestView {
  readonly request: TagRequest;
  /** Of a batch, in its order. */
  readonly items: readonly BatchItem[];
  readonly tally: Tally;
  /** Oldest first. */
  readonly messages: readonly RequestMessage[];
  readonly similar: readonly SimilarTag[];
  readonly impact: RequestImpact;
  /** The gravest first; none once it is decided. */
  readonly contradictions: readonly FoundContradiction[];
  /** What of its names is against the convention where the policy only advises; none once it is decided. */
  readonly naming: readonly NamingFault[];
  /** What would be other than before, part by part. */
  readonly changes: readonly PartChange[];
  /** Tags and rules that the proposal names, by code, where they exist. */
  readonly tags: ReadonlyMap<string, Pick<Tag, 'code' | 'name'>>;
  readonly rules: ReadonlyMap<string, Pick<Rule, 'code' | 'name'>>;
  readonly attributes: readonly Attribute[];
  /** What its approval changed on customers; null where it changes none. */
  readonly fix: FixView | null;
  /** What the rule that is asked for would flag; null for anything else, and until it was tested. */
  readonly backTest: AttachedBackTest | null;
  /** Every department, by code. */
  readonly departments: ReadonlyMap<string, Department>;
  readonly duties: ReadonlyMap<string, Duty>;
  readonly people: ReadonlyMap<string, Person>;
}

/** A request's card without its vote. */
export type RequestPreview = Omit<
  RequestView,
  'request' | 'items' | 'tally' | 'messages' | 'fix' | 'backTest'
>;

export type PreviewedRequest =
  | {
      readonly kind: 'sound';
      readonly proposal: RequestProposal;
      readonly preview: RequestPreview;
    }
  | { readonly kind: 'faulty'; readonly fault: ProposalFault };

/** What a digest draws, from the earliest to the latest. */
export interface DigestTrends {
  /** What a point stands for. */
  readonly step: DigestStep;
  readonly health: readonly { readonly atMs: number; readonly score: number }[];
  /** At the ends of the last days or weeks. */
  readonly standing: readonly {
    readonly untilMs: number;
    readonly open: number;
    readonly overdue: number;
  }[];
  /** New warnings of each of the last days or weeks by kind; null: of rules that are no more. */
  readonly opened: readonly {
    readonly untilMs: number;
    readonly byKind: readonly { readonly kind: RuleKind | null; readonly opened: number }[];
  }[];
}

/** A round in which owners say which of their tags are still needed. */
export interface ReviewView {
  readonly review: TagReview;
  /** By code, of those that are still there. */
  readonly tags: ReadonlyMap<string, Pick<Tag, 'code' | 'name'> & { readonly customers: number }>;
  readonly people: ReadonlyMap<string, Person>;
}

/** One manager's day, week or month. Medians are null where nothing happened. */
export interface DigestView {
  readonly id: number;
  readonly every: DigestPeriod;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Code of the person it is for, or what stands for a group. */
  readonly readerCode: string;
  readonly content: DigestContent;
  readonly departmentName: LocalizedText;
  readonly bySeverity: Readonly<
    Record<
      'high' | 'medium' | 'low',
      {
        readonly open: number;
        readonly opened: number;
        readonly closed: number;
        readonly overdue: number;
      }
    >
  >;
  /** The same of the period before, summed over severities; null where it is not known. */
  readonly before: {
    readonly open: number;
    readonly opened: number;
    readonly closed: number;
    readonly overdue: number;
    readonly medianClaimMs: number | null;
    readonly medianCloseMs: number | null;
    readonly recurred: number | null;
  };
  readonly medianClaimMs: number | null;
  readonly medianCloseMs: number | null;
  /** Warnings opened in the period whose fingerprint had been closed before. */
  readonly recurred: number;
  /** Points of the line in the month in which the period ends; absent where the policy counts none. */
  readonly assessment?: Pick<AssessmentTotals, 'points' | 'people' | 'contested'>;
  /** Of the open warnings of most customers, added up: those of most customers first. */
  readonly causes: readonly Cause[];
  /** Tag health of the whole dictionary, 0 to 100, and when the period began; null where it is not known. */
  readonly health: { readonly now: number | null; readonly before: number | null };
  readonly trends: DigestTrends;
  /** Up to five that need the reader, worst first. */
  readonly needAttention: readonly {
    readonly warningId: number;
    readonly ruleName: LocalizedText;
    readonly severity: Warning['severity'];
    readonly customers: number;
    readonly overdue: boolean;
  }[];
}

/** Points of the assessment; the rule's name is null where it is not for the reader's eyes. */
export type AssessmentEntry = AssessmentPoints & { readonly ruleName: LocalizedText | null };

/** A person's month of the assessment as it is now. */
export interface AssessmentView {
  readonly reader: Person;
  /** Such as 2026-11. */
  readonly month: string;
  /** null: they have no points. */
  readonly own: AssessmentSum | null;
  /** Their own, the newest first; `isCut` where there are more. */
  readonly entries: readonly AssessmentEntry[];
  readonly isCut: boolean;
  /** Of those whom they lead, whoever has most first. */
  readonly line: readonly AssessmentSum[];
  /** Points of the month before: their own, and of those whom they lead. */
  readonly before: { readonly own: number; readonly line: number };
  /** Until when the last of what was not contested yet can be; null where nothing is left to contest. */
  readonly contestUntilMs: number | null;
  readonly version: number;
  readonly people: ReadonlyMap<string, Person>;
}

/** Points that were contested. */
export interface PointsView {
  readonly points: AssessmentEntry;
  readonly people: ReadonlyMap<string, Person>;
}

/** Warnings that one scan opened for one person, as they stand now. */
export interface FloodView {
  readonly id: number;
  readonly openedAtMs: number;
  /** Grows with every change of one of them. */
  readonly version: number;
  /** All of them, those that are not closed, and those that nobody has taken. */
  readonly warnings: number;
  readonly standing: number;
  readonly unclaimed: number;
  /** Of those that are not closed. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** Of those that are not closed, most first. */
  readonly byRule: readonly {
    readonly ruleCode: string;
    readonly ruleName: LocalizedText;
    readonly warnings: number;
  }[];
  /** Up to five that are not closed, worst first. */
  readonly worst: readonly {
    readonly warningId: number;
    readonly ruleName: LocalizedText;
    readonly severity: Severity;
    readonly customers: number;
  }[];
  /** The next deadlines of those to which they apply; null where there is none. */
  readonly claimDueAtMs: number | null;
  readonly closeDueAtMs: number | null;
}

/** What a fix would do, before anybody confirms it. */
export interface FixPreview {
  readonly warningId: number;
  readonly choice: FixChoice;
  /** Customers that would change, and those the choice leaves as they are. */
  readonly customers: number;
  readonly leftAsTheyAre: number;
  readonly changes: readonly {
    readonly tag: LocalizedText;
    readonly change: 'added' | 'removed';
    readonly customers: number;
  }[];
  readonly examples: readonly {
    readonly ref: string;
    readonly name: string;
    readonly added: readonly LocalizedText[];
    readonly removed: readonly LocalizedText[];
  }[];
  readonly sources: readonly LocalizedText[];
  /** A sensitive tag that customers would get and whoever fixes may not put on; null: none, so it may be confirmed. */
  readonly mayNotUse: MayNotUse | null;
}

export interface HistoryEntry {
  readonly atMs: number;
  /** Person code; null for Tagwarden itself. */
  readonly actorCode: string | null;
  readonly through: string;
  /** As in the audit trail, such as warning.claimed. */
  readonly action: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface CustomerChoice extends ExampleCustomer {
  readonly resolutions: readonly ResolutionCode[];
}

/** What exceptions of a warning hide now. */
export interface WarningException {
  readonly untilMs: number;
  /** 0: everybody. */
  readonly customers: number;
  readonly reason: string;
  readonly grantedByCode: string;
}

/** Somebody whom a channel does not reach. */
export interface Unreached {
  readonly personCode: string;
  readonly channel: ChannelName;
  readonly failure: DeliveryFailure;
}

/** What the bot reads; the stores provide it. */
export interface ViewReader {
  warning(warningId: number): Promise<WarningView | null>;
  request(requestId: number): Promise<RequestView | null>;
  digest(digestId: number): Promise<DigestView | null>;
  flood(floodId: number): Promise<FloodView | null>;
  /** A month as it was sent to somebody. */
  assessment(reportId: number): Promise<AssessmentView | null>;
  /** A person's present month. */
  assessmentNow(reader: Person): Promise<AssessmentView>;
  points(pointsId: number, reader: Person): Promise<PointsView | null>;
  /** What a person may contest now, the newest first. */
  contestable(person: Person): Promise<readonly AssessmentEntry[]>;
  review(reviewId: number): Promise<ReviewView | null>;
  /** `by`: whoever would fix. */
  fixPreview(warningId: number, choice: FixChoice, by: Person): Promise<FixPreview | null>;
  /** Customers of a warning with an open finding, for deciding one by one. */
  customers(
    warningId: number,
    page: {
      readonly offset: number;
      readonly limit: number;
      /** Part of their number or name. @default all */
      readonly text?: string;
    },
  ): Promise<{ readonly total: number; readonly customers: readonly CustomerChoice[] }>;
  /** Newest last. */
  history(subject: {
    readonly kind: 'warning' | 'request';
    readonly id: number;
  }): Promise<readonly HistoryEntry[]>;
  /** Open warnings a person is responsible for now, worst and oldest first. */
  openWarnings(personCode: string, limit: number): Promise<readonly WarningView[]>;
  /** Tags by name in either language, code or definition; exact ones first. */
  searchTags(
    reader: Person,
    text: string,
    limit: number,
  ): Promise<
    readonly (Pick<Tag, 'code' | 'name' | 'definition' | 'status' | 'ownerCode'> & {
      readonly customers: number;
    })[]
  >;
  /** What the committee would see of a proposal, or why it cannot be carried out or is not for this person to ask. */
  previewRequest(asked: AskedProposal, asker: Person): Promise<PreviewedRequest>;
  /** The dictionary as a reader may see it: without sensitive tags that are not for them, and the rules about those. */
  dictionary(reader: Person): Promise<Pick<Dictionary, 'tags' | 'rules' | 'attributes'>>;
  /** What of dictionary and people this reader may not see. */
  sight(reader: Person): Promise<Sight>;
  people(): Promise<ReadonlyMap<string, Person>>;
  /** Whom a card of a warning did not reach last, where, and why; null where every card did. */
  unreached(warningId: number): Promise<Unreached | null>;
  /** Null where none is in force. */
  exceptionOf(warningId: number): Promise<WarningException | null>;
  /** Groups that this person may have their warnings in. */
  groups(personCode: string): Promise<readonly ChatGroup[]>;
  /** How a person wants to be reached. */
  preference(personCode: string): Promise<Preference>;
}
