import { z } from 'zod';
import { assertNever } from '../../domain/assert-never.ts';
import { locales, type Locale } from '../../domain/locale.ts';
import { actionSchema, formActionSchema, type Action, type FormAction } from '../actions.ts';
import type { Block, Button, Card, Inline, Tint } from '../card.ts';
import type { Field, Form, Option } from '../form.ts';
import type { Reply } from '../interaction.ts';
import { textsFor } from '../texts/texts.ts';
import * as limits from './limits.ts';

const productName = 'Tagwarden';
const ellipsis = '…';
const formName = 'form';
const submitName = 'submit';
const fieldNamePrefix = 'field_';

/** Card JSON 2.0, as far as we use it; unknown properties would be errors. */
export interface FeishuCard {
  readonly schema: '2.0';
  readonly config: {
    readonly update_multi: true;
    readonly enable_forward?: false;
    readonly summary: { readonly content: string };
  };
  readonly header?: {
    readonly title: PlainText;
    readonly template: string;
    readonly text_tag_list?: readonly {
      readonly tag: 'text_tag';
      readonly text: PlainText;
      readonly color: string;
    }[];
  };
  readonly body: { readonly elements: readonly Element[] };
}

interface PlainText {
  readonly tag: 'plain_text';
  readonly content: string;
  readonly text_size?: 'heading' | 'notation';
  readonly text_color?: 'grey';
}

interface Confirm {
  readonly title: PlainText;
  readonly text: PlainText;
}

interface ButtonElement {
  readonly tag: 'button';
  readonly type: 'primary_filled' | 'danger' | 'default';
  readonly text: PlainText;
  readonly behaviors: readonly { readonly type: 'callback'; readonly value: ClickValue }[];
  readonly confirm?: Confirm;
  readonly name?: string;
  readonly form_action_type?: 'submit';
}

interface MenuOption {
  readonly text: PlainText;
  readonly value: string;
}

interface OptionsElement {
  readonly tag: 'select_static';
  readonly name: string;
  readonly required: boolean;
  readonly width: 'fill';
  readonly placeholder?: PlainText;
  readonly initial_index?: number;
  readonly options: readonly MenuOption[];
}

type Element =
  | { readonly tag: 'div'; readonly text: PlainText }
  | { readonly tag: 'markdown'; readonly content: string; readonly text_size?: 'notation' }
  | { readonly tag: 'hr' }
  | {
      readonly tag: 'column_set';
      readonly flex_mode: 'bisect' | 'flow';
      readonly horizontal_spacing: string;
      readonly columns: readonly {
        readonly tag: 'column';
        readonly width: 'auto' | 'weighted';
        readonly weight?: number;
        readonly vertical_spacing?: string;
        readonly elements: readonly Element[];
      }[];
    }
  | ButtonElement
  | { readonly tag: 'overflow'; readonly options: readonly MenuOption[] }
  | OptionsElement
  | {
      readonly tag: 'input';
      readonly name: string;
      readonly label: PlainText;
      readonly required: boolean;
      readonly width: 'fill';
      readonly max_length: number;
      readonly default_value?: string;
      readonly input_type?: 'multiline_text';
      readonly rows?: number;
    }
  | {
      readonly tag: 'date_picker';
      readonly name: string;
      readonly required: boolean;
      readonly placeholder: PlainText;
      readonly initial_date?: string;
    }
  | { readonly tag: 'form'; readonly name: string; readonly elements: readonly Element[] };

/** What a button carries; `fields` are a form's field ids in the order of its inputs. */
type ClickValue =
  | { readonly action: Action }
  | { readonly form: FormAction; readonly fields: readonly string[] }
  | { readonly cancel: Locale };

/** A card: never beyond what Feishu takes; what does not fit is left out, and it says so. */
export function renderCard(card: Card): FeishuCard {
  const url = isWebAddress(card.url) ? card.url : null;
  return fit(card, (body) => {
    const elements = body.blocks(card.blocks);
    if (card.outcome !== null && hasText(card.outcome)) {
      const outcome = cut(harmless(card.outcome.map(inlineText).join('')), limits.outcomeCharsMax);
      elements.push({ tag: 'hr' }, textElement(outcome));
    }
    elements.push(...actionElements(card.buttons, card.menu));
    if (url !== null) elements.push(consoleLink(url, card.locale));
    return {
      schema: '2.0',
      config: { update_multi: true, summary: { content: summaryOf(card.summary) } },
      header: header(card),
      body: { elements: filled(elements) },
    };
  });
}

/** A form as a card of its own; forwarding it would let nobody else fill it in. */
export function renderForm(form: Form): FeishuCard {
  const texts = textsFor(form.locale).channel;
  const fields = form.fields.slice(0, limits.formFieldsMax);
  const cancel = buttonElement(
    { label: texts.cancel, style: 'default', confirm: null },
    { cancel: form.locale },
  );
  return fit({ ...form, summary: form.title }, (body) => {
    const inputs = fieldElements(fields, form.locale);
    const submit = buttonElement(
      { label: form.submitLabel, style: form.submitStyle, confirm: null },
      { form: form.action, fields: fields.map((field) => field.id) },
    );
    const ask: readonly Element[] =
      inputs.length === 0
        ? [submit]
        : [
            {
              tag: 'form',
              name: formName,
              elements: [...inputs, { ...submit, name: submitName, form_action_type: 'submit' }],
            },
          ];
    return {
      schema: '2.0',
      config: {
        update_multi: true,
        enable_forward: false,
        summary: { content: summaryOf(form.title) },
      },
      header: header({ title: form.title, tint: 'blue', status: '' }),
      body: { elements: [...body.blocks(form.blocks), ...ask, cancel] },
    };
  });
}

/** One line or two, such as how something ended. */
export function renderLine(text: string): FeishuCard {
  const shown = cut(harmless(text), limits.bodyCharsSteps[1]);
  return {
    schema: '2.0',
    config: { update_multi: true, summary: { content: summaryOf(shown) } },
    body: { elements: [textElement(shown.trim() === '' ? '–' : shown)] },
  };
}

/** A reply as a card that only its reader gets. */
export function renderReply(reply: Reply): FeishuCard {
  switch (reply.kind) {
    case 'done':
      return renderLine(`✅ ${reply.text}`);
    case 'refused':
      return renderLine(reply.text);
    case 'form':
      return renderForm(reply.form);
    case 'card':
      return renderCard(reply.card);
    default:
      return assertNever(reply);
  }
}

/** What a click on one of our cards means. */
type DecodedClick =
  | { readonly kind: 'button'; readonly action: Action }
  | {
      readonly kind: 'form';
      readonly action: FormAction;
      readonly fields: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'cancel'; readonly locale: Locale }
  /** Not one of today's buttons. */
  | { readonly kind: 'outdated' };

const clickValueSchema = z.union([
  z.object({ action: actionSchema }),
  z.object({
    form: formActionSchema,
    fields: z.array(z.string()).max(limits.formFieldsMax),
  }),
  z.object({ cancel: z.enum(locales) }),
]);

/** Reads a callback's `action`: a button's value, a menu's chosen option, and what was filled in. */
export function decodeClick(action: {
  readonly value?: unknown;
  readonly option?: string | undefined;
  readonly form_value?: Readonly<Record<string, unknown>> | undefined;
}): DecodedClick {
  const value: unknown =
    action.option === undefined ? action.value : { action: parseJson(action.option) };
  const parsed = clickValueSchema.safeParse(value);
  if (!parsed.success) return { kind: 'outdated' };
  if ('action' in parsed.data) return { kind: 'button', action: parsed.data.action };
  if ('cancel' in parsed.data) return { kind: 'cancel', locale: parsed.data.cancel };
  const { form, fields } = parsed.data;
  const filledIn = action.form_value ?? {};
  return {
    kind: 'form',
    action: form,
    fields: Object.fromEntries(
      fields.map((id, index) => [id, submittedText(filledIn[fieldName(index)])]),
    ),
  };
}

/** A date comes with its zone, as in "2026-12-24 +0800"; a field left empty does not come at all. */
function submittedText(value: unknown): string {
  if (typeof value !== 'string') return '';
  return /^(?<date>\d{4}-\d{2}-\d{2}) [+-]\d{4}$/.exec(value)?.groups?.['date'] ?? value;
}

function fieldName(index: number): string {
  return `${fieldNamePrefix}${index}`;
}

/** Builds with less and less text until the card fits; with none where nothing else helps. */
function fit(
  frame: { readonly title: string; readonly summary: string; readonly locale: Locale },
  build: (body: Body) => FeishuCard,
): FeishuCard {
  for (const charsMax of limits.bodyCharsSteps) {
    const card = build(createBody(charsMax, frame.locale));
    if (fits(card)) return card;
  }
  return {
    ...renderLine(textsFor(frame.locale).channel.cut),
    header: header({ title: frame.title, tint: 'grey', status: '' }),
  };
}

function fits(card: FeishuCard): boolean {
  // The card travels as a text inside the request, so its quotes are escaped once more.
  const bytes = Buffer.byteLength(JSON.stringify(JSON.stringify(card)));
  return (
    bytes <= limits.messageBytesMax - limits.messageFrameBytes &&
    countElements(card) <= limits.cardElementsMax
  );
}

/** Whatever has a tag counts. */
function countElements(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, one) => sum + countElements(one), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const inside = Object.entries(node).reduce(
    // Values are ours, not elements.
    (sum, [key, value]) => sum + (key === 'behaviors' ? 0 : countElements(value)),
    0,
  );
  return inside + ('tag' in node ? 1 : 0);
}

interface Body {
  blocks(blocks: readonly Block[]): Element[];
}

/** A body element needs at least two elements of the card's 200; what is left is for buttons and fields. */
const bodyBlocksMax = 40;

function createBody(charsMax: number, locale: Locale): Body {
  let charsLeft = charsMax;
  let wasCut = false;
  const take = (text: string): string => {
    const clean = harmless(text).trim();
    const shown = cut(clean, charsLeft);
    charsLeft -= shown.length;
    wasCut ||= shown !== clean;
    return shown;
  };

  const hasRoom = (): boolean => {
    wasCut ||= charsLeft <= 0;
    return charsLeft > 0;
  };

  function line(inlines: readonly Inline[], look: Look): Element[] {
    if (!hasText(inlines)) return [];
    if (!hasRoom()) return [];
    if (inlines.some(isLink)) return [markdownElement(inlines, take, look)];
    const text = take(inlines.map(inlineText).join(''));
    return text === '' ? [] : [textElement(text, look)];
  }

  function block(one: Block): Element[] {
    switch (one.kind) {
      case 'text':
        return line(one.text, one.text.every(isStrong) ? 'heading' : 'normal');
      case 'note':
        return line(one.text, 'note');
      case 'facts':
        return facts(one.facts);
      case 'list':
        return list(one);
      case 'divider':
        return [{ tag: 'hr' }];
      default:
        return assertNever(one);
    }
  }

  function facts(all: Extract<Block, { kind: 'facts' }>['facts']): Element[] {
    const columns = [];
    for (const fact of all) {
      if (!hasRoom()) break;
      const label = line([{ kind: 'plain', text: fact.label }], 'note');
      const value = line(fact.value, 'normal');
      const elements = [...label, ...value];
      if (elements.length === 0) continue;
      columns.push({
        tag: 'column' as const,
        width: 'weighted' as const,
        weight: 1,
        vertical_spacing: '2px',
        elements,
      });
    }
    return columns.length === 0
      ? []
      : [{ tag: 'column_set', flex_mode: 'bisect', horizontal_spacing: '12px', columns }];
  }

  function list({ title, items, more }: Extract<Block, { kind: 'list' }>): Element[] {
    const elements = line([{ kind: 'plain', text: title }], 'note');
    const lines: string[] = [];
    for (const item of items) {
      if (!hasText(item)) continue;
      if (!hasRoom()) break;
      if (item.some(isLink)) {
        if (lines.length > 0) elements.push(textElement(lines.splice(0).join('\n')));
        elements.push(markdownElement([{ kind: 'plain', text: '· ' }, ...item], take, 'normal'));
      } else {
        lines.push(`· ${take(item.map(inlineText).join(''))}`);
      }
    }
    if (lines.length > 0) elements.push(textElement(lines.join('\n')));
    if (more !== null && more.trim() !== '') {
      const text = more.startsWith(ellipsis) ? more : `${ellipsis} ${more}`;
      elements.push(textElement(cut(harmless(text), limits.moreCharsMax), 'note'));
    }
    return elements;
  }

  return {
    blocks: (blocks) => {
      const elements = blocks.slice(0, bodyBlocksMax).flatMap((one, index) => {
        // Also without room for text, the first block tells that something was left out.
        return charsLeft > 0 || index === 0 ? block(one) : [];
      });
      if (wasCut || blocks.length > bodyBlocksMax) {
        elements.push(textElement(textsFor(locale).channel.cut, 'note'));
      }
      return elements;
    },
  };
}

type Look = 'heading' | 'normal' | 'note';

/** Other people's words stand in plain text, where nothing formats, links or notifies. */
function textElement(content: string, look: Look = 'normal'): Element {
  switch (look) {
    case 'heading':
      return { tag: 'div', text: { tag: 'plain_text', content, text_size: 'heading' } };
    case 'note':
      return {
        tag: 'div',
        text: { tag: 'plain_text', content, text_size: 'notation', text_color: 'grey' },
      };
    case 'normal':
      return { tag: 'div', text: { tag: 'plain_text', content } };
  }
}

/** Markdown only where there is a link: nothing else can hold one inside a text. */
function markdownElement(
  inlines: readonly Inline[],
  take: (text: string) => string,
  look: Look,
): Element {
  const content = inlines
    .map((inline) => {
      const text = escapeMarkdown(take(inlineText(inline)).replaceAll(/\s+/gu, ' '));
      return isLink(inline) && text !== '' ? `[${text}](${escapeUrl(inline.url)})` : text;
    })
    .filter((text) => text !== '')
    .join(' ');
  return { tag: 'markdown', content, ...(look === 'note' ? { text_size: 'notation' } : {}) };
}

/** https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/rich-text: every sign as its number. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function isStrong(inline: Inline): boolean {
  return inline.kind === 'strong';
}

function isLink(inline: Inline): inline is Extract<Inline, { kind: 'link' }> {
  return inline.kind === 'link' && isWebAddress(inline.url);
}

function inlineText(inline: Inline): string {
  return inline.kind === 'person' ? inline.name : inline.text;
}

function hasText(inlines: readonly Inline[]): boolean {
  return inlines.some((inline) => inlineText(inline).trim() !== '');
}

function isWebAddress(url: string | null): url is string {
  return (
    url !== null &&
    url.length <= limits.urlCharsMax &&
    /^https?:\/\/\S+$/.test(url) &&
    URL.canParse(url)
  );
}

function escapeUrl(url: string): string {
  return new URL(url).href.replaceAll(
    /[()[\]<>"'\\]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function consoleLink(url: string, locale: Locale): Element {
  const label = escapeMarkdown(textsFor(locale).channel.open);
  return { tag: 'markdown', content: `[${label}](${escapeUrl(url)})`, text_size: 'notation' };
}

function header({
  title,
  tint,
  status,
}: Pick<Card, 'title' | 'tint' | 'status'>): NonNullable<FeishuCard['header']> {
  return {
    title: plainText(title, limits.titleCharsMax),
    template: tint,
    ...(status.trim() === ''
      ? {}
      : {
          text_tag_list: [
            {
              tag: 'text_tag' as const,
              text: plainText(status, limits.statusCharsMax),
              color: tagColors[tint],
            },
          ],
        }),
  };
}

/** A card's own colours are those of Feishu's headers; its tags call grey neutral. */
const tagColors: Readonly<Record<Tint, string>> = {
  red: 'red',
  orange: 'orange',
  blue: 'blue',
  green: 'green',
  grey: 'neutral',
};

function plainText(text: string, charsMax: number): PlainText {
  const shown = cut(harmless(text).replaceAll(/\s+/gu, ' ').trim(), charsMax);
  return { tag: 'plain_text', content: shown === '' ? '–' : shown };
}

function summaryOf(text: string): string {
  return plainText(text === '' ? productName : text, limits.summaryCharsMax).content;
}

function filled(elements: readonly Element[]): readonly Element[] {
  return elements.length === 0 ? [textElement('–')] : elements;
}

/** Buttons in a row that wraps; the menu stands at its end. */
function actionElements(buttons: readonly Button[], menu: readonly Button[]): Element[] {
  // A menu can ask for confirmation only as a whole: what asks for itself becomes a button.
  const asking = menu.filter((item) => item.confirm !== null);
  const quiet = menu.filter((item) => item.confirm === null);
  const row: Element[] = [...buttons, ...asking]
    .slice(0, limits.buttonsMax)
    .map((button) => buttonElement(button, { action: button.action }));
  const options = quiet.slice(0, limits.menuOptionsMax).map((item) => ({
    text: plainText(item.label, limits.buttonTextCharsMax),
    value: JSON.stringify(item.action),
  }));
  if (options.length > 0) row.push({ tag: 'overflow', options });
  if (row.length === 0) return [];
  return [
    {
      tag: 'column_set',
      flex_mode: 'flow',
      horizontal_spacing: '8px',
      columns: row.map((element) => ({ tag: 'column', width: 'auto', elements: [element] })),
    },
  ];
}

const buttonTypes = { primary: 'primary_filled', danger: 'danger', default: 'default' } as const;

function buttonElement(
  { label, style, confirm }: Pick<Button, 'label' | 'style' | 'confirm'>,
  value: ClickValue,
): ButtonElement {
  return {
    tag: 'button',
    type: buttonTypes[style],
    text: plainText(label, limits.buttonTextCharsMax),
    behaviors: [{ type: 'callback', value }],
    ...(confirm === null
      ? {}
      : {
          confirm: {
            title: plainText(confirm.title, limits.confirmTitleCharsMax),
            text: plainText(confirm.text, limits.confirmTextCharsMax),
          },
        }),
  };
}

/** Inputs of a form in their order; drop-downs and dates have no label of their own. */
function fieldElements(fields: readonly Field[], locale: Locale): Element[] {
  const allowance: Allowance = {
    bytesLeft: limits.formOptionsBytesMax,
    optionsLeft: limits.formOptionsMax,
  };
  return fields.flatMap((field, index) => fieldElement(field, fieldName(index), locale, allowance));
}

/** How many options may still follow on a form. */
interface Allowance {
  bytesLeft: number;
  optionsLeft: number;
}

function fieldElement(field: Field, name: string, locale: Locale, allowance: Allowance): Element[] {
  const label = plainText(field.label, limits.labelCharsMax);
  const placeholder = plainText(textsFor(locale).channel.choose, limits.labelCharsMax);
  switch (field.kind) {
    case 'choice':
    case 'select': {
      const options = allowedOptions(field.options, allowance);
      if (options.length === 0) return [];
      const initial = options.findIndex(({ value }) => value === field.initial);
      return [
        { tag: 'div', text: label },
        ...hintElements(field.options),
        {
          tag: 'select_static',
          name,
          required: true,
          width: 'fill',
          // Each text counts among the card's 200 elements.
          ...(initial < 0 ? { placeholder } : { initial_index: initial + 1 }),
          options: options.map((option) => ({
            text: plainText(option.label, limits.optionTextCharsMax),
            value: option.value,
          })),
        },
        ...(options.length < field.options.length
          ? [textElement(textsFor(locale).channel.cut, 'note')]
          : []),
      ];
    }
    case 'text':
      return [textInput(field, name, label)];
    case 'date':
      return [
        { tag: 'div', text: label },
        {
          tag: 'date_picker',
          name,
          required: true,
          placeholder,
          ...(isDate(field.initial) ? { initial_date: field.initial } : {}),
        },
      ];
    default:
      return assertNever(field);
  }
}

function textInput(
  field: Extract<Field, { kind: 'text' }>,
  name: string,
  label: PlainText,
): Element {
  const charsMax = Math.min(Math.max(field.charsMax, 1), limits.inputTextCharsMax);
  return {
    tag: 'input',
    name,
    label,
    required: field.required,
    width: 'fill',
    max_length: charsMax,
    ...(field.initial === '' ? {} : { default_value: cut(harmless(field.initial), charsMax) }),
    ...(field.multiline ? { input_type: 'multiline_text', rows: 3 } : {}),
  };
}

/** Two options of one value would break the drop-down. */
function allowedOptions(options: readonly Option[], allowance: Allowance): readonly Option[] {
  const values = new Set<string>();
  const kept: Option[] = [];
  for (const option of options) {
    const isUsable = option.value !== '' && option.value.length <= limits.optionValueCharsMax;
    if (!isUsable || values.has(option.value)) continue;
    const label = cut(option.label, limits.optionTextCharsMax);
    const bytes = Buffer.byteLength(JSON.stringify([label, option.value]));
    if (allowance.optionsLeft <= 0 || bytes > allowance.bytesLeft) break;
    allowance.optionsLeft -= 1;
    allowance.bytesLeft -= bytes;
    values.add(option.value);
    kept.push(option);
  }
  return kept;
}

/** A drop-down's options cannot say more than their name: what they mean stands above it. */
function hintElements(options: readonly Option[]): Element[] {
  const hints = options
    .filter((option) => option.hint.trim() !== '')
    .slice(0, limits.buttonsMax)
    .map((option) => {
      const label = plainText(option.label, limits.optionTextCharsMax).content;
      return `· ${label}  ${plainText(option.hint, limits.hintCharsMax).content}`;
    });
  return hints.length === 0 ? [] : [textElement(hints.join('\n'), 'note')];
}

function isDate(text: string | null): text is string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** Cuts at a character boundary and marks the cut; `charsMax` counts UTF-16 units. */
export function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length + ellipsis.length > charsMax) break;
    kept += character;
  }
  return charsMax < ellipsis.length ? '' : kept + ellipsis;
}

/** Control characters and those that turn the reading direction can disguise a name. */
function harmless(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu, ' ');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
