import type { Person } from '../../domain/person.ts';
import { plain, strong, type Card } from '../card.ts';
import { createPen, type CardContext } from './context.ts';

/** What the bot understands. `notUnderstood`: it is the answer to words that meant nothing to it. */
export function helpCard(reader: Person, context: CardContext, notUnderstood: boolean): Card {
  const pen = createPen(reader, context);
  const { help, button } = pen.texts;
  return {
    locale: reader.locale,
    tint: 'grey',
    title: help.title,
    status: help.status,
    blocks: [
      {
        kind: 'list',
        title: notUnderstood ? help.unknown : help.intro,
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
    ],
    menu: [],
    outcome: null,
    url: pen.publicUrl,
    summary: help.title,
  };
}
