import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Block, Card, Inline } from '../../../bot/card.ts';
import { renderCard } from '../../../bot/email/render.ts';
import { locales } from '../../../domain/locale.ts';
import { cardSamples, sampleContext } from '../../support/card-samples.ts';
import { cards } from '../../support/any-card.ts';
import { readHtml } from '../../support/read-html.ts';
import { samplePerson } from '../../support/views.ts';

/** Where Gmail clips a message. */
const clippedBytes = 102 * 1024;

const hostile: Card = {
  locale: 'en',
  tint: 'red',
  title: 'Subject\r\nBcc: everybody@example.com <b>"x"</b>',
  status: '',
  blocks: [
    {
      kind: 'list',
      title: 'Customers',
      items: [
        [
          { kind: 'link', text: '<img src=x onerror=alert(1)>', url: 'javascript:alert(1)' },
          { kind: 'link', text: 'page', url: 'https://crm.example.com/?a=1&b="onclick="x' },
        ],
      ],
      more: '36 more',
    },
  ],
  buttons: [],
  menu: [],
  outcome: null,
  url: 'https://tagwarden.example.com/warnings/1?a=1&b=2',
  summary: '</div><script>alert(1)</script>',
};

test.each(locales)('every card in %s says all that it says, in HTML and in text', (locale) => {
  const reader = (code: string) => ({ ...samplePerson(code), locale });
  for (const draws of Object.values(cardSamples)) {
    for (const [title, draw] of Object.entries(draws)) {
      const card = draw(reader, sampleContext);
      const { html, text } = renderCard(card);
      const read = readHtml(html);
      for (const inline of [...card.blocks.flatMap(inlinesOf), ...(card.outcome ?? [])]) {
        const words = inline.kind === 'person' ? inline.name : inline.text;
        expect(read, title).toContain(words);
        expect(text, title).toContain(words);
      }
      if (card.url !== null) expect(text, title).toContain(card.url);
    }
  }
});

test('what others wrote is text: no header, no element, no address of another kind', () => {
  const { subject, html, text } = renderCard(hostile);
  expect(subject).toBe('Subject Bcc: everybody@example.com <b>"x"</b>');
  expect(html).not.toMatch(/<(img|script|b)\b/);
  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, address]) => address)).toEqual([
    'https://tagwarden.example.com/warnings/1?a=1&amp;b=2',
  ]);
  expect(text).not.toContain('javascript:');
  expect(readHtml(html)).toContain('<img src=x onerror=alert(1)>');
});

test('whatever a card holds becomes a letter with nothing in it but text and links to the web', () => {
  const property = fc.property(cards, (card) => {
    const { subject, html, text } = renderCard(card);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(Buffer.byteLength(html)).toBeLessThan(clippedBytes);
    expect(html).not.toMatch(/<(?:script|img|iframe|form|style)\b/i);
    for (const [, address] of html.matchAll(/href="([^"]*)"/g)) {
      expect(address).toMatch(/^https?:/);
    }
    expect(text.length).toBeGreaterThan(0);
  });
  fc.assert(property, { numRuns: 300 });
});

test('a flood of long and escaped text stays below what mail programs clip, and says that it was cut', () => {
  const blocks: Card['blocks'] = Array.from({ length: 200 }, () => ({
    kind: 'text',
    text: [{ kind: 'plain', text: '"\'长'.repeat(500) }],
  }));
  const { html, text, subject } = renderCard({ ...hostile, blocks, title: '标题'.repeat(500) });
  expect(Buffer.byteLength(html)).toBeLessThan(clippedBytes);
  expect(text).toContain('There is more than fits here');
  expect(subject.length).toBeLessThanOrEqual(150);
});

function inlinesOf(block: Block): readonly Inline[] {
  switch (block.kind) {
    case 'text':
    case 'note':
      return block.text;
    case 'facts':
      return block.facts.flatMap(({ value }) => value);
    case 'list':
      return block.items.flat();
    case 'picture':
    case 'divider':
      return [];
  }
}
