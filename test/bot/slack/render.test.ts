import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionSchema, type Action, type FormAction } from '../../../bot/actions.ts';
import type { Button, Card, Inline } from '../../../bot/card.ts';
import type { Field } from '../../../bot/form.ts';
import { optionValueCharsMax } from '../../../bot/slack/limits.ts';
import { cut } from '../../../bot/plain-text.ts';
import { decodeFields, decodeFormAction, renderForm } from '../../../bot/slack/form.ts';
import {
  decodeAction,
  renderCard,
  renderCardView,
  renderFormInvitation,
} from '../../../bot/slack/render.ts';
import { escapeWithin } from '../../../bot/slack/text.ts';
import { anyCard, cards, forms } from '../../support/any-card.ts';
import { sampleForm } from '../../support/channel-contract.ts';
import { problemsOfMessage, problemsOfView } from '../../support/slack-blocks.ts';
import { clickables, readBlocks } from '../../support/slack-reader.ts';
import type { SlackNode } from '../../support/slack-server.ts';

const nodes = (blocks: unknown): SlackNode[] => blocks as SlackNode[];

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
      ...('reviewId' in option.shape ? { reviewId: Number.MAX_SAFE_INTEGER } : {}),
      ...('fixId' in option.shape ? { fixId: Number.MAX_SAFE_INTEGER } : {}),
      ...('pointsId' in option.shape ? { pointsId: Number.MAX_SAFE_INTEGER } : {}),
      ...('questionId' in option.shape ? { questionId: Number.MAX_SAFE_INTEGER } : {}),
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

  it('is a field’s own, whatever its value: another initial value shows in a modal that is updated', () => {
    const field = (initial: string): Field => ({
      kind: 'text',
      id: 'find',
      label: '查找',
      multiline: false,
      required: false,
      charsMax: 60,
      initial,
    });
    const blockIdOf = (initial: string): string => {
      const { blocks } = renderForm({ ...sampleForm, fields: [field(initial)] });
      return String(blocks.at(-1)?.block_id);
    };
    expect(blockIdOf('华东')).toBe(blockIdOf('华东'));
    expect(new Set(['', '华东', '华南'].map(blockIdOf)).size).toBe(3);
    const decoded = ['', '华东'].map((initial) =>
      decodeFields({ [blockIdOf(initial)]: { value: { value: '华北' } } }),
    );
    expect(decoded).toEqual([{ find: '华北' }, { find: '华北' }]);
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
