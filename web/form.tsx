import { z } from 'zod';
import { assertNever } from '../domain/assert-never.ts';
import type { Field, Form, Option } from '../bot/form.ts';
import { Blocks } from './card.tsx';
import { Csrf } from './layout.tsx';
import type { SignedIn } from './visitor.ts';

interface FormProps {
  readonly form: Form;
  readonly visitor: SignedIn;
  readonly publicUrl: string;
  /** Where to go once it is done. */
  readonly returnPath: string;
}

/** Names of a form's own fields begin so, that they cannot be taken for the console's. */
export const fieldPrefix = 'field-';

/** A form's own fields of what was posted, by their names without the prefix. */
export function postedFields<Value>(
  body: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(body)
      .filter(([name]) => name.startsWith(fieldPrefix))
      .map(([name, value]) => [name.slice(fieldPrefix.length), value]),
  );
}

/**
 * The same as texts of at most `charsMax` characters, empty where it is longer. Of several fields with one name, those
 * that are ticked or filled in, joined by commas.
 */
export function postedTexts(
  body: Readonly<Record<string, unknown>>,
  charsMax: number,
): Readonly<Record<string, string>> {
  const text = z.string().trim().max(charsMax).catch('');
  return Object.fromEntries(
    Object.entries(postedFields(body)).map(([name, value]) => [
      name,
      text.parse(Array.isArray(value) ? value.filter((one) => one !== '').join(',') : value),
    ]),
  );
}

/** A question to whoever clicked: a page of its own, or a dialog where scripts run. */
export function FormSection(props: FormProps) {
  const { form, visitor } = props;
  return (
    <form method="post" action="/act/form" class="form" data-enhance>
      <h2>{form.title}</h2>
      <Blocks blocks={form.blocks} publicUrl={props.publicUrl} />
      <Csrf visitor={visitor} />
      <input type="hidden" name="return" value={props.returnPath} />
      <input type="hidden" name="action" value={JSON.stringify(form.action)} />
      {form.fields.map((field) => (
        <FieldView field={field} />
      ))}
      <div class="form-actions">
        <button class={`button button-${form.submitStyle}`}>{form.submitLabel}</button>
        <a class="button button-quiet" href={props.returnPath} data-dismiss>
          {visitor.texts.common.cancel}
        </a>
      </div>
    </form>
  );
}

/** Asks before a button's action happens. */
export function ConfirmSection(props: {
  readonly visitor: SignedIn;
  readonly action: string;
  readonly returnPath: string;
  readonly confirm: { readonly title: string; readonly text: string; readonly yes: string };
}) {
  const { visitor, confirm } = props;
  return (
    <form method="post" action="/act" class="form" data-enhance>
      <h2>{confirm.title}</h2>
      <p>{confirm.text}</p>
      <Csrf visitor={visitor} />
      <input type="hidden" name="return" value={props.returnPath} />
      <input type="hidden" name="action" value={props.action} />
      <div class="form-actions">
        <button class="button button-primary">{confirm.yes}</button>
        <a class="button button-quiet" href={props.returnPath} data-dismiss>
          {visitor.texts.common.cancel}
        </a>
      </div>
    </form>
  );
}

export function FieldView(props: { readonly field: Field }) {
  const { field } = props;
  const name = `${fieldPrefix}${field.id}`;
  switch (field.kind) {
    case 'choice':
      return (
        <fieldset class="choices">
          <legend>{field.label}</legend>
          {field.options.map((option) => (
            <Choice name={name} option={option} checked={option.value === field.initial} />
          ))}
        </fieldset>
      );
    case 'select':
      return (
        <label class="field">
          <span>{field.label}</span>
          <select name={name} required>
            {field.initial === null && <option value="" />}
            {field.options.map((option) => (
              <option value={option.value} selected={option.value === field.initial}>
                {option.hint === '' ? option.label : `${option.label} · ${option.hint}`}
              </option>
            ))}
          </select>
        </label>
      );
    case 'search':
      return (
        <label class="field">
          <span>{field.label}</span>
          <input name={name} required value={field.initial} list={`${name}-suggestions`} />
          <datalist id={`${name}-suggestions`}>
            {field.suggestions.map((option) => (
              <option value={option.value}>{option.label}</option>
            ))}
          </datalist>
        </label>
      );
    case 'text':
      return (
        <label class="field">
          <span>{field.label}</span>
          {field.multiline ? (
            <textarea name={name} rows={3} maxlength={field.charsMax} required={field.required}>
              {field.initial}
            </textarea>
          ) : (
            <input
              type="text"
              name={name}
              maxlength={field.charsMax}
              required={field.required}
              value={field.initial}
            />
          )}
        </label>
      );
    case 'date':
      return (
        <label class="field">
          <span>{field.label}</span>
          <input type="date" name={name} required value={field.initial ?? ''} />
        </label>
      );
    default:
      return assertNever(field);
  }
}

function Choice(props: {
  readonly name: string;
  readonly option: Option;
  readonly checked: boolean;
}) {
  const { option } = props;
  return (
    <label class="choice">
      <input type="radio" name={props.name} value={option.value} checked={props.checked} required />
      <span>
        <strong>{option.label}</strong>
        {option.hint !== '' && <small>{option.hint}</small>}
      </span>
    </label>
  );
}
