import type { Locale } from '../../domain/locale.ts';
import type { Button, Card, Tint } from '../card.ts';
import { cut, harmless, productName } from '../plain-text.ts';
import { textsFor } from '../texts/texts.ts';
import { type Body, createBody } from './body.ts';
import type { FeishuCard, ButtonElement, ClickValue, Element } from './card-json.ts';
import { plainText, textElement } from './text.ts';
import * as limits from './limits.ts';

/** One line or two, such as how something ended; `openIds` are notified by name. */
export function renderLine(text: string, openIds: readonly string[] = []): FeishuCard {
  const shown = cut(harmless(text), limits.bodyCharsSteps[1]);
  return {
    schema: '2.0',
    config: { update_multi: true, summary: { content: summaryOf(shown) } },
    body: {
      elements: [...mentionElements(openIds), textElement(shown.trim() === '' ? '–' : shown)],
    },
  };
}

/**
 * https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/rich-text; open ids come from
 * people.yaml, which takes nothing but letters and digits.
 */
export function mentionElements(openIds: readonly string[]): readonly Element[] {
  if (openIds.length === 0) return [];
  const content = openIds
    .slice(0, limits.mentionsMax)
    .map((id) => `<at id=${id}></at>`)
    .join(' ');
  return [{ tag: 'markdown', content }];
}

/** Builds with less and less text until the card fits; with none where nothing else helps. */
export function fit(
  frame: { readonly title: string; readonly summary: string; readonly locale: Locale },
  build: (body: Body) => FeishuCard,
): FeishuCard {
  for (const charsMax of limits.bodyCharsSteps) {
    const card = build(createBody(charsMax, frame.locale));
    if (fits(card)) return card;
  }
  return {
    ...renderLine(textsFor(frame.locale).channel.cut),
    header: header({ title: frame.title, tint: 'grey', status: '' }),
  };
}

function fits(card: FeishuCard): boolean {
  // The card travels as a text inside the request, so its quotes are escaped once more.
  const bytes = Buffer.byteLength(JSON.stringify(JSON.stringify(card)));
  return (
    bytes <= limits.messageBytesMax - limits.messageFrameBytes &&
    countElements(card) <= limits.cardElementsMax
  );
}

/** Whatever has a tag counts. */
function countElements(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, one) => sum + countElements(one), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const inside = Object.entries(node).reduce(
    // Values are ours, not elements.
    (sum, [key, value]) => sum + (key === 'behaviors' ? 0 : countElements(value)),
    0,
  );
  return inside + ('tag' in node ? 1 : 0);
}

export function header({
  title,
  tint,
  status,
}: Pick<Card, 'title' | 'tint' | 'status'>): NonNullable<FeishuCard['header']> {
  return {
    title: plainText(title, limits.titleCharsMax),
    template: tint,
    ...(status.trim() === ''
      ? {}
      : {
          text_tag_list: [
            {
              tag: 'text_tag' as const,
              text: plainText(status, limits.statusCharsMax),
              color: tagColors[tint],
            },
          ],
        }),
  };
}

/** A card's own colours are those of Feishu's headers; its tags call grey neutral. */
const tagColors: Readonly<Record<Tint, string>> = {
  red: 'red',
  orange: 'orange',
  blue: 'blue',
  green: 'green',
  grey: 'neutral',
};

export function summaryOf(text: string): string {
  return plainText(text === '' ? productName : text, limits.summaryCharsMax).content;
}

const buttonTypes = { primary: 'primary_filled', danger: 'danger', default: 'default' } as const;

export function buttonElement(
  { label, style, confirm }: Pick<Button, 'label' | 'style' | 'confirm'>,
  value: ClickValue,
): ButtonElement {
  return {
    tag: 'button',
    type: buttonTypes[style],
    text: plainText(label, limits.buttonTextCharsMax),
    behaviors: [{ type: 'callback', value }],
    ...(confirm === null
      ? {}
      : {
          confirm: {
            title: plainText(confirm.title, limits.confirmTitleCharsMax),
            text: plainText(confirm.text, limits.confirmTextCharsMax),
          },
        }),
  };
}
