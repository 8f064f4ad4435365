import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Button, Card } from '../card.ts';
import type { Reply } from '../interaction.ts';
import { cut, harmless, inlineText, hasText } from '../plain-text.ts';
import { textsFor } from '../texts/texts.ts';
import type { FeishuCard, Element } from './card-json.ts';
import { renderForm } from './form.ts';
import { buttonElement, fit, header, mentionElements, renderLine, summaryOf } from './frame.ts';
import { textElement, escapeMarkdown, plainText, isWebAddress, escapeUrl } from './text.ts';
import * as limits from './limits.ts';

/**
 * A card: never beyond what Feishu takes; what does not fit is left out, and it says so. `openIds` are mentioned
 * above it, which notifies them.
 */
export function renderCard(card: Card, openIds: readonly string[] = []): FeishuCard {
  const url = isWebAddress(card.url) ? card.url : null;
  return fit(card, (body) => {
    const elements = [...mentionElements(openIds), ...body.blocks(card.blocks)];
    if (card.outcome !== null && hasText(card.outcome)) {
      const outcome = cut(harmless(card.outcome.map(inlineText).join('')), limits.outcomeCharsMax);
      elements.push({ tag: 'hr' }, textElement(outcome));
    }
    elements.push(...actionElements(card.buttons, card.menu));
    if (url !== null) elements.push(consoleLink(url, card.locale));
    return {
      schema: '2.0',
      config: { update_multi: true, summary: { content: summaryOf(card.summary) } },
      header: header(card),
      body: { elements: filled(elements) },
    };
  });
}

/** A reply as a card that only its reader gets. */
export function renderReply(reply: Reply): FeishuCard {
  switch (reply.kind) {
    case 'done':
      return renderLine(`✅ ${reply.text}`);
    case 'refused':
      return renderLine(reply.text);
    case 'form':
      return renderForm(reply.form);
    case 'card':
      return renderCard(reply.card);
    default:
      return assertNever(reply);
  }
}

function consoleLink(url: string, locale: Locale): Element {
  const label = escapeMarkdown(textsFor(locale).channel.open);
  return { tag: 'markdown', content: `[${label}](${escapeUrl(url)})`, text_size: 'notation' };
}

function filled(elements: readonly Element[]): readonly Element[] {
  return elements.length === 0 ? [textElement('–')] : elements;
}

/** Buttons in a row that wraps; the menu stands at its end. */
function actionElements(buttons: readonly Button[], menu: readonly Button[]): Element[] {
  // A menu can ask for confirmation only as a whole: what asks for itself becomes a button.
  const asking = menu.filter((item) => item.confirm !== null);
  const quiet = menu.filter((item) => item.confirm === null);
  const row: Element[] = [...buttons, ...asking]
    .slice(0, limits.buttonsMax)
    .map((button) => buttonElement(button, { action: button.action }));
  const options = quiet.slice(0, limits.menuOptionsMax).map((item) => ({
    text: plainText(item.label, limits.buttonTextCharsMax),
    value: JSON.stringify(item.action),
  }));
  if (options.length > 0) row.push({ tag: 'overflow', options });
  if (row.length === 0) return [];
  return [
    {
      tag: 'column_set',
      flex_mode: 'flow',
      horizontal_spacing: '8px',
      columns: row.map((element) => ({ tag: 'column', width: 'auto', elements: [element] })),
    },
  ];
}
