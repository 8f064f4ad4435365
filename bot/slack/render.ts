import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { types } from '@slack/bolt';
import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import { actionSchema, formActionSchema, type Action, type FormAction } from '../actions.ts';
import type { Block, Button, Card, Inline, Tint } from '../card.ts';
import type { Field, Form, Option } from '../form.ts';
import * as limits from './limits.ts';
import { textsFor } from '../texts/texts.ts';

/** Action ids of everything clickable begin so; what was clicked stands in the value. */
export const actionIdPrefix = 'tagwarden:';
export const formCallbackId = 'tagwarden-form';
const fieldBlockPrefix = 'field:';
const fieldActionId = 'value';
const productName = 'Tagwarden';
const ellipsis = '…';

export interface SlackMessage {
  /** Fallback for notifications and screen readers, in Slack's escaped form. */
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

const tintMarks: Readonly<Record<Tint, string>> = {
  red: '🔴',
  orange: '🟠',
  blue: '🔵',
  green: '🟢',
  grey: '⚪',
};

/** A card as a message: never beyond what Slack takes; what does not fit is cut and marked with an ellipsis. */
export function renderCard(card: Card): SlackMessage {
  return {
    text: escapeWithin(card.summary, limits.fallbackCharsMax) || productName,
    blocks: cardBlocks(card, limits.messageBlocksMax),
  };
}

/** A card to read inside a modal. */
export function renderCardView(card: Card): types.ModalView {
  return {
    type: 'modal',
    title: plainText(card.title, limits.modalTitleCharsMax),
    close: plainText(textsFor(card.locale).channel.close, limits.modalSubmitCharsMax),
    blocks: cardBlocks(card, limits.modalBlocksMax),
  };
}

/** A card as the app's home page. */
export function renderHome(card: Card): types.HomeView {
  return { type: 'home', blocks: cardBlocks(card, limits.modalBlocksMax) };
}

/** One line or two inside a modal, such as how it ended. */
export function renderTextView(text: string, locale: Locale): types.ModalView {
  return {
    type: 'modal',
    title: plainText(productName, limits.modalTitleCharsMax),
    close: plainText(textsFor(locale).channel.close, limits.modalSubmitCharsMax),
    blocks: [textBlock(text)],
  };
}

export function renderText(text: string): SlackMessage {
  return {
    text: escapeWithin(text, limits.fallbackCharsMax) || productName,
    blocks: [textBlock(text)],
  };
}

/** A form where no modal can be opened: its title and a button that asks for it again. */
export function renderFormInvitation(form: Form): SlackMessage {
  const invitation: Button = {
    label: textsFor(form.locale).channel.openForm,
    style: 'primary',
    action: actionThatOpens(form.action),
    confirm: null,
  };
  const message = renderText(form.title);
  return {
    ...message,
    blocks: [...message.blocks, ...actionBlocks([invitation], [], form.locale)],
  };
}

/** A form as a modal. Where Slack cannot carry all of it, it says so and cannot be submitted. */
export function renderForm(form: Form): types.ModalView {
  const texts = textsFor(form.locale).channel;
  const metadata = encodeFormAction(form.action);
  const close = plainText(texts.cancel, limits.modalSubmitCharsMax);
  const title = plainText(form.title, limits.modalTitleCharsMax);
  if (metadata === null) {
    return { type: 'modal', title, close, blocks: [textBlock(texts.cut)] };
  }
  const fields = form.fields.slice(0, limits.modalBlocksMax - 2).map(fieldBlock);
  const fullTitle = title.text === form.title ? [] : [textBlock(form.title)];
  const room = limits.modalBlocksMax - fields.length - fullTitle.length;
  return {
    type: 'modal',
    callback_id: formCallbackId,
    private_metadata: metadata,
    title,
    submit: plainText(form.submitLabel, limits.modalSubmitCharsMax),
    close,
    blocks: [...fullTitle, ...bodyBlocks({ ...form, url: null }, room), ...fields],
  };
}

/** The action a click carries; null where the value is not one of ours. */
export function decodeAction(value: string | undefined): Action | null {
  const parsed = actionSchema.safeParse(parseJson(value ?? ''));
  return parsed.success ? parsed.data : null;
}

/** The action in a form's private metadata; null where it is not one of ours. */
export function decodeFormAction(metadata: string): FormAction | null {
  const parsed = formActionSchema.safeParse(parseJson(inflate(metadata)));
  return parsed.success ? parsed.data : null;
}

/** One submitted value, as Slack sends it. */
export interface SubmittedValue {
  readonly value?: string | null | undefined;
  readonly selected_option?: { readonly value: string } | null | undefined;
  readonly selected_date?: string | null | undefined;
}

/** A submitted modal's values by field id; a field left empty is an empty text. */
export function decodeFields(
  values: Readonly<Record<string, Readonly<Record<string, SubmittedValue>>>>,
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [blockId, elements] of Object.entries(values)) {
    const element = elements[fieldActionId];
    if (!blockId.startsWith(fieldBlockPrefix) || element === undefined) continue;
    fields[blockId.slice(fieldBlockPrefix.length)] =
      element.value ?? element.selected_option?.value ?? element.selected_date ?? '';
  }
  return fields;
}

/** Cuts at a character boundary and marks the cut; `charsMax` counts UTF-16 units. */
export function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length + ellipsis.length > charsMax) break;
    kept += character;
  }
  return kept + ellipsis;
}

/** Escapes as Slack's own format wants it; the escaped text fits, and no entity is cut in two. */
export function escapeWithin(text: string, charsMax: number): string {
  let escaped = '';
  for (const character of harmless(text)) {
    const next = entities.get(character) ?? character;
    if (escaped.length + next.length + ellipsis.length > charsMax) return escaped + ellipsis;
    escaped += next;
  }
  return escaped;
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** Control characters and those that turn the reading direction can disguise a name. */
function harmless(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, ' ');
}

function plainText(text: string, charsMax: number): types.PlainTextElement {
  const shown = cut(harmless(text), charsMax);
  // Without `emoji: false` a name like ":skull:" becomes a picture.
  return { type: 'plain_text', text: shown.trim() === '' ? '–' : shown, emoji: false };
}

function cardBlocks(card: Card, blocksMax: number): types.KnownBlock[] {
  const head: types.KnownBlock[] = [
    {
      type: 'header',
      text: plainText(`${tintMarks[card.tint]} ${card.title}`, limits.headerCharsMax),
    },
  ];
  if (card.status !== '') {
    head.push({
      type: 'context',
      elements: [plainText(card.status, limits.headerCharsMax)],
    });
  }
  const foot: types.KnownBlock[] = [];
  if (card.outcome !== null)
    foot.push(richText([section(card.outcome, newBudget(limits.outcomeCharsMax))]));
  foot.push(...actionBlocks(card.buttons, card.menu, card.locale));
  const link = consoleLink(card);
  if (link !== null) foot.push(link);
  const room = blocksMax - head.length - foot.length;
  return [...head, ...bodyBlocks(card, room), ...foot];
}

function consoleLink({ url, locale }: Card): types.ContextBlock | null {
  if (!isWebAddress(url)) return null;
  return {
    type: 'context',
    elements: [
      {
        type: 'mrkdwn',
        text: `<${escapeUrl(url)}|${escapeWithin(textsFor(locale).channel.open, 100)}>`,
      },
    ],
  };
}

/** How many characters of body text may still follow. */
interface Budget {
  charsLeft: number;
}

function newBudget(charsMax: number = limits.richTextCharsMax): Budget {
  return { charsLeft: charsMax };
}

interface Body {
  readonly blocks: readonly Block[];
  readonly url: string | null;
  readonly locale: Locale;
}

function bodyBlocks({ blocks, url, locale }: Body, room: number): types.KnownBlock[] {
  const total = newBudget(limits.messageCharsMax);
  const rendered: types.KnownBlock[] = [];
  for (const block of blocks) {
    const isFull = rendered.length >= room - 1 && blocks.length > room;
    if (isFull || total.charsLeft <= 0) {
      rendered.push(textBlock(textsFor(locale).channel.cut));
      break;
    }
    const budget = newBudget(Math.min(limits.richTextCharsMax, total.charsLeft));
    const before = budget.charsLeft;
    const next = renderBlock(block, url, budget);
    if (next !== null) rendered.push(next);
    total.charsLeft -= before - budget.charsLeft;
  }
  return rendered;
}

function renderBlock(block: Block, url: string | null, budget: Budget): types.KnownBlock | null {
  switch (block.kind) {
    case 'text':
      return hasText(block.text) ? richText([section(block.text, budget)]) : null;
    case 'facts':
      return block.facts.length === 0 ? null : factsBlock(block.facts, budget);
    case 'list':
      return listBlock(block, url, budget);
    case 'note':
      return hasText(block.text) ? noteBlock(block.text, budget) : null;
    case 'divider':
      return { type: 'divider' };
    default:
      return assertNever(block);
  }
}

function hasText(inlines: readonly Inline[]): boolean {
  return inlines.some((inline) => inlineText(inline).trim() !== '');
}

function factsBlock(
  facts: readonly { readonly label: string; readonly value: readonly Inline[] }[],
  budget: Budget,
): types.RichTextBlock {
  const sections: types.RichTextSection[] = [];
  for (const fact of facts) {
    if (budget.charsLeft <= 0) break;
    const label: Inline[] = [
      { kind: 'strong', text: fact.label },
      { kind: 'plain', text: '  ' },
    ];
    const lineEnd: Inline[] = [{ kind: 'plain', text: '\n' }];
    const isLast = fact === facts.at(-1);
    sections.push(section([...label, ...fact.value, ...(isLast ? [] : lineEnd)], budget));
  }
  // One section of lines: separate sections would be drawn with gaps between them.
  return richText([
    { type: 'rich_text_section', elements: sections.flatMap((line) => line.elements) },
  ]);
}

function listBlock(
  list: Extract<Block, { kind: 'list' }>,
  url: string | null,
  budget: Budget,
): types.RichTextBlock | null {
  const elements: (types.RichTextSection | types.RichTextList)[] = [];
  if (list.title.trim() !== '') {
    elements.push(section([{ kind: 'strong', text: list.title }], budget));
  }
  const items: types.RichTextSection[] = [];
  for (const item of list.items) {
    if (budget.charsLeft <= 0) break;
    if (hasText(item)) items.push(section(item, budget));
  }
  if (items.length > 0) {
    elements.push({ type: 'rich_text_list', style: 'bullet', elements: items });
  }
  const wasCut = budget.charsLeft <= 0;
  const more = list.more ?? (wasCut ? ellipsis : null);
  if (more !== null && more.trim() !== '') {
    const text = cut(more.startsWith(ellipsis) ? more : `${ellipsis} ${more}`, limits.moreCharsMax);
    budget.charsLeft -= text.length;
    const inline: Inline = isWebAddress(url)
      ? { kind: 'link', text, url }
      : { kind: 'plain', text };
    elements.push(section([inline], newBudget()));
  }
  return elements.length === 0 ? null : richText(elements);
}

/** Small print in plain text; only links use Slack's own format, as nothing else can hold one there. */
function noteBlock(inlines: readonly Inline[], budget: Budget): types.ContextBlock {
  const elements: (types.PlainTextElement | types.MrkdwnElement)[] = [];
  let run = '';
  const flush = (): void => {
    const text = cut(run.trim(), Math.max(budget.charsLeft, 1));
    if (text !== '') elements.push(plainText(text, limits.textObjectCharsMax));
    budget.charsLeft -= text.length;
    run = '';
  };
  for (const inline of inlines) {
    if (inline.kind === 'link' && isWebAddress(inline.url)) {
      flush();
      const label =
        escapeWithin(inline.text.replaceAll(/[|*_~`]/g, ' '), limits.moreCharsMax) || productName;
      budget.charsLeft -= label.length;
      elements.push({ type: 'mrkdwn', text: `<${escapeUrl(inline.url)}|${label}>` });
    } else {
      run += inlineText(inline);
    }
  }
  flush();
  return { type: 'context', elements: elements.slice(0, limits.contextElementsMax) };
}

function richText(elements: types.RichTextBlock['elements']): types.RichTextBlock {
  return { type: 'rich_text', elements };
}

function textBlock(text: string): types.RichTextBlock {
  const shown = text.trim() === '' ? '–' : text;
  return richText([section([{ kind: 'plain', text: shown }], newBudget())]);
}

function section(inlines: readonly Inline[], budget: Budget): types.RichTextSection {
  const elements: types.RichTextElement[] = [];
  for (const inline of inlines) {
    if (budget.charsLeft <= 0) break;
    const text = cut(harmless(inlineText(inline)), Math.max(budget.charsLeft, 1));
    budget.charsLeft -= text.length;
    if (text !== '') elements.push(richElement(inline, text));
  }
  return {
    type: 'rich_text_section',
    elements: elements.length > 0 ? elements : [{ type: 'text', text: '–' }],
  };
}

/** Rich text elements are literal: nothing in them formats or pings. */
function richElement(inline: Inline, text: string): types.RichTextElement {
  switch (inline.kind) {
    case 'plain':
    case 'person':
      return { type: 'text', text };
    case 'strong':
      return { type: 'text', text, style: { bold: true } };
    case 'link':
      return isWebAddress(inline.url)
        ? { type: 'link', url: inline.url, text }
        : { type: 'text', text };
    default:
      return assertNever(inline);
  }
}

function inlineText(inline: Inline): string {
  return inline.kind === 'person' ? inline.name : inline.text;
}

function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\/\S+$/.test(url) && url.length <= limits.urlCharsMax;
}

function escapeUrl(url: string): string {
  return url.replaceAll('|', '%7C').replaceAll('>', '%3E').replaceAll('<', '%3C');
}

function actionBlocks(
  buttons: readonly Button[],
  menu: readonly Button[],
  locale: Locale,
): types.KnownBlock[] {
  // A menu can ask for confirmation only as a whole: what asks for itself becomes a button.
  const asking = menu.filter((item) => item.confirm !== null);
  const quiet = menu.filter((item) => item.confirm === null);
  const elements: types.ActionsBlockElement[] = [...buttons, ...asking]
    .slice(0, limits.actionsElementsMax - 1)
    .map(buttonElement);
  const more = menuElement(quiet, locale);
  if (more !== null) elements.push(more);
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function buttonElement(button: Button, index: number): types.Button {
  return {
    type: 'button',
    action_id: `${actionIdPrefix}${index}`,
    text: plainText(button.label, limits.buttonTextCharsMax),
    value: encodeAction(button.action),
    ...(button.style === 'default' ? {} : { style: button.style }),
    ...(button.confirm === null ? {} : { confirm: confirmDialog(button) }),
  };
}

function confirmDialog(button: Button): types.ConfirmationDialog {
  return {
    title: plainText(button.confirm?.title ?? '', limits.confirmTitleCharsMax),
    text: plainText(button.confirm?.text ?? '', limits.confirmTextCharsMax),
    confirm: plainText(button.confirm?.yes ?? '', limits.confirmButtonCharsMax),
    ...(button.style === 'default' ? {} : { style: button.style }),
  };
}

function menuElement(
  items: readonly Button[],
  locale: Locale,
): types.Overflow | types.StaticSelect | null {
  const options = items.slice(0, limits.selectOptionsMax).map((item) => ({
    text: plainText(item.label, limits.optionTextCharsMax),
    value: encodeAction(item.action),
  }));
  if (options.length === 0) return null;
  const action_id = `${actionIdPrefix}menu`;
  return options.length <= limits.overflowOptionsMax
    ? { type: 'overflow', action_id, options }
    : {
        type: 'static_select',
        action_id,
        options,
        placeholder: plainText(textsFor(locale).channel.more, limits.headerCharsMax),
      };
}

/** Every action fits an option's 150 characters; a test holds that for all kinds. */
function encodeAction(action: Action): string {
  return JSON.stringify(action);
}

function fieldBlock(field: Field): types.KnownBlock {
  const frame = {
    type: 'input' as const,
    block_id: `${fieldBlockPrefix}${field.id}`.slice(0, limits.blockIdCharsMax),
    label: plainText(field.label, limits.inputLabelCharsMax),
  };
  switch (field.kind) {
    case 'choice':
    case 'select': {
      const element = optionsElement(field);
      return element === null ? textBlock(`${field.label} –`) : { ...frame, element };
    }
    case 'text':
      return { ...frame, optional: !field.required, element: textInput(field) };
    case 'date':
      return {
        ...frame,
        element: {
          type: 'datepicker',
          action_id: fieldActionId,
          ...(isDate(field.initial) ? { initial_date: field.initial } : {}),
        },
      };
    default:
      return assertNever(field);
  }
}

function textInput(field: Extract<Field, { kind: 'text' }>): types.PlainTextInput {
  const charsMax = Math.min(Math.max(field.charsMax, 1), limits.inputTextCharsMax);
  return {
    type: 'plain_text_input',
    action_id: fieldActionId,
    multiline: field.multiline,
    max_length: charsMax,
    ...(field.required ? { min_length: 1 } : {}),
    ...(field.initial === '' ? {} : { initial_value: cut(field.initial, charsMax) }),
  };
}

function optionsElement(
  field: Extract<Field, { kind: 'choice' | 'select' }>,
): types.RadioButtons | types.StaticSelect | null {
  const options = field.options
    .filter((option) => option.value !== '' && option.value.length <= limits.optionValueCharsMax)
    .map(optionObject);
  if (options.length === 0) return null;
  const initial = options.find((option) => option.value === field.initial);
  const frame = {
    action_id: fieldActionId,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
  if (field.kind === 'choice' && options.length <= limits.radioOptionsMax) {
    return { type: 'radio_buttons', ...frame, options };
  }
  if (options.length <= limits.selectOptionsMax)
    return { type: 'static_select', ...frame, options };
  return { type: 'static_select', ...frame, option_groups: optionGroups(withinBytes(options)) };
}

function optionObject(option: Option): types.PlainTextOption & { value: string } {
  return {
    text: plainText(option.label, limits.optionTextCharsMax),
    value: option.value,
    ...(option.hint === ''
      ? {}
      : { description: plainText(option.hint, limits.optionDescriptionCharsMax) }),
  };
}

function withinBytes(options: readonly types.PlainTextOption[]): types.PlainTextOption[] {
  const kept: types.PlainTextOption[] = [];
  let bytes = 0;
  for (const option of options.slice(0, limits.optionGroupsMax * limits.optionsPerGroupMax)) {
    bytes += Buffer.byteLength(JSON.stringify(option));
    if (bytes > limits.modalOptionsBytesMax) break;
    kept.push(option);
  }
  return kept;
}

/** More than 100 options need groups; each is named by its first and last option. */
function optionGroups(
  options: readonly types.PlainTextOption[],
): { label: types.PlainTextElement; options: types.PlainTextOption[] }[] {
  const groups = [];
  for (let start = 0; start < options.length; start += limits.optionsPerGroupMax) {
    const group = options.slice(start, start + limits.optionsPerGroupMax);
    const ends = [group.at(0), group.at(-1)].map((option) => cut(option?.text.text ?? '', 35));
    groups.push({ label: plainText(ends.join(' – '), limits.optionTextCharsMax), options: group });
  }
  return groups;
}

function isDate(text: string | null): text is string {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** A choice by customer can be long: what does not fit as it is goes deflated. Null where even that is too long. */
function encodeFormAction(action: FormAction): string | null {
  const json = JSON.stringify(action);
  if (json.length <= limits.modalPrivateMetadataCharsMax) return json;
  const deflated = `z:${deflateRawSync(json).toString('base64url')}`;
  return deflated.length <= limits.modalPrivateMetadataCharsMax ? deflated : null;
}

function inflate(metadata: string): string {
  if (!metadata.startsWith('z:')) return metadata;
  try {
    const packed = Buffer.from(metadata.slice(2), 'base64url');
    return inflateRawSync(packed, { maxOutputLength: limits.bodyBytesMax }).toString();
  } catch {
    return '';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The click that leads to a form like this one. */
function actionThatOpens(action: FormAction): Action {
  switch (action.kind) {
    case 'choose-fix':
    case 'choose-fix-by-customer':
    case 'confirm-fix':
      return { kind: 'open-fix', warningId: action.warningId };
    case 'dismiss':
      return { kind: 'open-dismiss', warningId: action.warningId };
    case 'except':
      return { kind: 'open-except', warningId: action.warningId };
    case 'snooze':
      return { kind: 'open-snooze', warningId: action.warningId };
    case 'reassign':
      return { kind: 'open-reassign', warningId: action.warningId };
    case 'comment':
      return { kind: 'open-comment', warningId: action.warningId };
    case 'vote':
      return { kind: 'open-vote', requestId: action.requestId, ballot: action.ballot };
    case 'choose-request':
    case 'request-tag':
    case 'request-merge':
      return { kind: 'open-request' };
    default:
      return assertNever(action);
  }
}
