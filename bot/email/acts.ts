import type { MailAct } from '../../domain/mail-link.ts';
import type { Action } from '../actions.ts';
import type { Card } from '../card.ts';

const actByKind: ReadonlyMap<Action['kind'], MailAct> = new Map([
  ['claim', 'claim'],
  ['open-snooze', 'snooze'],
  ['open-fixed-by-hand', 'fixed-by-hand'],
  ['open-dismiss', 'dismiss'],
]);

/** Those of a card's buttons that an email can have as links, in the card's order. */
export function mailActsOn({ buttons, menu }: Pick<Card, 'buttons' | 'menu'>): readonly {
  readonly label: string;
  readonly act: MailAct;
  readonly warningId: number;
}[] {
  return [...buttons, ...menu].flatMap(({ label, action }) => {
    const act = actByKind.get(action.kind);
    return act === undefined || !('warningId' in action)
      ? []
      : [{ label, act, warningId: action.warningId }];
  });
}
