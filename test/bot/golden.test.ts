import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { renderForm as renderFeishuForm } from '../../bot/feishu/form.ts';
import { renderLine } from '../../bot/feishu/frame.ts';
import { renderCard as renderFeishuCard } from '../../bot/feishu/render.ts';
import { renderForm as renderSlackForm } from '../../bot/slack/form.ts';
import { renderCard as renderSlackCard, renderText } from '../../bot/slack/render.ts';
import { renderCard as renderLetter } from '../../bot/email/render.ts';
import type { Card, Inline } from '../../bot/card.ts';
import type { FloodReason } from '../../bot/cards/flood.ts';
import type { Reminder } from '../../bot/cards/reminder.ts';
import { requestWords } from '../../bot/texts/request-words.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import { renderForDingtalk } from '../../bot/dingtalk/outlet.ts';
import { renderForWecom } from '../../bot/wecom/outlet.ts';
import { announcementSamples } from '../support/announcement-samples.ts';
import { locales } from '../../domain/locale.ts';
import { requestTopics } from '../../domain/requests/topic.ts';
import { cardSamples, sampleContext } from '../support/card-samples.ts';
import { problemsOfCard } from '../support/feishu-cards.ts';
import { clickables as feishuClickables, readCard } from '../support/feishu-reader.ts';
import type { FeishuNode } from '../support/feishu-server.ts';
import { clickables as slackClickables, readBlocks } from '../support/slack-reader.ts';
import type { SlackNode } from '../support/slack-server.ts';
import { emailed, sampleMailLinks } from '../support/letter-samples.ts';
import { formSamples } from '../support/form-samples.ts';
import { lineSamples } from '../support/line-samples.ts';
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
    line: (text: string) => lines(renderText(text, ['ULILEI'])),
    problemsOfLine: (text: string) => problemsOfMessage(renderText(text, ['ULILEI']).blocks),
  },
  feishu: {
    problemsOfCard: (card: Parameters<typeof renderFeishuCard>[0]) =>
      problemsOfCard(JSON.parse(JSON.stringify(renderFeishuCard(card)))),
    problemsOfForm: (form: Parameters<typeof renderFeishuForm>[0]) =>
      problemsOfCard(JSON.parse(JSON.stringify(renderFeishuForm(form)))),
    card: (card: Parameters<typeof renderFeishuCard>[0]) => flat(renderFeishuCard(card)),
    form: (form: Parameters<typeof renderFeishuForm>[0]) => flat(renderFeishuForm(form)),
    line: (text: string) => flat(renderLine(text, ['ou_lilei'])),
    problemsOfLine: (text: string) =>
      problemsOfCard(JSON.parse(JSON.stringify(renderLine(text, ['ou_lilei'])))),
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
      case 'picture':
        return [block.title, block.alt];
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

    it('gets what happened below a group’s card as it is kept', async () => {
      const sent = Object.entries(lineSamples(locale)).map(([title, line]) => {
        expect(platform.problemsOfLine(line), title).toEqual([]);
        return `## ${title}\n${platform.line(line)}\n`;
      });
      await expect(sent.join('\n')).toMatchFileSnapshot(
        `golden/${name}/lines.${locale.toLowerCase()}.txt`,
      );
    });

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

describe.each(locales)('what comes by email in %s', (locale) => {
  const reader = (code: string) => ({ ...samplePerson(code), locale });

  it.each(emailed)('is kept as HTML and as text: %s, %s', async (family, title) => {
    const draw = cardSamples[family]?.[title];
    if (draw === undefined) throw new Error(`There is no sample ${family}: ${title}.`);
    const drawn = draw(reader, sampleContext);
    const blocks = drawn.blocks.map((block, index) =>
      block.kind === 'picture' ? { ...block, reference: `picture-${index}@example.com` } : block,
    );
    const card = { ...drawn, blocks };
    const { subject, html, text } = renderLetter(card, sampleMailLinks(card));
    const name = `golden/email/${`${family} ${title}`.replaceAll(/\W+/gu, '-')}.${locale.toLowerCase()}`;
    await expect(html).toMatchFileSnapshot(`${name}.html`);
    await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(`${name}.txt`);
  });
});

describe.each(locales)('what groups are told in %s', (locale) => {
  it('is kept as robots of DingTalk and of WeCom write it', async () => {
    const sent = Object.entries(announcementSamples(locale)).map(([kind, card]) => {
      const { title, text } = renderForDingtalk(card).markdown;
      const { content } = renderForWecom(card).markdown;
      const ofWecom = content.replaceAll('\u200B', '|');
      return `## ${kind}\n\nDingTalk: ${title}\n${text}\n\nWeCom:\n${ofWecom}\n`;
    });
    await expect(sent.join('\n')).toMatchFileSnapshot(`golden/robots.${locale.toLowerCase()}.txt`);
  });
});

describe('among the kept cards is one of', () => {
  const texts = textsFor('en');
  const reader = (code: string) => ({ ...samplePerson(code), locale: 'en' as const });
  const drawn = (family: string) =>
    Object.values(cardSamples[family] ?? {}).map((draw) => draw(reader, sampleContext));
  // The texts have one for each state, or tsc fails: what has words has a card.
  const { warningState, closeReason, fixTakenBack } = texts;

  it.each(Object.values({ ...warningState, ...closeReason, ...fixTakenBack }))(
    'a warning that is %s',
    (status) => {
      expect(drawn('warnings').map((card) => card.status)).toContain(status);
    },
  );

  it.each(Object.values(texts.request.state))('a request that is %s', (status) => {
    expect(drawn('requests').map((card) => card.status)).toContain(status);
  });

  it.each(requestTopics)('a request for %s', (topic) => {
    const words = requestWords.en.topic[topic];
    expect(drawn('requests').some(({ title }) => title.includes(words))).toBe(true);
  });

  const reminders: Readonly<Record<Reminder['kind'], string>> = {
    claim: 'reminder to claim',
    close: 'reminder to close',
    still: 'reminder to say still on it',
    news: 'reminder of more customers',
    repeat: 'reminder that it still waits',
    vote: 'reminder to vote',
    unreached: 'reminder to stand in',
    exception: 'reminder that an exception ends',
  };
  const floods: Readonly<Record<FloodReason, string>> = {
    opened: 'many warnings of one scan',
    escalated: 'many warnings, escalated',
    claim: 'many warnings to claim',
    close: 'many warnings to close, all of them claimed',
    repeat: 'many warnings that still wait',
  };
  it.each(Object.values({ ...reminders, ...floods }))('each kind: %s', (title) => {
    expect(cardSamples['others']).toHaveProperty([title]);
  });

  it('every kind of card that a chat is sent', async () => {
    const folder = new URL('../../bot/cards/', import.meta.url);
    const files = await readdir(folder);
    const modules = await Promise.all(
      files.map(async (file) => (await import(new URL(file, folder).href)) as object),
    );
    const kinds = modules.flatMap(Object.keys).filter((name) => /^(?!create).*Card$/.test(name));
    const samples = await readFile(new URL('../support/card-samples.ts', import.meta.url), 'utf8');
    const missing = kinds.filter((kind) => !samples.includes(`${kind}(`));
    // What robots are told is kept above.
    expect(missing.toSorted()).toEqual(['announcementCard']);
  });
});
