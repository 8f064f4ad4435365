import type { Verb } from '../conversation.ts';
import type { Person } from '../../domain/person.ts';
import { plain, strong, type Card } from '../card.ts';
import { createPen, type CardContext } from './context.ts';

/** What the bot understands. `instead`: it is the answer to words that meant nothing to it, and what was perhaps meant. */
export function helpCard(
  reader: Person,
  context: CardContext,
  instead: { readonly nearest: Verb | null } | null = null,
): Card {
  const pen = createPen(reader, context);
  const { help, button } = pen.texts;
  const nearest = help.commands.find(({ verb }) => verb === instead?.nearest);
  return {
    locale: reader.locale,
    tint: 'grey',
    title: help.title,
    status: help.status,
    blocks: [
      {
        kind: 'list',
        title:
          instead === null
            ? help.intro
            : nearest === undefined
              ? help.unknown
              : help.nearest(nearest.words),
        items: help.commands.map(({ words, does }) => [
          strong(words),
          plain(`${pen.texts.colon}${does}`),
        ]),
        more: null,
      },
      { kind: 'note', text: [plain(help.otherLanguage)] },
    ],
    buttons: [
      { label: button.inbox, style: 'primary', action: { kind: 'show-inbox' }, confirm: null },
      {
        label: button.newRequest,
        style: 'default',
        action: { kind: 'open-request' },
        confirm: null,
      },
      {
        label: button.preferences,
        style: 'default',
        action: { kind: 'open-preferences' },
        confirm: null,
      },
    ],
    menu: [],
    outcome: null,
    url: pen.publicUrl,
    summary: help.title,
  };
}
