import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { actionSchema, type Action, type FormAction } from '../../../bot/actions.ts';
import type { Block, Button, Card, Inline } from '../../../bot/card.ts';
import { createPen } from '../../../bot/cards/context.ts';
import { digestCard } from '../../../bot/cards/digest.ts';
import { requestCard } from '../../../bot/cards/request.ts';
import { warningCard } from '../../../bot/cards/warning.ts';
import type { Field, Form } from '../../../bot/form.ts';
import { byCustomerForm, fixForm, previewForm } from '../../../bot/forms/fix.ts';
import { optionValueCharsMax } from '../../../bot/slack/limits.ts';
import { cut } from '../../../bot/plain-text.ts';
import { decodeFormAction, renderForm } from '../../../bot/slack/form.ts';
import {
  decodeAction,
  renderCard,
  renderCardView,
  renderFormInvitation,
} from '../../../bot/slack/render.ts';
import { escapeWithin } from '../../../bot/slack/text.ts';
import { hostileNames, sampleForm } from '../../support/channel-contract.ts';
import { problemsOfMessage, problemsOfView } from '../../support/slack-blocks.ts';
import { clickables, readBlocks } from '../../support/slack-reader.ts';
import type { SlackNode } from '../../support/slack-server.ts';
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

const nodes = (blocks: unknown): SlackNode[] => blocks as SlackNode[];

function golden(name: string, rendered: unknown) {
  return expect(
    stringify(rendered, { lineWidth: 0, aliasDuplicateObjects: false }),
  ).toMatchFileSnapshot(`golden/${name}.yaml`);
}

describe('cards as Slack shows them', () => {
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
      const message = renderCard(warningCard(view, { ...reader, locale }, context));
      expect(problemsOfMessage(message.blocks)).toEqual([]);
      await golden(`warning-${state}.${locale}`, message);
    }
  });

  it('a request to vote on and a digest, in Chinese and English', async () => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const voter = { ...samplePerson('han-meimei'), locale };
      const manager = { ...samplePerson('zhao-min'), locale };
      const request = renderCard(requestCard(buildRequestView(), voter, context));
      const digest = renderCard(digestCard(buildDigestView({ reader: manager }), manager, context));
      expect(problemsOfMessage([...request.blocks, ...digest.blocks])).toEqual([]);
      await golden(`request.${locale}`, request);
      await golden(`digest.${locale}`, digest);
    }
  });

  it('the forms of a fix, in Chinese and English', async () => {
    const views = createSampleViews();
    const page = await views.customers(12, { offset: 0, limit: 3 });
    const customers = { ...page, offset: 0 };
    const preview = await views.fixPreview(12, { kind: 'all', resolution: 'keep-second' });
    if (preview === null) throw new Error('The sample has no preview.');
    for (const locale of ['zh-CN', 'en'] as const) {
      const pen = createPen({ ...reader, locale }, context);
      const forms = {
        'fix-choose': renderForm(fixForm(states.open, pen)),
        'fix-by-customer': renderForm(byCustomerForm(states.open, customers, pen)),
        'fix-preview': renderForm(previewForm(states.open, preview, pen)),
      };
      for (const [name, view] of Object.entries(forms)) {
        expect(problemsOfView(view)).toEqual([]);
        await golden(`${name}.${locale}`, view);
      }
    }
  });

  it('forms, in Chinese and English', async () => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const view = renderForm({ ...sampleForm, locale });
      expect(problemsOfView(view)).toEqual([]);
      await golden(`form-dismiss.${locale}`, view);
    }
  });
});

describe('a menu', () => {
  const item = (index: number, confirm: Button['confirm'] = null): Button => ({
    label: `第 ${index} 项`,
    style: 'default',
    action: { kind: 'claim', warningId: index },
    confirm,
  });
  const cardWith = (menu: readonly Button[]): Card => ({ ...anyCard(), buttons: [], menu });
  const typeOf = (card: Card): unknown =>
    nodes(renderCard(card).blocks)
      .filter((block) => block['type'] === 'actions')
      .flatMap((block) => nodes(block['elements']).map((element) => element['type']));

  it('is an overflow menu up to five entries and a drop-down beyond', () => {
    const items = [1, 2, 3, 4, 5, 6].map((index) => item(index));
    expect(typeOf(cardWith(items.slice(0, 5)))).toEqual(['overflow']);
    expect(typeOf(cardWith(items))).toEqual(['static_select']);
    expect(clickables(nodes(renderCard(cardWith(items)).blocks))).toHaveLength(6);
  });

  it('makes a button of what asks before it acts', () => {
    const asking = item(2, { title: '撤销？', text: '37 位客户会恢复原样。', yes: '撤销' });
    expect(typeOf(cardWith([item(1), asking]))).toEqual(['button', 'overflow']);
  });
});

describe('what a click carries', () => {
  const largest: readonly Action[] = actionSchema.options.map((option) =>
    actionSchema.parse({
      kind: option.shape.kind.value,
      ...('warningId' in option.shape ? { warningId: Number.MAX_SAFE_INTEGER } : {}),
      ...('requestId' in option.shape ? { requestId: Number.MAX_SAFE_INTEGER } : {}),
      ...('fixId' in option.shape ? { fixId: Number.MAX_SAFE_INTEGER } : {}),
      ...('ballot' in option.shape ? { ballot: 'approve' } : {}),
    }),
  );

  it.each(largest)('fits a menu and comes back: $kind', (action) => {
    const button: Button = { label: '按钮', style: 'default', action, confirm: null };
    const [clickable] = clickables(
      nodes(renderCard({ ...anyCard(), buttons: [], menu: [button] }).blocks),
    );
    const option = clickable?.click['selected_option'] as SlackNode | undefined;
    const value = String(option?.['value']);
    expect(value.length).toBeLessThanOrEqual(optionValueCharsMax);
    expect(decodeAction(value)).toEqual(action);
  });

  it('is nothing where the value is not ours', () => {
    for (const value of [undefined, '', 'null', '{"kind":"claim"}', '{"kind":"delete-all"}', '[']) {
      expect(decodeAction(value)).toBeNull();
    }
    expect(decodeFormAction('z:AAAA')).toBeNull();
    expect(decodeFormAction('')).toBeNull();
  });

  it('brings back a choice customer by customer that is longer than Slack takes', () => {
    const resolutions = Array.from({ length: 90 }, (_, index) => ({
      customerId: 1_000_003 * (index + 1),
      resolution: 'keep-second',
    }));
    const choice = JSON.stringify({ kind: 'by-customer', resolutions });
    const action: FormAction = { kind: 'confirm-fix', warningId: 12, choice };
    const view = renderForm({ ...sampleForm, action });
    expect(choice.length).toBeGreaterThan(3000);
    expect(problemsOfView(view)).toEqual([]);
    expect(decodeFormAction(view.private_metadata ?? '')).toEqual(action);
  });

  it('says so where a choice is beyond any packing, and offers no submit', () => {
    const choice = Array.from({ length: 30_000 }, (_, index) => (index * 7919) % 9973).join();
    const view = renderForm({
      ...sampleForm,
      action: { kind: 'confirm-fix', warningId: 12, choice },
    });
    expect(problemsOfView(view)).toEqual([]);
    expect(view.submit).toBeUndefined();
  });
});

describe('text', () => {
  it('is cut between characters', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdefg', 6)).toBe('abcde…');
    expect(cut('ab👩👩', 4)).toBe('ab…');
  });

  it('is escaped without cutting an entity in two', () => {
    expect(escapeWithin('a<b>&c', 100)).toBe('a&lt;b&gt;&amp;c');
    expect(escapeWithin('a<<<<', 8)).toBe('a&lt;…');
  });

  it('cannot turn its reading direction', () => {
    const card = { ...anyCard(), title: 'gpj.\u202Eexe' };
    expect(readBlocks(nodes(renderCard(card).blocks))).not.toContain('\u202E');
  });

  it('keeps a script address a text', () => {
    const link: Inline = { kind: 'link', text: '看这里', url: 'javascript:alert(1)' };
    for (const kind of ['text', 'note'] as const) {
      const rendered = JSON.stringify(
        renderCard({ ...anyCard(), blocks: [{ kind, text: [link] }] }),
      );
      expect(rendered).toContain('看这里');
      expect(rendered).not.toContain('javascript:');
    }
  });
});

describe('whatever a card or a form holds', () => {
  it('is a card that Slack takes', () => {
    fc.assert(
      fc.property(cards, (card) => {
        const { text, blocks } = renderCard(card);
        expect(text).not.toBe('');
        expect(text.length).toBeLessThanOrEqual(4000);
        expect(problemsOfMessage(blocks)).toEqual([]);
        expect(problemsOfView(renderCardView(card))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('is a form that Slack takes', () => {
    fc.assert(
      fc.property(forms, (form) => {
        expect(problemsOfView(renderForm(form))).toEqual([]);
        expect(problemsOfMessage(renderFormInvitation(form).blocks)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('is a form with many thousands of options', () => {
    const options = Array.from({ length: 12_000 }, (_, index) => ({
      value: `tag-${index}`,
      label: `标签 ${index} ${'长'.repeat(80)}`,
      hint: '',
    }));
    const field: Field = { kind: 'select', id: 'tag', label: '标签', options, initial: 'tag-3' };
    expect(problemsOfView(renderForm({ ...sampleForm, fields: [field] }))).toEqual([]);
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
  tint: fc.constantFrom('red' as const, 'orange' as const, 'green' as const),
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
  fields: fc.array(fields, { maxLength: 110 }),
  submitLabel: texts,
  submitStyle: fc.constantFrom('primary' as const, 'danger' as const),
  action: fc.constant({ kind: 'dismiss' as const, warningId: 12 }),
});
