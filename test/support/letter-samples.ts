import type { Card } from '../../bot/card.ts';
import { mailActsOn } from '../../bot/email/acts.ts';
import type { MailLinks } from '../../bot/email/render.ts';
import { samplePublicUrl } from './views.ts';

/** Cards as emails: what comes by email where nothing else is said, and what may be acted on there. */
export const emailed = [
  ['warnings', 'open, to its owner'],
  ['warnings', 'escalated, to the second line'],
  ['warnings', 'fixed by hand'],
  ['others', 'reminder to close'],
  ['others', 'reminder to stand in'],
  ['others', 'reminder that an exception ends'],
  ['others', 'many warnings of one scan'],
  ['others', 'digest'],
  ['others', 'tag review, to an owner'],
  ['requests', 'new tag, to a member'],
  ['requests', 'merge applied, to its requester'],
] as const;

/** Links as the mail linker makes them, but for their one-time tokens. */
export function sampleMailLinks(card: Card): MailLinks {
  const url = (name: string) => `${samplePublicUrl}/mail/${name}`;
  return {
    actions: mailActsOn(card).map(({ label, act }) => ({ label, url: url(act) })),
    unsubscribeUrl: url('unsubscribe/sample'),
  };
}
