import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  actionSchema,
  customersPerFormMax,
  type Action,
  type FormAction,
} from '../../../bot/actions.ts';
import type { Block, Button, Card, Inline } from '../../../bot/card.ts';
import { createPen } from '../../../bot/cards/context.ts';
import { digestCard } from '../../../bot/cards/digest.ts';
import { requestCard } from '../../../bot/cards/request.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import type { FeishuCard } from '../../../bot/feishu/card-json.ts';
import { decodeClick } from '../../../bot/feishu/click.ts';
import { renderForm } from '../../../bot/feishu/form.ts';
import { renderLine } from '../../../bot/feishu/frame.ts';
import { renderCard, renderReply } from '../../../bot/feishu/render.ts';
import { escapeMarkdown } from '../../../bot/feishu/text.ts';
import { cut } from '../../../bot/plain-text.ts';
import type { Field, Form } from '../../../bot/form.ts';
import { byCustomerForm, fixForm, previewForm } from '../../../bot/forms/fix.ts';
import { hostileNames, sampleForm } from '../../support/channel-contract.ts';
import { problemsOfCard } from '../../support/feishu-cards.ts';
import { clickables, fillForm, readCard, readForm } from '../../support/feishu-reader.ts';
import type { FeishuNode } from '../../support/feishu-server.ts';
import {
  buildDigestView,
  buildFixView,
  buildRequestView,
  buildWarningView,
  createSampleViews,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

const context = { publicUrl: samplePublicUrl, nowMs: sampleNowMs };

/** The card as it arrives: JSON. */
const sent = (card: FeishuCard): FeishuNode => JSON.parse(JSON.stringify(card)) as FeishuNode;

async function golden(name: string, card: FeishuCard): Promise<void> {
  expect(problemsOfCard(sent(card))).toEqual([]);
  const yaml = stringify(sent(card), { lineWidth: 0, aliasDuplicateObjects: false });
  await expect(yaml).toMatchFileSnapshot(`golden/${name}.yaml`);
}

describe('cards as Feishu shows them', () => {
  const reader = samplePerson('li-lei');
  const states = {
    open: buildWarningView(),
    claimed: buildWarningView({
      warning: { state: { kind: 'claimed', by: 'li-lei', atMs: sampleNowMs }, version: 2 },
    }),
    fixed: buildWarningView({
      fix: buildFixView(),
      warning: {
        state: { kind: 'closed', reason: 'fixed', by: 'li-lei', atMs: sampleNowMs, fixId: 7 },
        customers: 0,
        version: 5,
      },
    }),
  };

  it.each(Object.entries(states))('%s, in Chinese and English', async (state, view) => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const card = renderCard(warningCard(view, { ...reader, locale }, context));
      await golden(`warning-${state}.${locale}`, card);
    }
  });

  it('a request to vote on and a digest, in Chinese and English', async () => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const voter = { ...samplePerson('han-meimei'), locale };
      const manager = { ...samplePerson('zhao-min'), locale };
      const digest = digestCard(buildDigestView({ reader: manager }), manager, context);
      await golden(
        `request.${locale}`,
        renderCard(requestCard(buildRequestView(), voter, context)),
      );
      await golden(`digest.${locale}`, renderCard(digest));
    }
  });

  it('the forms of a fix, in Chinese and English', async () => {
    const views = createSampleViews();
    const page = await views.customers(12, { offset: 0, limit: 3 });
    const preview = await views.fixPreview(12, { kind: 'all', resolution: 'keep-second' });
    if (preview === null) throw new Error('The sample has no preview.');
    for (const locale of ['zh-CN', 'en'] as const) {
      const pen = createPen({ ...reader, locale }, context);
      const byCustomer = byCustomerForm(states.open, { ...page, offset: 0 }, pen);
      await golden(`fix-choose.${locale}`, renderForm(fixForm(states.open, pen)));
      await golden(`fix-by-customer.${locale}`, renderForm(byCustomer));
      await golden(`fix-preview.${locale}`, renderForm(previewForm(states.open, preview, pen)));
    }
  });

  it('a form with every kind of field, in Chinese and English', async () => {
    for (const locale of ['zh-CN', 'en'] as const) {
      await golden(`form-dismiss.${locale}`, renderForm({ ...sampleForm, locale }));
    }
  });

  it('a whole page of customers to decide one by one', async () => {
    const views = createSampleViews();
    const page = await views.customers(12, { offset: 0, limit: customersPerFormMax });
    const pen = createPen(reader, context);
    const form = byCustomerForm(buildWarningView(), { ...page, offset: 0 }, pen);
    const card = sent(renderForm(form));
    expect(problemsOfCard(card)).toEqual([]);
    const seen = readForm(card);
    expect(seen?.fields.map(({ id }) => id)).toEqual(form.fields.map(({ id }) => id));
    for (const field of seen?.fields ?? []) expect(field.options).toHaveLength(3);
  });

  it('a whole page of customers with long names of customers and tags', async () => {
    const long = (text: string): string => text.repeat(6);
    const views = createSampleViews();
    const page = await views.customers(12, { offset: 0, limit: customersPerFormMax });
    const customers = page.customers.map((customer) => ({
      ...customer,
      name: long('华东机电集团'),
      resolutions: ['keep-second', 'keep-first', 'keep-second'] as const,
      tags: customer.tags.map((tag) => ({
        ...tag,
        name: { 'zh-CN': long('高价值客户'), en: long('High value ') },
      })),
    }));
    for (const locale of ['zh-CN', 'en'] as const) {
      const pen = createPen({ ...reader, locale }, context);
      const form = byCustomerForm(buildWarningView(), { ...page, customers, offset: 0 }, pen);
      const card = sent(renderForm(form));
      expect(problemsOfCard(card)).toEqual([]);
      const seen = readForm(card);
      expect(seen?.fields.map(({ id }) => id)).toEqual(form.fields.map(({ id }) => id));
      for (const field of seen?.fields ?? []) expect(field.options).toHaveLength(3);
    }
  });
});

describe('a menu', () => {
  it('makes a button of what asks before it acts', () => {
    const item = (index: number, confirm: Button['confirm'] = null): Button => ({
      label: `第 ${index} 项`,
      style: 'default',
      action: { kind: 'claim', warningId: index },
      confirm,
    });
    const asking = item(2, { title: '撤销？', text: '37 位客户会恢复原样。', yes: '撤销' });
    const card = sent(renderCard({ ...anyCard(), menu: [item(1), asking] }));
    expect(clickables(card).map(({ label, action }) => [label, action['tag']])).toEqual([
      ['第 2 项', 'button'],
      ['第 1 项', 'overflow'],
    ]);
    expect(JSON.stringify(card)).toContain('37 位客户会恢复原样。');
  });
});

describe('what a click carries', () => {
  const all: readonly Action[] = actionSchema.options.map((option) =>
    actionSchema.parse({
      kind: option.shape.kind.value,
      ...('warningId' in option.shape ? { warningId: Number.MAX_SAFE_INTEGER } : {}),
      ...('requestId' in option.shape ? { requestId: Number.MAX_SAFE_INTEGER } : {}),
      ...('fixId' in option.shape ? { fixId: Number.MAX_SAFE_INTEGER } : {}),
      ...('ballot' in option.shape ? { ballot: 'approve' } : {}),
    }),
  );

  it.each(all)('comes back from a button and from a menu: $kind', (action) => {
    const button: Button = { label: '按钮', style: 'default', action, confirm: null };
    const card = sent(renderCard({ ...anyCard(), buttons: [button], menu: [button] }));
    for (const clickable of clickables(card)) {
      expect(decodeClick(clickable.action)).toEqual({ kind: 'button', action });
    }
  });

  it('is out of date where the value is not ours', () => {
    const strange = [undefined, null, '', 'x', {}, { action: { kind: 'claim' } }, { form: {} }, []];
    for (const value of strange) expect(decodeClick({ value })).toEqual({ kind: 'outdated' });
    expect(decodeClick({ option: '{' })).toEqual({ kind: 'outdated' });
    expect(decodeClick({ option: '{"kind":"delete-all"}' })).toEqual({ kind: 'outdated' });
  });

  it('is a form’s fields by their ids, empty where nothing came, dates without a zone', () => {
    const card = sent(renderForm(sampleForm));
    const action = fillForm(card, { reason: 'other', person: 'lin-tao', until: '2026-12-24' });
    expect(decodeClick(action)).toEqual({
      kind: 'form',
      action: sampleForm.action,
      fields: { reason: 'other', person: 'lin-tao', comment: '', until: '2026-12-24' },
    });
    expect(decodeClick({ ...action, form_value: { field_0: 7, field_9: 'x' } })).toMatchObject({
      fields: { reason: '', person: '', comment: '', until: '' },
    });
  });

  it('brings a form’s long choice back', () => {
    const resolutions = Array.from({ length: customersPerFormMax }, (_, index) => ({
      customerId: 900_000_000 + index,
      resolution: 'keep-second',
    }));
    const choice = JSON.stringify({ kind: 'by-customer', resolutions });
    const action: FormAction = { kind: 'confirm-fix', warningId: 12, choice };
    const card = sent(renderForm({ ...sampleForm, fields: [], action }));
    expect(problemsOfCard(card)).toEqual([]);
    expect(decodeClick(fillForm(card, {}))).toEqual({ kind: 'form', action, fields: {} });
  });

  it('cannot be submitted where the choice is beyond what a card holds, and says so', () => {
    const choice = 'x'.repeat(40_000);
    const action: FormAction = { kind: 'confirm-fix', warningId: 12, choice };
    const card = sent(renderForm({ ...sampleForm, action }));
    expect(problemsOfCard(card)).toEqual([]);
    expect(readForm(card)).toBeNull();
    expect(readCard(card)).toContain('请在控制台查看');
  });
});

describe('text', () => {
  it('is cut between characters', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdefg', 6)).toBe('abcde…');
    expect(cut('ab👩👩', 4)).toBe('ab…');
    expect(cut('abc', 0)).toBe('');
  });

  it('is written sign by sign where it stands in markdown', () => {
    expect(escapeMarkdown('<at id=all></at>')).toBe('&#60;at id&#61;all&#62;&#60;&#47;at&#62;');
    expect(escapeMarkdown('[a](b) **c** &lt;')).not.toMatch(/[[\]()*<>]/);
  });

  it.each(hostileNames)('beside a link stays what it is: %s', (name) => {
    const link: Inline = { kind: 'link', text: name, url: 'https://a.example/x?(y)' };
    const line: Block = { kind: 'text', text: [{ kind: 'plain', text: name }, link] };
    const card = sent(renderCard({ ...anyCard(), blocks: [line] }));
    expect(problemsOfCard(card)).toEqual([]);
    expect(readCard(card).replaceAll(/\s+/g, ' ')).toContain(`${name} ${name}`);
    expect(JSON.stringify(card)).not.toMatch(/<(?:at|person|font)/);
    expect(JSON.stringify(card)).toContain('(https://a.example/x?%28y%29)');
  });

  it('cannot turn its reading direction', () => {
    const card = renderCard({ ...anyCard(), title: 'gpj.\u202Eexe' });
    expect(JSON.stringify(card)).not.toContain('\u202E');
  });

  it('keeps a script address a text', () => {
    const link: Inline = { kind: 'link', text: '看这里', url: 'javascript:alert(1)' };
    const card = JSON.stringify(
      renderCard({ ...anyCard(), blocks: [{ kind: 'text', text: [link] }] }),
    );
    expect(card).toContain('看这里');
    expect(card).not.toContain('javascript:');
  });
});

describe('whatever a card or a form holds', () => {
  it('is a card that Feishu takes', () => {
    fc.assert(
      fc.property(cards, (card) => {
        expect(problemsOfCard(sent(renderCard(card)))).toEqual([]);
        expect(problemsOfCard(sent(renderReply({ kind: 'done', text: card.title })))).toEqual([]);
        expect(problemsOfCard(sent(renderLine(card.summary)))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('is a form that Feishu takes', () => {
    fc.assert(
      fc.property(forms, (form) => {
        expect(problemsOfCard(sent(renderForm(form)))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('is a form with many thousands of options', () => {
    const options = Array.from({ length: 12_000 }, (_, index) => ({
      value: `tag-${index}`,
      label: `标签 ${index} ${'长'.repeat(80)}`,
      hint: '',
    }));
    const field: Field = { kind: 'select', id: 'tag', label: '标签', options, initial: 'tag-3' };
    const card = sent(renderForm({ ...sampleForm, fields: [field] }));
    expect(problemsOfCard(card)).toEqual([]);
    expect(JSON.stringify(card)).toContain('请在控制台查看');
  });
});

function anyCard(): Card {
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
  fc.constantFrom(...hostileNames, '', ' ', '\n', '长'.repeat(5_000), '&'.repeat(4_000)),
);
const inlines: fc.Arbitrary<Inline> = fc.oneof(
  fc.record({ kind: fc.constantFrom('plain' as const, 'strong' as const), text: texts }),
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
const cards: fc.Arbitrary<Card> = fc.record({
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
const forms: fc.Arbitrary<Form> = fc.record({
  locale: fc.constantFrom('zh-CN' as const, 'en' as const),
  title: texts,
  blocks: fc.array(blocks, { maxLength: 70 }),
  fields: fc.array(fields, { maxLength: 40 }),
  submitLabel: texts,
  submitStyle: fc.constantFrom('primary' as const, 'danger' as const),
  action: fc.constant({ kind: 'dismiss' as const, warningId: 12 }),
});
