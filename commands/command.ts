import type { PointsRefusal } from '../domain/assessment.ts';
import type { RoleRefusal } from '../domain/department-rights.ts';
import type { ActingChannelName, Person } from '../domain/person.ts';
import type { NamingFault } from '../domain/naming.ts';
import type { MayNotUse, Permission } from '../domain/rights.ts';
import type { ProposalFault, TalkRefusal, VoteRefusal } from '../domain/request.ts';
import type { TableFault } from '../domain/tag-table/table.ts';
import type { Refusal } from '../domain/warning.ts';
import type { RuleFault, RuleField } from './fill-rule.ts';

/** Who acts and through which door. */
export interface Actor {
  readonly person: Person;
  readonly through: ActingChannelName | 'email' | 'console' | 'api' | 'cli';
  /** Stands for this one act on its channel: done again after a crash, it changes nothing more. @default none */
  readonly actId?: string | undefined;
}

/** Why a command did nothing; `bot/texts` puts each into words in both languages. */
export type CommandRefusal =
  | Refusal
  | VoteRefusal
  | TalkRefusal
  | Extract<ProposalFault, { kind: 'batch-item' | 'batch-rivals' | 'rule-misfit' | 'taken' }>
  /** A field of a rule that does not do. */
  | { readonly kind: 'rule-field'; readonly field: RuleField; readonly fault: RuleFault }
  | PointsRefusal
  | MayNotUse
  | Exclude<Permission, { kind: 'allowed' }>
  | RoleRefusal
  | {
      readonly kind: 'not-found';
      readonly what:
        | 'warning'
        | 'request'
        | 'question'
        | 'link'
        | 'fix'
        | 'tag'
        | 'tag-import'
        | 'customer'
        | 'rule'
        | 'candidate'
        | 'person'
        | 'scan'
        | 'silence'
        | 'exception'
        | 'api-token'
        | 'review'
        | 'draft'
        | 'digest'
        | 'points';
      readonly id: string;
    }
  | { readonly kind: 'review-over' }
  /** What was to be taken back has changed again since. */
  | { readonly kind: 'changed-since' }
  | { readonly kind: 'undo-over'; readonly untilMs: number | null }
  | { readonly kind: 'invalid'; readonly field: string; readonly expected: string }
  /** The name is against the convention, and the policy refuses such names. */
  | { readonly kind: 'naming'; readonly faults: readonly NamingFault[] }
  /** Nothing can be read of a file of tags. */
  | { readonly kind: 'unreadable-table'; readonly fault: TableFault }
  | { readonly kind: 'taken-in-before'; readonly importId: number }
  | { readonly kind: 'being-taken-in'; readonly importId: number }
  /** A table was to be taken in whole, and so many of its rows cannot be. */
  | { readonly kind: 'rows-refused'; readonly count: number }
  /** Another open request or tag stands in the way. */
  | {
      readonly kind: 'conflicts-with';
      readonly what: 'tag' | 'request';
      readonly id: string;
      readonly name: string;
    }
  /** An exception longer than `daysMax` days goes to the committee as request `requestId`. */
  | {
      readonly kind: 'committee-decides';
      readonly daysMax: number;
      readonly requestId: number;
    }
  /** Temporal or the database did not answer; nothing is lost, try again. */
  | { readonly kind: 'unavailable' };

export type CommandResult<T = object> =
  | ({ readonly kind: 'done' } & T)
  /** It was so already. */
  | ({ readonly kind: 'unchanged' } & T)
  | { readonly kind: 'refused'; readonly refusal: CommandRefusal };
