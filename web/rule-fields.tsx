import { ruleFaultWords } from '../bot/texts/rule-faults.ts';
import { requestWords } from '../bot/texts/request-words.ts';
import { autoFixDefaults } from '../config/schema/rules.ts';
import { assertNever } from '../domain/assert-never.ts';
import { kindsThatFix } from '../domain/automatic-fix.ts';
import { mayOwnRules } from '../domain/requests/change-rule.ts';
import type { PartName } from '../domain/requests/part-change.ts';
import type { Rule, RuleKind } from '../domain/rule.ts';
import { severities } from '../domain/severity.ts';
import type { Tag } from '../domain/tag.ts';
import type { Fields } from '../commands/fill-proposal.ts';
import {
  namesTyped,
  ruleDirections,
  ruleParameters,
  tagForRule,
  type RuleFaults,
  type RuleField,
  type RuleParameter,
} from '../commands/fill-rule.ts';
import { fieldPrefix } from './form.tsx';
import { formatCount } from './format.ts';
import { ruleFormTexts } from './texts/rule-form.ts';
import type { Knowledge } from './visibility.ts';
import type { SignedIn } from './visitor.ts';

export const ruleFormPath = '/requests/new-rule';

/** Offered while typing; any other can be written by code or name. */
const offeredMax = 500;
const nameCharsMax = 60;

interface RuleFieldsProps {
  readonly visitor: SignedIn;
  readonly knowledge: Knowledge;
  /** Those that the visitor may see. */
  readonly tags: readonly Tag[];
  readonly kind: RuleKind;
  /** null: the rule is new. */
  readonly present: Rule | null;
  readonly filled: Fields;
  readonly faults: RuleFaults;
}

/** What every rule has, and what rules of its kind have. */
export function RuleFields(props: RuleFieldsProps) {
  const { visitor, knowledge, tags, kind, present, filled } = props;
  const { locale, texts } = visitor;
  const words = ruleFormTexts[locale];
  const inUse = tags.filter(({ status }) => status === 'active' || status === 'deprecated');
  return (
    <>
      <TextField {...props} field="name" label={words.name} hint="" charsMax={nameCharsMax} />
      <TextField {...props} field="nameEn" label={words.nameEn} hint="" charsMax={nameCharsMax} />
      {present === null && (
        <TextField
          {...props}
          field="code"
          label={words.code}
          hint={words.codeHint}
          charsMax={nameCharsMax}
        />
      )}
      {ruleParameters[kind].map((parameter) => (
        <ParameterField {...props} parameter={parameter} />
      ))}
      <label class="field">
        <span>{texts.rules.severity}</span>
        <select name={`${fieldPrefix}severity`}>
          {severities.map((severity) => (
            <option value={severity} selected={severity === filled['severity']}>
              {texts.severity[severity]}
            </option>
          ))}
        </select>
      </label>
      <TextField
        {...props}
        field="owner"
        label={texts.rules.owner}
        hint={words.ownerHint}
        list="rule-people"
      />
      <label class="field">
        <span>{texts.rules.state}</span>
        <select name={`${fieldPrefix}enabled`}>
          <option value="yes" selected={filled['enabled'] !== 'no'}>
            {words.on}
          </option>
          <option value="no" selected={filled['enabled'] === 'no'}>
            {words.off}
          </option>
        </select>
      </label>
      {kindsThatFix.includes(kind) && <AutoFixFields {...props} />}
      <datalist id="rule-tags">
        {inUse.slice(0, offeredMax).map(({ code, name }) => (
          <option value={code}>{name[locale]}</option>
        ))}
      </datalist>
      <datalist id="rule-people">
        {[...knowledge.duties.values(), ...knowledge.people.values()]
          .filter(({ code }) => mayOwnRules(code, knowledge))
          .slice(0, offeredMax)
          .map(({ code, name }) => (
            <option value={code}>{name[locale]}</option>
          ))}
      </datalist>
    </>
  );
}

/** What the rule may do about its findings by itself, and how far. */
function AutoFixFields(props: RuleFieldsProps) {
  const { visitor, filled } = props;
  const { locale } = visitor;
  const words = ruleFormTexts[locale];
  const chosen = filled['autoFix'] ?? 'no';
  return (
    <fieldset class="choices">
      <legend>{requestWords[locale].part.autoFix}</legend>
      <small>{words.autoFixHint}</small>
      <label class="field">
        <span>{words.autoFixMode}</span>
        <select name={`${fieldPrefix}autoFix`}>
          {(['no', 'dry-run', 'automatic'] as const).map((mode) => (
            <option value={mode} selected={mode === chosen}>
              {words.autoFix[mode]}
            </option>
          ))}
        </select>
        <Fault {...props} field="autoFix" />
      </label>
      <TextField
        {...props}
        field="autoFixCustomersMax"
        label={words.autoFixCustomersMax}
        hint={words.usual(formatCount(autoFixDefaults.customersMax, locale))}
        isNumber
      />
      <TextField
        {...props}
        field="autoFixShareMax"
        label={words.autoFixShareMax}
        hint={[words.autoFixShareHint, words.usual(String(autoFixDefaults.shareMax))].join(
          locale === 'en' ? ' ' : '',
        )}
        isNumber
      />
    </fieldset>
  );
}

/** As the request's card calls them. */
const partOf: Readonly<Record<RuleParameter['field'], PartName>> = {
  tags: 'tagCodes',
  dominated: 'dominatedCodes',
  synonyms: 'synonymCodes',
  singleChoice: 'singleChoiceCodes',
  departments: 'scopeDepartmentCodes',
  actors: 'actorNames',
  precedence: 'precedence',
  dominant: 'dominantCode',
  canonical: 'canonicalCode',
  tag: 'tagCodes',
  direction: 'direction',
  tagsMax: 'tagsMax',
  temporaryTagsMax: 'temporaryTagsMax',
  definitionCharsMin: 'definitionCharsMin',
  customersMax: 'customersMax',
  daysMin: 'daysMin',
  deviationsMax: 'deviationsMax',
  shareMin: 'shareMin',
  customersMin: 'customersMin',
};

function ParameterField(props: RuleFieldsProps & { readonly parameter: RuleParameter }) {
  const { visitor, parameter, filled } = props;
  const { locale } = visitor;
  const words = ruleFormTexts[locale];
  const { part, value } = requestWords[locale];
  const label = part[partOf[parameter.field]];
  switch (parameter.kind) {
    case 'tags':
      return <TagsField {...props} parameter={parameter} label={label} />;
    case 'order':
      return (
        <TextField {...props} field={parameter.field} label={label} hint={words.precedenceHint} />
      );
    case 'departments':
      return <DepartmentsField {...props} label={label} />;
    case 'names':
      return (
        <label class="field">
          <span>{label}</span>
          <textarea name={`${fieldPrefix}${parameter.field}`} rows={3}>
            {filled[parameter.field] ?? ''}
          </textarea>
          <small>{words.actorsHint}</small>
          <Fault {...props} field={parameter.field} />
        </label>
      );
    case 'tag':
      return (
        <TextField
          {...props}
          field={parameter.field}
          label={label}
          hint={words.tagHint[parameter.field]}
          list="rule-tags"
        />
      );
    case 'direction':
      return (
        <label class="field">
          <span>{label}</span>
          <select name={`${fieldPrefix}direction`}>
            {ruleDirections.map((direction) => (
              <option value={direction} selected={direction === filled['direction']}>
                {value.direction[direction]}
              </option>
            ))}
          </select>
        </label>
      );
    case 'number': {
      const { field, usual } = parameter;
      const unless = usual === null ? words.noLimit : words.usual(formatCount(usual, locale));
      const hint = [words.numberHint[field], unless].join(locale === 'en' ? ' ' : '');
      return <TextField {...props} field={field} label={label} hint={hint} isNumber />;
    }
    default:
      return assertNever(parameter);
  }
}

/** Tags that are chosen can be unticked; others are added by typing. What is no tag stays where it was typed. */
function TagsField(
  props: RuleFieldsProps & {
    readonly parameter: Extract<RuleParameter, { kind: 'tags' }>;
    readonly label: string;
  },
) {
  const { visitor, tags, kind, filled, parameter, label } = props;
  const { field } = parameter;
  const words = ruleFormTexts[visitor.locale];
  const typed = namesTyped(filled[field]).map((name) => ({ name, tag: tagForRule(name, tags) }));
  const chosen = new Map(typed.flatMap(({ tag }) => (tag === null ? [] : [[tag.code, tag]])));
  const unknown = typed.flatMap(({ name, tag }) => (tag === null ? [name] : []));
  const about = field === 'singleChoice' ? field : kind;
  const hint = Object.entries(words.tagsHint).find(([of]) => of === about)?.[1] ?? '';
  return (
    <fieldset class="choices">
      <legend>{label}</legend>
      <small>{hint}</small>
      {[...chosen.values()].map(({ code, name }) => (
        <label class="choice">
          <input type="checkbox" name={`${fieldPrefix}${field}`} value={code} checked />
          <span>
            {name[visitor.locale]} <small>{code}</small>
          </span>
        </label>
      ))}
      <TextField
        {...props}
        filled={{ [field]: unknown.join(', ') }}
        field={field}
        label={words.addTag}
        hint={words.addTagHint}
        list="rule-tags"
      />
    </fieldset>
  );
}

function DepartmentsField(props: RuleFieldsProps & { readonly label: string }) {
  const { visitor, knowledge, filled, label } = props;
  const name = `${fieldPrefix}departments`;
  const chosen = (filled['departments'] ?? '').split(',');
  return (
    <fieldset class="choices">
      <legend>{label}</legend>
      <small>{ruleFormTexts[visitor.locale].departmentsHint}</small>
      <input type="hidden" name={name} value="" />
      {[...knowledge.departments.values()].map((one) => (
        <label class="choice">
          <input type="checkbox" name={name} value={one.code} checked={chosen.includes(one.code)} />
          <span>{one.name[visitor.locale]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Fault(
  props: Pick<RuleFieldsProps, 'visitor' | 'tags' | 'faults'> & { readonly field: RuleField },
) {
  const fault = faultWords(props);
  return fault === null ? null : <small class="field-fault">{fault}</small>;
}

function TextField(
  props: Pick<RuleFieldsProps, 'visitor' | 'tags' | 'filled' | 'faults'> & {
    readonly field: RuleField;
    readonly label: string;
    readonly hint: string;
    readonly charsMax?: number;
    readonly list?: string;
    readonly isNumber?: boolean;
  },
) {
  const { field, label, hint, filled, charsMax, list } = props;
  const fault = faultWords(props);
  const id = `${fieldPrefix}${field}`;
  const described = [hint === '' ? null : `${id}-hint`, fault === null ? null : `${id}-fault`];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={id}
        value={filled[field] ?? ''}
        autocomplete="off"
        maxlength={charsMax}
        list={list}
        inputmode={props.isNumber === true ? 'decimal' : undefined}
        aria-invalid={fault === null ? undefined : 'true'}
        aria-describedby={described.filter((one) => one !== null).join(' ') || undefined}
      />
      {hint !== '' && <small id={`${id}-hint`}>{hint}</small>}
      {fault !== null && (
        <small id={`${id}-fault`} class="field-fault">
          {fault}
        </small>
      )}
    </div>
  );
}

function faultWords({
  visitor,
  tags,
  faults,
  field,
}: Pick<RuleFieldsProps, 'visitor' | 'tags' | 'faults'> & { readonly field: RuleField }) {
  const fault = faults.get(field);
  if (fault === undefined) return null;
  const { locale } = visitor;
  const code = 'code' in fault ? fault.code : '';
  const tag = tags.find((one) => one.code === code);
  return ruleFaultWords[locale](fault, `“${tag?.name[locale] ?? code}”`);
}
