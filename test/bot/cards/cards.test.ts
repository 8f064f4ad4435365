import { describe, expect, it } from 'vitest';
import { detailsCard } from '../../../bot/cards/details.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import { locales, type Locale } from '../../../domain/locale.ts';
import { cardSamples, sampleContext, type Draw } from '../../support/card-samples.ts';
import { cardText } from '../../support/card-text.ts';
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
