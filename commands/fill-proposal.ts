import { createCriteriaReader } from '../config/tag-table/criteria.ts';
import type { AskedKind } from '../domain/asked-kind.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { Attribute, Condition } from '../domain/condition.ts';
import type { Person } from '../domain/person.ts';
import type { AskedProposal, SplitPart, TagParts } from '../domain/request.ts';
import { definitionOf } from '../domain/requests/change-rule.ts';
import { editRule, type RuleEdit } from '../domain/requests/rule-edit.ts';
import type { Rule } from '../domain/rule.ts';
import { severities } from '../domain/severity.ts';
import { tagCategories, tagLevels, type Tag } from '../domain/tag.ts';
import type { CommandRefusal } from './command.ts';

/** What of a rule a form can change; the field `value` holds the figure, or the two tags. */
export const ruleEdits = [
  'off',
  'on',
  'severity-high',
  'severity-medium',
  'severity-low',
  'threshold',
  'pair',
] as const;

export const comparisons = ['>=', '>', '<=', '<', '=', '!='] as const;

export type Fields = Readonly<Record<string, string>>;

/** What a form's words are held against; what the asker may not see is left out. */
export interface FormKnowledge {
  readonly tags: readonly Tag[];
  readonly rules: readonly Rule[];
  readonly attributes: readonly Attribute[];
  readonly people: ReadonlyMap<string, Person>;
}

export type FilledProposal =
  | { readonly kind: 'filled'; readonly proposal: AskedProposal }
  | { readonly kind: 'missing'; readonly field: FormField }
  | { readonly kind: 'refused'; readonly refusal: CommandRefusal };

/** Fields by which forms are filled in; each has a label in both languages. */
export type FormField =
  | 'name'
  | 'nameEn'
  | 'code'
  | 'definition'
  | 'level'
  | 'category'
  | 'from'
  | 'into'
  | 'tag'
  | 'person'
  | 'successor'
  | 'attribute'
  | 'operator'
  | 'value'
  | 'rule'
  | 'change';

/** Thrown and caught in this file only: the first field that does not do ends the reading. */
class Unfilled extends Error {
  readonly answer: Exclude<FilledProposal, { kind: 'filled' }>;
  constructor(answer: Exclude<FilledProposal, { kind: 'filled' }>) {
    super(answer.kind);
    this.answer = answer;
  }
}

/** What the fields of a form ask for. Tags, people and rules may be written by code or by name in either language. */
export function fillProposal(
  what: AskedKind,
  fields: Fields,
  context: { readonly known: FormKnowledge; readonly requester: Person },
): FilledProposal {
  try {
    return { kind: 'filled', proposal: read(what, fields, context) };
  } catch (error) {
    if (error instanceof Unfilled) return error.answer;
    throw error;
  }
}

function read(
  what: AskedKind,
  fields: Fields,
  { known, requester }: { readonly known: FormKnowledge; readonly requester: Person },
): AskedProposal {
  switch (what) {
    case 'create':
      return {
        kind: 'create-tag',
        ...newPart(fields, ''),
        level: oneOf(fields, 'level', tagLevels),
        category: oneOf(fields, 'category', tagCategories),
        departmentCodes: [],
        ownerCode: proposedOwner(requester),
        lifeDays: daysIn(fields, 'lifeDays'),
        ...furtherParts(fields, known),
      };
    case 'activate':
      return { kind: 'activate-tag', code: findTag(fields, 'tag', known).code };
    case 'change':
      return changedParts(fields, findTag(fields, 'tag', known), known);
    case 'rename':
      return {
        kind: 'change-tag',
        code: findTag(fields, 'tag', known).code,
        after: { name: { 'zh-CN': need(fields, 'name'), en: need(fields, 'nameEn') } },
      };
    case 'owner':
      return {
        kind: 'change-tag',
        code: findTag(fields, 'tag', known).code,
        after: { ownerCode: findPerson(fields, known) },
      };
    case 'merge':
      return {
        kind: 'merge-tags',
        fromCode: findTag(fields, 'from', known).code,
        intoCode: findTag(fields, 'into', known).code,
      };
    case 'split':
      return {
        kind: 'split-tag',
        code: findTag(fields, 'tag', known).code,
        criterion: comparison(fields, known.attributes),
        met: newPart(fields, 'Met'),
        unmet: newPart(fields, 'Unmet'),
      };
    case 'deprecate': {
      const hasSuccessor = (fields['successor'] ?? '').trim() !== '';
      return {
        kind: 'deprecate-tag',
        code: findTag(fields, 'tag', known).code,
        successorCode: hasSuccessor ? findTag(fields, 'successor', known).code : null,
        replaces: fields['how'] === 'replace',
      };
    }
    case 'retire':
      return { kind: 'retire-tag', code: findTag(fields, 'from', known).code };
    case 'rule':
      return changedRule(fields, known);
    default:
      return assertNever(what);
  }
}

function need(fields: Fields, field: FormField, id: string = field): string {
  const text = (fields[id] ?? '').trim();
  if (text === '') throw new Unfilled({ kind: 'missing', field });
  return text;
}

function refuse(refusal: CommandRefusal): never {
  throw new Unfilled({ kind: 'refused', refusal });
}

function oneOf<T extends string>(fields: Fields, field: FormField, all: readonly T[]): T {
  const chosen = all.find((known) => known === fields[field]);
  if (chosen === undefined) throw new Unfilled({ kind: 'missing', field });
  return chosen;
}

function daysIn(fields: Fields, field: 'lifeDays' | 'confirmEveryDays'): number | null {
  const text = (fields[field] ?? '').trim();
  return text === '' ? null : Number(text);
}

/** Whoever may own tags and asks for one owns it; for others their manager does until somebody else is named. */
export function proposedOwner(requester: Person): string {
  return requester.roles.includes('owner')
    ? requester.code
    : (requester.managerCode ?? requester.code);
}

/** The fields `code`, `name`, `nameEn` and `definition`, with `suffix` behind each. */
function newPart(fields: Fields, suffix: string): SplitPart {
  const definition = need(fields, 'definition', `definition${suffix}`);
  return {
    name: {
      'zh-CN': need(fields, 'name', `name${suffix}`),
      en: need(fields, 'nameEn', `nameEn${suffix}`),
    },
    code: need(fields, 'code', `code${suffix}`),
    definition: { 'zh-CN': definition, en: definition },
  };
}

function isNamed(
  typed: string,
  one: { readonly code: string; readonly name: { readonly 'zh-CN': string; readonly en: string } },
): boolean {
  const wanted = typed.toLowerCase();
  return [one.code, one.name['zh-CN'], one.name.en].some((name) => name.toLowerCase() === wanted);
}

function findTag(
  fields: Fields,
  field: 'tag' | 'from' | 'into' | 'successor',
  { tags }: FormKnowledge,
): Tag {
  return tagNamed(need(fields, field), tags);
}

function tagNamed(typed: string, tags: readonly Tag[]): Tag {
  return namedTag(typed, tags) ?? refuse({ kind: 'not-found', what: 'tag', id: typed });
}

/** The tag of a code or a name in either language. A code counts before a name; of tags of one name, the one in use. */
export function namedTag(typed: string, tags: readonly Tag[]): Tag | null {
  const fitting = tags.filter((tag) => isNamed(typed, tag));
  return (
    fitting.find(({ code }) => code === typed) ??
    fitting.find(({ status }) => status === 'active') ??
    fitting[0] ??
    null
  );
}

function findPerson(fields: Fields, { people }: FormKnowledge): string {
  const typed = need(fields, 'person');
  const found = [...people.values()].find(
    (person) => person.status === 'active' && isNamed(typed, person),
  );
  return found?.code ?? refuse({ kind: 'not-found', what: 'person', id: typed });
}

/** One text stands for both languages where it changes; one that is as it was in the asker's language stays. */
function changedParts(fields: Fields, tag: Tag, known: FormKnowledge): AskedProposal {
  const definition = need(fields, 'definition');
  const isKept = [tag.definition['zh-CN'], tag.definition.en].some(
    (text) => text.trim() === definition,
  );
  const after: Partial<TagParts> = {
    ...(isKept ? {} : { definition: { 'zh-CN': definition, en: definition } }),
    level: oneOf(fields, 'level', tagLevels),
    category: oneOf(fields, 'category', tagCategories),
    lifeDays: daysIn(fields, 'lifeDays'),
    ...furtherParts(fields, known),
  };
  return { kind: 'change-tag', code: tag.code, after };
}

/** Parts that only the console's form has; departments are ticked, and joined by commas. */
function furtherParts(fields: Fields, known: FormKnowledge): Partial<TagParts> {
  const { parent, departments, sensitive, seenBy, criteria, confirmEveryDays } = fields;
  return {
    ...(parent === undefined
      ? {}
      : { parentCode: parent.trim() === '' ? null : tagNamed(parent.trim(), known.tags).code }),
    ...(departments === undefined ? {} : { departmentCodes: codesOf(departments) }),
    ...(confirmEveryDays === undefined
      ? {}
      : { confirmEveryDays: daysIn(fields, 'confirmEveryDays') }),
    // Who may see a tag says something of a sensitive one alone.
    ...(sensitive === undefined
      ? {}
      : {
          sensitive: sensitive === 'yes',
          seenByDepartmentCodes: sensitive === 'yes' ? codesOf(seenBy ?? '') : [],
        }),
    ...(criteria === undefined ? {} : { criteria: writtenCriteria(criteria.trim(), known) }),
  };
}

function codesOf(ticked: string): readonly string[] {
  return ticked.split(',').filter((code) => code !== '');
}

function writtenCriteria(text: string, { attributes }: FormKnowledge): Condition | null {
  if (text === '') return null;
  const condition = createCriteriaReader(attributes)(text);
  return condition.kind === 'ok'
    ? condition.criteria
    : refuse({ kind: 'invalid', field: 'criteria', expected: condition.detail });
}

function comparison(fields: Fields, attributes: readonly Attribute[]): Condition {
  const code = need(fields, 'attribute');
  const attribute = attributes.find((known) => known.code === code);
  if (attribute === undefined) throw new Unfilled({ kind: 'missing', field: 'attribute' });
  const value = comparedValue(need(fields, 'value'), attribute);
  return {
    kind: 'compare',
    attribute: code,
    operator: oneOf(fields, 'operator', comparisons),
    value,
  };
}

function comparedValue(typed: string, { type }: Attribute): number | string | boolean {
  const value = {
    text: () => typed,
    number: () => Number(typed.replaceAll(/[,，\s]/gu, '')),
    date: () => Date.parse(typed),
    boolean: () => ['true', 'yes', '1', '是'].includes(typed.toLowerCase()),
  }[type]();
  if (typeof value === 'number' && Number.isNaN(value)) {
    refuse({ kind: 'invalid', field: 'value', expected: `a ${type}, such as the source holds` });
  }
  return value;
}

function changedRule(fields: Fields, { rules, tags }: FormKnowledge): AskedProposal {
  const typed = need(fields, 'rule');
  const rule = rules.find(({ code }) => code === typed) ?? rules.find((one) => isNamed(typed, one));
  if (rule === undefined) refuse({ kind: 'not-found', what: 'rule', id: typed });
  const after = editRule(definitionOf(rule), ruleEdit(fields, tags));
  if (after === null) {
    refuse({ kind: 'invalid', field: 'change', expected: 'a change that rules of this kind have' });
  }
  return { kind: 'change-rule', after };
}

function ruleEdit(fields: Fields, tags: readonly Tag[]): RuleEdit {
  const change = oneOf(fields, 'change', ruleEdits);
  const severity = severities.find((one) => change === `severity-${one}`);
  if (severity !== undefined) return { kind: 'severity', severity };
  if (change === 'on' || change === 'off') return { kind: 'turn', on: change === 'on' };
  const value = need(fields, 'value');
  return change === 'threshold'
    ? { kind: 'threshold', value: figure(value) }
    : { kind: 'allow-pair', pair: twoTags(value, tags) };
}

function figure(typed: string): number {
  const value = Number(typed);
  return Number.isFinite(value)
    ? value
    : refuse({ kind: 'invalid', field: 'value', expected: 'a number' });
}

function twoTags(typed: string, tags: readonly Tag[]): readonly [string, string] {
  const [one = '', other = ''] = typed.split(/[,，、+;；]/u).map((name) => name.trim());
  if (one === '' || other === '') {
    refuse({ kind: 'invalid', field: 'value', expected: 'two tags, separated by a comma' });
  }
  return [tagNamed(one, tags).code, tagNamed(other, tags).code];
}
