import { describe, expect, it } from 'vitest';
import { detailsCard } from '../../../bot/cards/details.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import type { Cause } from '../../../bot/views.ts';
import { renderCard as renderForFeishu } from '../../../bot/feishu/render.ts';
import { renderCard as renderForSlack } from '../../../bot/slack/render.ts';
import { locales, type Locale } from '../../../domain/locale.ts';
import { cardSamples, sampleContext, type Draw } from '../../support/card-samples.ts';
import { cardText } from '../../support/card-text.ts';
import { problemsOfCard } from '../../support/feishu-cards.ts';
import { readCard } from '../../support/feishu-reader.ts';
import { problemsOfMessage } from '../../support/slack-blocks.ts';
import { readBlocks } from '../../support/slack-reader.ts';
import { buildFixView, buildWarningView, samplePerson, sampleRule } from '../../support/views.ts';

function draw(family: Readonly<Record<string, Draw>>, locale: Locale): string {
  const reader = (code: string) => ({ ...samplePerson(code), locale });
  return Object.entries(family)
    .map(([title, card]) => `## ${title}\n${cardText(card(reader, sampleContext))}`)
    .join('\n');
}

describe.each(locales)('cards in %s', (locale) => {
  it.each(Object.entries(cardSamples))('%s read as they should', async (title, family) => {
    await expect(draw(family, locale)).toMatchFileSnapshot(
      `cards.golden/${title}.${locale.toLowerCase()}.txt`,
    );
  });
});

describe('what brought most of a warning is said in words', () => {
  const counts = { count: 31, of: 37 };
  const name = { 'zh-CN': '名称', en: 'Name' };
  const causes: Readonly<
    Record<Cause['kind'], { readonly cause: Cause } & Readonly<Record<Locale, string>>>
  > = {
    import: {
      cause: { ...counts, kind: 'import', name: '风控名单', lift: 6.4 },
      'zh-CN': '可能原因：37 位中有 31 位来自导入「风控名单」，占比是平时的 6 倍',
      en: 'Likely cause: 31 of 37 came with the import “风控名单”, 6 times the usual share',
    },
    rule: {
      cause: { ...counts, kind: 'rule', ruleCode: 'by-spend', name },
      'zh-CN': '可能原因：37 位中有 31 位的标签是修复规则「名称」的预警时打上的',
      en: 'Likely cause: 31 of 37 were tagged by fixes of the rule “Name”',
    },
    actor: {
      cause: { ...counts, kind: 'actor', name: '王芳' },
      'zh-CN': '可能原因：37 位中有 31 位由王芳打标',
      en: 'Likely cause: 31 of 37 were tagged by 王芳',
    },
    department: {
      cause: { ...counts, kind: 'department', name },
      'zh-CN': '可能原因：37 位中有 31 位由名称的人打标',
      en: 'Likely cause: 31 of 37 were tagged by people of Name',
    },
    source: {
      cause: { ...counts, kind: 'source', name },
      'zh-CN': '可能原因：37 位中有 31 位的标签来自名称',
      en: 'Likely cause: 31 of 37 have the tags from Name',
    },
  };
  it.each(Object.values(causes).flatMap((one) => locales.map((locale) => ({ ...one, locale }))))(
    '$cause.kind in $locale',
    ({ cause, locale, ...words }) => {
      const reader = { ...samplePerson('li-lei'), locale };
      const view = buildWarningView({ cause });
      for (const card of [warningCard, detailsCard]) {
        expect(cardText(card(view, reader, sampleContext))).toContain(words[locale]);
      }
    },
  );
});

describe('every card', () => {
  const all = Object.values(cardSamples).flatMap((family) => Object.entries(family));
  it.each(all)('%s has at most three buttons and a summary of one line', (_title, card) => {
    const drawn = card(samplePerson, sampleContext);
    expect(drawn.buttons.length).toBeLessThanOrEqual(3);
    expect(drawn.summary).not.toMatch(/\n|undefined|null|NaN/u);
    expect(JSON.stringify(drawn)).not.toMatch(/undefined|NaN|\[object/u);
  });

  it('stays small however many customers and however long the names', () => {
    const long = '很长的名字'.repeat(200);
    const [example] = buildWarningView().examples;
    if (example === undefined) throw new Error('The sample view has no example.');
    const tag = example.tags[0];
    if (tag === undefined) throw new Error('The example has no tag.');
    const longTag = { ...tag, actor: long, source: { 'zh-CN': long, en: long } };
    const tags = Array.from({ length: 500 }, () => longTag);
    const longExample = { ...example, name: long, ref: long, tags };
    const view = buildWarningView({
      rule: { ...sampleRule, name: { 'zh-CN': long, en: long } },
      cause: { kind: 'import', name: long, count: 9_000, of: 10_000 },
      examples: Array.from({ length: 10_000 }, () => longExample),
      fix: buildFixView({
        counts: {
          customers: 10_000,
          changed: 0,
          alreadySo: 0,
          changedMeanwhile: 0,
          refused: 9_999,
        },
        leftAlone: Array.from({ length: 9_999 }, () => ({
          ref: long,
          outcome: 'refused' as const,
          detail: long,
        })),
      }),
      warning: { customers: 10_000, state: { kind: 'claimed', by: 'li-lei', atMs: 0 } },
    });
    const card = warningCard(view, samplePerson('li-lei'), sampleContext);
    expect(JSON.stringify(card).length).toBeLessThan(9_000);
    const details = detailsCard(view, samplePerson('li-lei'), sampleContext);
    expect(JSON.stringify(details).length).toBeLessThan(18_000);
  });
});

describe('odd names of tags and customers', () => {
  const arabic = 'عميل مهم (1)';
  const odd = [
    ['empty', '', null],
    ['an emoji', '🎁👩‍👩‍👧‍👦', '🎁👩‍👩‍👧‍👦'],
    ['very long', '名'.repeat(10_000), '名'.repeat(20)],
    // Between marks of the direction from left to right, numbers beside it stay where they are written.
    ['from right to left', arabic, `\u200E${arabic}\u200E`],
    ['turning what follows', '\u202EVIP\u202C', 'VIP'],
  ] as const;
  it.each(odd.flatMap((one) => locales.map((locale) => [...one, locale] as const)))(
    '%s are shown within the limits of Slack and Feishu',
    (_what, name, shown, locale) => {
      const [example] = buildWarningView().examples;
      const [tag] = example?.tags ?? [];
      if (example === undefined || tag === undefined) throw new Error('The sample has no tag.');
      const both = { 'zh-CN': name, en: name };
      const view = buildWarningView({
        rule: { ...sampleRule, name: both },
        examples: [{ ...example, name, tags: [{ ...tag, name: both }] }],
      });
      const reader = { ...samplePerson('li-lei'), locale };
      for (const drawCard of [warningCard, detailsCard]) {
        const card = drawCard(view, reader, sampleContext);
        const slack = JSON.parse(JSON.stringify(renderForSlack(card).blocks));
        const feishu = JSON.parse(JSON.stringify(renderForFeishu(card)));
        expect(problemsOfMessage(slack)).toEqual([]);
        expect(problemsOfCard(feishu)).toEqual([]);
        for (const text of [readBlocks(slack), readCard(feishu)]) {
          expect(text).toContain(shown ?? example.ref);
          expect(text).not.toMatch(/[\u202A-\u202E]/u);
          if (name.length > 1_000) expect(text).toMatch(/名…/u);
          expect(text).not.toContain('名'.repeat(200));
        }
      }
    },
  );
});
