import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actionSchema,
  carriedDecisionsMax,
  customersPerFormMax,
  type Action,
  type FormAction,
} from '../../../bot/actions.ts';
import type { Block, Button, Inline } from '../../../bot/card.ts';
import { createPen } from '../../../bot/cards/context.ts';
import type { FeishuCard } from '../../../bot/feishu/card-json.ts';
import { decodeClick } from '../../../bot/feishu/click.ts';
import { renderForm } from '../../../bot/feishu/form.ts';
import { renderLine } from '../../../bot/feishu/frame.ts';
import { renderCard, renderReply } from '../../../bot/feishu/render.ts';
import { escapeMarkdown } from '../../../bot/feishu/text.ts';
import { cut } from '../../../bot/plain-text.ts';
import type { Field } from '../../../bot/form.ts';
import { byCustomerForm } from '../../../bot/forms/fix.ts';
import { anyCard, cards, forms } from '../../support/any-card.ts';
import { hostileNames, sampleForm } from '../../support/channel-contract.ts';
import { problemsOfCard } from '../../support/feishu-cards.ts';
import { clickables, fillForm, readCard, readForm } from '../../support/feishu-reader.ts';
import type { FeishuNode } from '../../support/feishu-server.ts';
import {
  buildWarningView,
  createSampleViews,
  sampleNowMs,
  samplePerson,
  samplePublicUrl,
} from '../../support/views.ts';

const context = { publicUrl: samplePublicUrl, nowMs: sampleNowMs };

/** The card as it arrives: JSON. */
const sent = (card: FeishuCard): FeishuNode => JSON.parse(JSON.stringify(card)) as FeishuNode;

describe('a form', () => {
  const reader = samplePerson('li-lei');
  const firstPage = { offset: 0, text: '', decided: new Map(), inVain: null };
  const everybodyDecided = new Map(
    Array.from({ length: carriedDecisionsMax + customersPerFormMax - 1 }, (_, index) => [
      900_000_000 + index,
      'keep-second' as const,
    ]),
  );

  it('a whole page of customers to decide one by one', async () => {
    const views = createSampleViews();
    const page = await views.customers(12, { offset: 0, limit: customersPerFormMax });
    const pen = createPen(reader, context);
    const form = byCustomerForm(buildWarningView(), { ...page, ...firstPage }, pen);
    const card = sent(renderForm(form));
    expect(problemsOfCard(card)).toEqual([]);
    const seen = readForm(card);
    expect(seen?.fields.map(({ id }) => id)).toEqual(form.fields.map(({ id }) => id));
    const decided = seen?.fields.filter(({ id }) => id.startsWith('customer-')) ?? [];
    for (const field of decided) expect(field.options).toHaveLength(3);
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
      const form = byCustomerForm(
        buildWarningView(),
        { ...page, customers, ...firstPage, decided: everybodyDecided, inVain: long('华东') },
        pen,
      );
      const card = sent(renderForm(form));
      expect(problemsOfCard(card)).toEqual([]);
      const seen = readForm(card);
      expect(seen?.fields.map(({ id }) => id)).toEqual(form.fields.map(({ id }) => id));
      const decided = seen?.fields.filter(({ id }) => id.startsWith('customer-')) ?? [];
      for (const field of decided) expect(field.options).toHaveLength(3);
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
      ...('reviewId' in option.shape ? { reviewId: Number.MAX_SAFE_INTEGER } : {}),
      ...('fixId' in option.shape ? { fixId: Number.MAX_SAFE_INTEGER } : {}),
      ...('pointsId' in option.shape ? { pointsId: Number.MAX_SAFE_INTEGER } : {}),
      ...('questionId' in option.shape ? { questionId: Number.MAX_SAFE_INTEGER } : {}),
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
    const most = carriedDecisionsMax + customersPerFormMax;
    const resolutions = Array.from({ length: most }, (_, index) => ({
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
  it('is left out where nothing of it can be shown', () => {
    const link = { kind: 'link', text: '\u0000', url: 'http://a.example' } as const;
    const card = sent(renderCard({ ...anyCard(), blocks: [{ kind: 'text', text: [link] }] }));
    expect(problemsOfCard(card)).toEqual([]);
  });

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
