import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { types } from '@slack/bolt';
import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import { formActionSchema, type FormAction } from '../actions.ts';
import type { Field, Form, Option } from '../form.ts';
import { cut, isDate, parseJson } from '../plain-text.ts';
import { textsFor } from '../texts/texts.ts';
import { bodyBlocks, textBlock } from './body.ts';
import { plainText } from './text.ts';
import * as limits from './limits.ts';

export const formCallbackId = 'tagwarden-form';

const blockIdSeparator = ':';
const fieldBlockPrefix = `field${blockIdSeparator}`;
const initialDigestChars = 8;

const fieldActionId = 'value';
/** Behind it: what is searched. */
export const searchActionPrefix = 'search:';

/** A form as a modal. Where Slack cannot carry all of it, it says so and cannot be submitted. */
export function renderForm(form: Form): types.ModalView {
  const texts = textsFor(form.locale).channel;
  const metadata = encodeFormAction(form.action);
  const close = plainText(texts.cancel, limits.modalSubmitCharsMax);
  const title = plainText(form.title, limits.modalTitleCharsMax);
  if (metadata === null) {
    return { type: 'modal', title, close, blocks: [textBlock(texts.cut)] };
  }
  const fields = form.fields
    .slice(0, limits.modalBlocksMax - 2)
    .map((field) => fieldBlock(field, form.locale));
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
    const element = Object.values(elements)[0];
    const [, id] = blockId.split(blockIdSeparator);
    if (!blockId.startsWith(fieldBlockPrefix) || id === undefined || element === undefined)
      continue;
    fields[id] = element.value ?? element.selected_option?.value ?? element.selected_date ?? '';
  }
  return fields;
}

function fieldBlock(field: Field, locale: Locale): types.KnownBlock {
  const frame = {
    type: 'input' as const,
    block_id: blockIdOf(field),
    label: plainText(field.label, limits.inputLabelCharsMax),
  };
  switch (field.kind) {
    case 'choice':
    case 'select': {
      const element = optionsElement(field);
      return element === null ? textBlock(`${field.label} –`) : { ...frame, element };
    }
    case 'search':
      return { ...frame, element: searchElement(field, locale) };
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

/**
 * Where a modal is updated Slack keeps what stands in a field of the same block id, whatever its initial value
 * (https://docs.slack.dev/surfaces/modals#updating_views): another initial value is another block.
 */
function blockIdOf({ id, initial }: Field): string {
  const start = `${fieldBlockPrefix}${id}`.slice(
    0,
    limits.blockIdCharsMax - initialDigestChars - 1,
  );
  if (initial === null || initial === '') return start;
  const digest = createHash('sha256').update(initial).digest('hex').slice(0, initialDigestChars);
  return `${start}${blockIdSeparator}${digest}`;
}

/** Slack asks for what fits while somebody types, and before: `suggestions` are what it gets then. */
function searchElement(
  field: Extract<Field, { kind: 'search' }>,
  locale: Locale,
): types.ExternalSelect {
  const initial = usableOptions(field.suggestions).find(({ value }) => value === field.initial);
  return {
    type: 'external_select',
    action_id: `${searchActionPrefix}${field.source}`,
    placeholder: plainText(textsFor(locale).channel.search, limits.placeholderCharsMax),
    min_query_length: field.suggestions.length > 0 ? 0 : 1,
    ...(initial === undefined ? {} : { initial_option: optionObject(initial) }),
  };
}

/** What a search is answered with. */
export function renderOptions(options: readonly Option[]): types.PlainTextOption[] {
  return usableOptions(options).slice(0, limits.selectOptionsMax).map(optionObject);
}

function usableOptions(options: readonly Option[]): readonly Option[] {
  return options.filter(({ value }) => value !== '' && value.length <= limits.optionValueCharsMax);
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
  const options = usableOptions(field.options).map(optionObject);
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
