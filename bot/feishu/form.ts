import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Field, Form, Option } from '../form.ts';
import { cut, harmless, isDate } from '../plain-text.ts';
import { textsFor } from '../texts/texts.ts';
import type { FeishuCard, PlainText, Element, MenuOption } from './card-json.ts';
import { fieldName, typedName } from './click.ts';
import { fit, header, summaryOf, buttonElement } from './frame.ts';
import { textElement, plainText } from './text.ts';
import * as limits from './limits.ts';

const formName = 'form';

const submitName = 'submit';

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
          options: options.map(optionElement),
        },
        ...(options.length < field.options.length
          ? [textElement(textsFor(locale).channel.cut, 'note')]
          : []),
      ];
    }
    case 'search':
      return searchElements(field, { name, label, placeholder, locale }, allowance);
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

/** Feishu's lists search nothing of ours: who is not in the list is written below it. */
function searchElements(
  field: Extract<Field, { kind: 'search' }>,
  frame: {
    readonly name: string;
    readonly label: PlainText;
    readonly placeholder: PlainText;
    readonly locale: Locale;
  },
  allowance: Allowance,
): Element[] {
  const { name, label, placeholder, locale } = frame;
  const options = allowedOptions(field.suggestions, allowance);
  const typed = { ...field, charsMax: limits.searchedCharsMax, multiline: false };
  if (options.length === 0) {
    return [textInput({ ...typed, kind: 'text', required: true }, typedName(name), label)];
  }
  const initial = options.findIndex(({ value }) => value === field.initial);
  return [
    { tag: 'div', text: label },
    {
      tag: 'select_static',
      name,
      required: false,
      width: 'fill',
      ...(initial < 0 ? { placeholder } : { initial_index: initial + 1 }),
      options: options.map(optionElement),
    },
    textInput(
      { ...typed, kind: 'text', required: false, initial: initial < 0 ? field.initial : '' },
      typedName(name),
      plainText(textsFor(locale).channel.orTyped, limits.labelCharsMax),
    ),
  ];
}

function optionElement({ label, value }: Option): MenuOption {
  return { text: plainText(label, limits.optionTextCharsMax), value };
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
