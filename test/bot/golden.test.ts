import { describe, expect, it } from 'vitest';
import { renderForm as renderFeishuForm } from '../../bot/feishu/form.ts';
import { renderCard as renderFeishuCard } from '../../bot/feishu/render.ts';
import { renderForm as renderSlackForm } from '../../bot/slack/form.ts';
import { renderCard as renderSlackCard } from '../../bot/slack/render.ts';
import type { Card, Inline } from '../../bot/card.ts';
import { locales } from '../../domain/locale.ts';
import { cardSamples, sampleContext } from '../support/card-samples.ts';
import { problemsOfCard } from '../support/feishu-cards.ts';
import { clickables as feishuClickables, readCard } from '../support/feishu-reader.ts';
import type { FeishuNode } from '../support/feishu-server.ts';
import { clickables as slackClickables, readBlocks } from '../support/slack-reader.ts';
import type { SlackNode } from '../support/slack-server.ts';
import { formSamples } from '../support/form-samples.ts';
import { problemsOfMessage, problemsOfView } from '../support/slack-blocks.ts';
import { samplePerson } from '../support/views.ts';

/** One payload as it is sent: one line for each block, so that a change shows in the line it concerns. */
function lines(payload: object): string {
  return Object.entries(payload)
    .flatMap(([key, value]: [string, unknown]) =>
      Array.isArray(value)
        ? [`${key}:`, ...value.map((one) => `  ${JSON.stringify(one)}`)]
        : [`${key}: ${JSON.stringify(value)}`],
    )
    .join('\n');
}

const platforms = {
  slack: {
    problemsOfCard: (card: Parameters<typeof renderSlackCard>[0]) =>
      problemsOfMessage(renderSlackCard(card).blocks),
    problemsOfForm: (form: Parameters<typeof renderSlackForm>[0]) =>
      problemsOfView(renderSlackForm(form)),
    card: (card: Parameters<typeof renderSlackCard>[0]) => lines(renderSlackCard(card)),
    form: (form: Parameters<typeof renderSlackForm>[0]) => lines(renderSlackForm(form)),
  },
  feishu: {
    problemsOfCard: (card: Parameters<typeof renderFeishuCard>[0]) =>
      problemsOfCard(JSON.parse(JSON.stringify(renderFeishuCard(card)))),
    problemsOfForm: (form: Parameters<typeof renderFeishuForm>[0]) =>
      problemsOfCard(JSON.parse(JSON.stringify(renderFeishuForm(form)))),
    card: (card: Parameters<typeof renderFeishuCard>[0]) => flat(renderFeishuCard(card)),
    form: (form: Parameters<typeof renderFeishuForm>[0]) => flat(renderFeishuForm(form)),
  },
} as const;

function flat(card: ReturnType<typeof renderFeishuCard>): string {
  const { body, ...frame } = card;
  return lines({ ...frame, elements: body.elements });
}

/** Everything that a card says, each once: its words, and what can be clicked. */
function factsOf(card: Card): readonly string[] {
  const words = (inlines: readonly Inline[]): string[] =>
    inlines.map((inline) => (inline.kind === 'person' ? inline.name : inline.text));
  const said = card.blocks.flatMap((block) => {
    switch (block.kind) {
      case 'text':
      case 'note':
        return words(block.text);
      case 'facts':
        return block.facts.flatMap(({ label, value }) => [label, ...words(value)]);
      case 'list':
        return [block.title, ...block.items.flatMap(words), block.more ?? ''];
      case 'divider':
        return [];
    }
  });
  return [card.title, card.status, ...said, ...words(card.outcome ?? [])]
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

describe.each(locales)('the facts of every card in %s', (locale) => {
  const reader = (code: string) => ({ ...samplePerson(code), locale });
  const samples = Object.entries(cardSamples).flatMap(([family, draws]) =>
    Object.entries(draws).map(([title, draw]) => [`${family}: ${title}`, draw] as const),
  );

  it.each(samples)('are the same on Slack and on Feishu: %s', (_title, draw) => {
    const card = draw(reader, sampleContext);
    const blocks = renderSlackCard(card).blocks as unknown as SlackNode[];
    const feishu = JSON.parse(JSON.stringify(renderFeishuCard(card))) as FeishuNode;
    const onSlack = readBlocks(blocks);
    const onFeishu = readCard(feishu);
    for (const fact of factsOf(card)) {
      expect(onSlack, 'on Slack').toContain(fact);
      expect(onFeishu, 'on Feishu').toContain(fact);
    }
    const labels = (all: readonly { readonly label: string }[]) =>
      all.map(({ label }) => label).toSorted((a, b) => a.localeCompare(b));
    expect(labels(slackClickables(blocks))).toEqual(labels(feishuClickables(feishu)));
  });
});

describe.each(Object.entries(platforms))('%s', (name, platform) => {
  describe.each(locales)('in %s', (locale) => {
    const reader = (code: string) => ({ ...samplePerson(code), locale });

    it.each(Object.entries(cardSamples))(
      'gets the cards of %s as they are kept',
      async (family, draws) => {
        const sent = Object.entries(draws).map(([title, draw]) => {
          const card = draw(reader, sampleContext);
          expect(platform.problemsOfCard(card), title).toEqual([]);
          return `## ${title}\n${platform.card(card)}\n`;
        });
        await expect(sent.join('\n')).toMatchFileSnapshot(
          `golden/${name}/${family}.${locale.toLowerCase()}.txt`,
        );
      },
    );

    it('gets every form as it is kept', async () => {
      const sent = Object.entries(await formSamples(locale)).map(([title, form]) => {
        expect(platform.problemsOfForm(form), title).toEqual([]);
        return `## ${title}\n${platform.form(form)}\n`;
      });
      await expect(sent.join('\n')).toMatchFileSnapshot(
        `golden/${name}/forms.${locale.toLowerCase()}.txt`,
      );
    });
  });
});
