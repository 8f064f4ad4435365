import type { Action } from '../bot/actions.ts';
import type { Card } from '../bot/card.ts';
import type { MailLinks } from '../bot/email/render.ts';
import type { Database } from '../db/client.ts';
import { createMailLinks } from '../db/stores/mail-links.ts';
import type { MailAct, MailPurpose } from '../domain/mail-link.ts';
import type { Person } from '../domain/person.ts';

const actByKind: ReadonlyMap<Action['kind'], MailAct> = new Map([
  ['claim', 'claim'],
  ['open-snooze', 'snooze'],
  ['open-fixed-by-hand', 'fixed-by-hand'],
  ['open-dismiss', 'dismiss'],
]);

/** Links for those of a card's buttons that an email can have, and one that ends emails. */
export function createMailLinker(surroundings: {
  readonly database: Database;
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}) {
  const { database, publicUrl, now } = surroundings;
  return async (recipient: Person, card: Card): Promise<MailLinks> => {
    const acts = [...card.buttons, ...card.menu].flatMap(({ label, action }) => {
      const act = actByKind.get(action.kind);
      if (act === undefined || !('warningId' in action)) return [];
      const purpose: MailPurpose = { kind: 'act', act, warningId: action.warningId };
      return [{ label, purpose }];
    });
    const purposes = [...acts.map(({ purpose }) => purpose), { kind: 'unsubscribe' } as const];
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
