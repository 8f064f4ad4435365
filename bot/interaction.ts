import type { ActingChannelName, LinkedChannelName, Person } from '../domain/person.ts';
import type { Action, FormAction } from './actions.ts';
import type { Card } from './card.ts';
import type { Form } from './form.ts';
import type { EventStore } from './keeper.ts';
import type { Suggest } from './suggest.ts';

/** What a person did on a channel, after its door was passed and the person was recognised. */
export type Interaction =
  | { readonly kind: 'button'; readonly action: Action }
  | {
      readonly kind: 'form';
      readonly action: FormAction;
      /** Values by field id. */
      readonly fields: Readonly<Record<string, string>>;
    }
  /** Words to the bot: a slash command's text or a direct message. */
  | { readonly kind: 'words'; readonly text: string };

/** What only the person who acted gets to see. Cards are updated by the warning's own delivery, not by the reply. */
export type Reply =
  /** Done; one line. */
  | { readonly kind: 'done'; readonly text: string }
  /**
   * Not done, why, and what to do; one line or two. `isPassing`: the database or Temporal did not answer, and doing
   * it again is right.
   */
  | { readonly kind: 'refused'; readonly text: string; readonly isPassing?: boolean }
  /** A question; where a form was just submitted, it takes that form's place. */
  | { readonly kind: 'form'; readonly form: Form }
  /** Something to read, private to the asker. */
  | { readonly kind: 'card'; readonly card: Card };

export function isPassing(reply: Reply): reply is Extract<Reply, { readonly kind: 'refused' }> {
  return reply.kind === 'refused' && reply.isPassing === true;
}

/**
 * The one door behind all channels: texts in the person's language, rights checked, work done by commands. `actId`
 * stands for this one act on its channel: what was done under it before is not done again.
 */
export type Interact = (
  person: Person,
  /** Email: by a link in one. */
  through: ActingChannelName | 'email',
  interaction: Interaction,
  actId?: string,
) => Promise<Reply>;

/** What a channel needs to let people in; handed in by app. */
export interface InboundDependencies {
  readonly interact: Interact;
  /** What fits a search as far as it is typed. */
  readonly suggest: Suggest;
  /** The person behind a platform's user id; null: not linked to anybody. */
  findPerson(channel: ActingChannelName, platformUserId: string): Promise<Person | null>;
  /**
   * Somebody wrote whom nobody is linked to: looks, not too often, whether their confirmed email is a colleague's, and
   * proposes that. Never rejects. `readEmail` asks the platform; null where it does not confirm one.
   */
  meet(
    channel: LinkedChannelName,
    platformUserId: string,
    readEmail: () => Promise<string | null>,
  ): Promise<void>;
  /** Where what comes is recorded, once, and kept until it is done. */
  readonly events: EventStore;
  /** Writes the refusal of an unauthenticated request to the audit trail; `reason` holds no secrets. */
  refuseAtDoor(channel: ActingChannelName, reason: string): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
}
