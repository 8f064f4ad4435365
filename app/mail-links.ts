import type { Card } from '../bot/card.ts';
import { mailActsOn } from '../bot/email/acts.ts';
import type { MailLinks } from '../bot/email/render.ts';
import type { Database } from '../db/client.ts';
import { createMailLinks } from '../db/stores/mail-links.ts';
import type { MailPurpose } from '../domain/mail-link.ts';
import type { Person } from '../domain/person.ts';

/** Links for those of a card's buttons that an email can have, and one that ends emails. */
export function createMailLinker(surroundings: {
  readonly database: Database;
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}) {
  const { database, publicUrl, now } = surroundings;
  return async (recipient: Person, card: Card): Promise<MailLinks> => {
    const acts = mailActsOn(card);
    const purposes: readonly MailPurpose[] = [
      ...acts.map(({ act, warningId }) => ({ kind: 'act', act, warningId }) as const),
      { kind: 'unsubscribe' },
    ];
    const nowMs = now();
    const input = { personCode: recipient.code, purposes, nowMs };
    const tokens = await createMailLinks(database.query, input);
    return {
      actions: acts.map(({ label }, index) => ({
        label,
        url: `${publicUrl}/mail/${tokens[index] ?? ''}`,
      })),
      unsubscribeUrl: `${publicUrl}/mail/unsubscribe/${tokens.at(-1) ?? ''}`,
    };
  };
}
