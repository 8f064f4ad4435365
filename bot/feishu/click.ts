import { z } from 'zod';
import { type Locale, locales } from '../../domain/locale.ts';
import { actionSchema, formActionSchema, type Action, type FormAction } from '../actions.ts';
import { parseJson } from '../plain-text.ts';
import * as limits from './limits.ts';

const fieldNamePrefix = 'field_';

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
      fields.map((id, index) => {
        const name = fieldName(index);
        const typed = submittedText(filledIn[typedName(name)]).trim();
        return [id, typed === '' ? submittedText(filledIn[name]) : typed];
      }),
    ),
  };
}

/** A date comes with its zone, as in "2026-12-24 +0800"; a field left empty does not come at all. */
function submittedText(value: unknown): string {
  if (typeof value !== 'string') return '';
  return /^(?<date>\d{4}-\d{2}-\d{2}) [+-]\d{4}$/.exec(value)?.groups?.['date'] ?? value;
}

/** Of what is typed where the list beside it does not have it. */
export function typedName(name: string): string {
  return `${name}_typed`;
}

export function fieldName(index: number): string {
  return `${fieldNamePrefix}${index}`;
}
