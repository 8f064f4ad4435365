import * as fc from 'fast-check';
import type { Block, Button, Card, Inline } from '../../bot/card.ts';
import type { Field, Form } from '../../bot/form.ts';
import { hostileNames } from './channel-contract.ts';
import { samplePublicUrl } from './views.ts';

/** A card with nothing on it, for tests of one part. */
export function anyCard(): Card {
  return {
    locale: 'zh-CN',
    tint: 'red',
    title: '标题',
    status: '待认领',
    blocks: [],
    buttons: [],
    menu: [],
    outcome: null,
    url: samplePublicUrl,
    summary: '一句话',
  };
}

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...hostileNames, '', ' ', '\n', '长'.repeat(5_000), '&'.repeat(4_000)),
);
const inlines: fc.Arbitrary<Inline> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('plain' as const, 'strong' as const, 'removed' as const),
    text: texts,
  }),
  fc.record({
    kind: fc.constant('link' as const),
    text: texts,
    url: fc.oneof(texts, fc.webUrl(), fc.constant(`https://a.example/${'a'.repeat(4000)}`)),
  }),
  fc.record({ kind: fc.constant('person' as const), code: fc.string(), name: texts }),
);
const lines = fc.array(inlines, { maxLength: 5 });
const blocks: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constantFrom('text' as const, 'note' as const), text: lines }),
  fc.record({
    kind: fc.constant('facts' as const),
    facts: fc.array(fc.record({ label: texts, value: lines }), { maxLength: 12 }),
  }),
  fc.record({
    kind: fc.constant('list' as const),
    title: texts,
    items: fc.array(lines, { maxLength: 20 }),
    more: fc.option(texts),
  }),
  fc.record({ kind: fc.constant('divider' as const) }),
);
const buttons: fc.Arbitrary<Button> = fc.record({
  label: texts,
  style: fc.constantFrom('primary' as const, 'danger' as const, 'default' as const),
  action: fc.record({ kind: fc.constant('claim' as const), warningId: fc.nat() }),
  confirm: fc.option(fc.record({ title: texts, text: texts, yes: texts })),
});
/** Whatever a card may hold. */
export const cards: fc.Arbitrary<Card> = fc.record({
  locale: fc.constantFrom('zh-CN' as const, 'en' as const),
  tint: fc.constantFrom('red' as const, 'orange' as const, 'green' as const, 'grey' as const),
  title: texts,
  status: texts,
  blocks: fc.array(blocks, { maxLength: 70 }),
  buttons: fc.array(buttons, { maxLength: 3 }),
  menu: fc.array(buttons, { maxLength: 12 }),
  outcome: fc.option(lines),
  url: fc.option(fc.oneof(texts, fc.webUrl())),
  summary: texts,
});
const options = fc.array(fc.record({ value: texts, label: texts, hint: texts }), { maxLength: 12 });
const fields: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    kind: fc.constant('search' as const),
    id: fc.string(),
    label: texts,
    source: fc.constantFrom('people' as const, 'tags' as const),
    suggestions: options,
    initial: texts,
  }),
  fc.record({
    kind: fc.constantFrom('choice' as const, 'select' as const),
    id: fc.string(),
    label: texts,
    options,
    initial: fc.option(texts),
  }),
  fc.record({
    kind: fc.constant('text' as const),
    id: fc.string(),
    label: texts,
    multiline: fc.boolean(),
    required: fc.boolean(),
    charsMax: fc.integer({ min: 0, max: 10_000 }),
    initial: texts,
  }),
  fc.record({
    kind: fc.constant('date' as const),
    id: fc.string(),
    label: texts,
    initial: fc.option(fc.oneof(texts, fc.constant('2026-12-01'))),
  }),
);
/** Whatever a form may hold. */
export const forms: fc.Arbitrary<Form> = fc.record({
  locale: fc.constantFrom('zh-CN' as const, 'en' as const),
  title: texts,
  blocks: fc.array(blocks, { maxLength: 70 }),
  fields: fc.array(fields, { maxLength: 110 }),
  submitLabel: texts,
  submitStyle: fc.constantFrom('primary' as const, 'danger' as const),
  action: fc.constant({ kind: 'dismiss' as const, warningId: 12 }),
});
