import type { z } from 'zod';
import { ruleDefaults, ruleEntry } from '../config/schema/rules.ts';
import { toRule } from '../config/translate.ts';
import { assertNever } from '../domain/assert-never.ts';
import { kindsThatFix } from '../domain/automatic-fix.ts';
import type { RuleDefinition } from '../domain/configuration.ts';
import type { Duty } from '../domain/duty.ts';
import type { Person } from '../domain/person.ts';
import { mayOwnRules } from '../domain/requests/change-rule.ts';
import type { PartName } from '../domain/requests/part-change.ts';
import { ruleMisfits, type RuleMisfit } from '../domain/rule-fit.ts';
import type { Rule, RuleKind } from '../domain/rule.ts';
import type { Relation, Tag } from '../domain/tag.ts';
import { namedTag, type Fields } from './fill-proposal.ts';

export const ruleDirections = ['unmet', 'missing', 'both'] as const;

export type TagsField = 'tags' | 'dominated' | 'synonyms' | 'singleChoice';
export type NumberField =
  | 'tagsMax'
  | 'temporaryTagsMax'
  | 'definitionCharsMin'
  | 'customersMax'
  | 'daysMin'
  | 'deviationsMax'
  | 'shareMin'
  | 'customersMin';

export type RuleParameter =
  /** Tags, by code or name, separated by commas. */
  | { readonly kind: 'tags'; readonly field: TagsField }
  /** Departments by code, separated by commas. */
  | { readonly kind: 'departments'; readonly field: 'departments' }
  /** Names as sources write them, one a line. */
  | { readonly kind: 'names'; readonly field: 'actors' }
  /** Some of the rule's tags, the strongest first. */
  | { readonly kind: 'order'; readonly field: 'precedence' }
  | { readonly kind: 'tag'; readonly field: 'dominant' | 'canonical' | 'tag' }
  | { readonly kind: 'direction'; readonly field: 'direction' }
  /** `usual`: what it is unless said; null: no limit. */
  | { readonly kind: 'number'; readonly field: NumberField; readonly usual: number | null };

export type RuleField =
  | 'code'
  | 'name'
  | 'nameEn'
  | 'severity'
  | 'owner'
  | 'autoFix'
  | 'autoFixCustomersMax'
  | 'autoFixShareMax'
  | RuleParameter['field'];

/** What a form asks for by kind, beside what every rule has. */
export const ruleParameters: Readonly<Record<RuleKind, readonly RuleParameter[]>> = {
  exclusive: [tagsOf('tags'), { kind: 'order', field: 'precedence' }],
  dominance: [{ kind: 'tag', field: 'dominant' }, tagsOf('dominated')],
  synonym: [{ kind: 'tag', field: 'canonical' }, tagsOf('synonyms')],
  implied: [tagsOf('tags'), tagsOf('singleChoice')],
  'time-to-live': [tagsOf('tags')],
  stale: [tagsOf('tags')],
  criteria: [
    { kind: 'tag', field: 'tag' },
    { kind: 'direction', field: 'direction' },
  ],
  mismatch: [tagsOf('tags')],
  scope: [tagsOf('tags')],
  sensitivity: [
    tagsOf('tags'),
    { kind: 'departments', field: 'departments' },
    { kind: 'names', field: 'actors' },
  ],
  overload: [
    { kind: 'number', field: 'tagsMax', usual: null },
    { kind: 'number', field: 'temporaryTagsMax', usual: null },
  ],
  unknown: [],
  deprecated: [],
  'no-definition': [usually('definitionCharsMin')],
  unowned: [],
  unused: [usually('customersMax'), usually('daysMin')],
  'population-jump': [
    tagsOf('tags'),
    usually('deviationsMax'),
    usually('shareMin'),
    usually('customersMin'),
  ],
};

/** In the order in which a form offers them. */
export const formRuleKinds = Object.keys(ruleParameters) as readonly RuleKind[];

/** What a form calls a part of a rule; a tag, or tags, by the kind. */
const fieldOfPart: Readonly<Partial<Record<PartName, RuleField>>> = {
  dominatedCodes: 'dominated',
  synonymCodes: 'synonyms',
  singleChoiceCodes: 'singleChoice',
  precedence: 'precedence',
  tagsMax: 'tagsMax',
  temporaryTagsMax: 'temporaryTagsMax',
  autoFix: 'autoFix',
};

function fieldOf(part: PartName, kind: RuleKind): RuleField {
  return fieldOfPart[part] ?? (kind === 'criteria' ? 'tag' : 'tags');
}

function tagsOf(field: TagsField): RuleParameter {
  return { kind: 'tags', field };
}

function usually(field: keyof typeof ruleDefaults): RuleParameter {
  return { kind: 'number', field, usual: ruleDefaults[field] };
}

type Fitless<M> = M extends RuleMisfit ? Omit<M, 'part'> : never;

/** Why a field does not do. */
export type RuleFault =
  | Fitless<RuleMisfit>
  | { readonly kind: 'needed' | 'code' | 'code-taken' | 'not-a-number' | 'not-whole' }
  | { readonly kind: 'too-few' | 'too-small'; readonly least: number }
  | { readonly kind: 'too-long'; readonly most: number }
  | { readonly kind: 'unknown-tag' | 'unknown-owner'; readonly code: string };

export type RuleFaults = ReadonlyMap<RuleField, RuleFault>;

export type FilledRule =
  | { readonly kind: 'filled'; readonly rule: RuleDefinition }
  | { readonly kind: 'faulty'; readonly faults: RuleFaults };

export interface RuleFormKnowledge {
  /** What the asker may see. */
  readonly tags: readonly Tag[];
  readonly relations: readonly Relation[];
  /** Codes of the tags that some source is the master of. */
  readonly masteredCodes: ReadonlySet<string>;
  readonly people: ReadonlyMap<string, Person>;
  readonly duties: ReadonlyMap<string, Duty>;
  /** Codes of all rules, also of those that the asker may not see. */
  readonly ruleCodes: ReadonlySet<string>;
}

/** Names that were typed into one field. */
export function namesTyped(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(/[,，、;；\n]/u)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** A tag by code or name that a rule may be about. */
export function tagForRule(typed: string, tags: readonly Tag[]): Tag | null {
  const tag = namedTag(typed, tags);
  return tag === null || tag.status === 'archived' ? null : tag;
}

/**
 * The rule that the fields of a form describe, or what is wrong, field by field. `present`: the rule that is to be
 * other than it is, of the same kind; what the form does not ask for stays. null: a new one.
 */
export function fillRule(
  kind: RuleKind,
  fields: Fields,
  { known, present }: { readonly known: RuleFormKnowledge; readonly present: Rule | null },
): FilledRule {
  const faults = new Map<RuleField, RuleFault>();
  const fault = (field: RuleField, what: RuleFault) => {
    if (!faults.has(field)) faults.set(field, what);
  };
  const entry: Record<string, unknown> = {
    kind,
    ...commonParts(fields, { known, present, fault }),
    ...Object.fromEntries(
      ruleParameters[kind].map((parameter) => [
        parameter.field,
        parameterValue(parameter, fields, {
          isImplied: kind === 'implied',
          tags: known.tags,
          fault,
        }),
      ]),
    ),
    ...autoFixPart(kind, fields, fault),
  };
  const read = ruleEntry.safeParse(entry);
  if (!read.success) {
    for (const issue of read.error.issues) fault(fieldAt(issue.path), faultOf(issue, entry));
    return { kind: 'faulty', faults };
  }
  const rule = withPairs(toRule(read.data), present);
  for (const { part, ...misfit } of ruleMisfits(rule, known)) fault(fieldOf(part, kind), misfit);
  return faults.size > 0 ? { kind: 'faulty', faults } : { kind: 'filled', rule };
}

type Fault = (field: RuleField, what: RuleFault) => void;

function commonParts(
  fields: Fields,
  context: {
    readonly known: RuleFormKnowledge;
    readonly present: Rule | null;
    readonly fault: Fault;
  },
) {
  const { known, present, fault } = context;
  const part = (field: string) => (fields[field] ?? '').trim();
  const code = present?.code ?? (part('code') === '' ? codeFrom(part('nameEn')) : part('code'));
  if (present === null && known.ruleCodes.has(code)) fault('code', { kind: 'code-taken' });
  const owner = part('owner');
  const ownerCode = owner === '' ? null : ownerNamed(owner, known);
  if (owner !== '' && ownerCode === null) fault('owner', { kind: 'unknown-owner', code: owner });
  return {
    code,
    name: part('name'),
    nameEn: part('nameEn'),
    severity: part('severity'),
    enabled: fields['enabled'] !== 'no',
    ...(ownerCode === null ? {} : { owner: ownerCode }),
  };
}

/** Small letters, digits and hyphens of an English name. */
function codeFrom(nameEn: string): string {
  return nameEn
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** A person or a duty, by code or by name in either language; a code counts before a name. */
function ownerNamed(
  typed: string,
  known: Pick<RuleFormKnowledge, 'people' | 'duties'>,
): string | null {
  const wanted = typed.toLowerCase();
  const owners = [...known.people.values(), ...known.duties.values()].filter(({ code }) =>
    mayOwnRules(code, known),
  );
  const found =
    owners.find(({ code }) => code === typed) ??
    owners.find(({ name }) => [name['zh-CN'], name.en].some((one) => one.toLowerCase() === wanted));
  return found?.code ?? null;
}

/** What the rule resolves by itself; nothing where a person has to look at all that rules of its kind find. */
function autoFixPart(kind: RuleKind, fields: Fields, fault: Fault) {
  const mode = fields['autoFix'];
  if (!kindsThatFix.includes(kind) || mode === undefined || mode === 'no') return {};
  const customersMax = figure('autoFixCustomersMax', fields, fault);
  const shareMax = figure('autoFixShareMax', fields, fault);
  return {
    autoFix: {
      mode,
      ...(customersMax === undefined ? {} : { customersMax }),
      ...(shareMax === undefined ? {} : { shareMax }),
    },
  };
}

function figure(field: RuleField, fields: Fields, fault: Fault): number | undefined {
  const text = (fields[field] ?? '').trim();
  if (text === '') return undefined;
  const value = Number(text.replaceAll(/[,，\s]/gu, ''));
  if (!Number.isFinite(value)) fault(field, { kind: 'not-a-number' });
  return value;
}

function parameterValue(
  parameter: RuleParameter,
  fields: Fields,
  {
    isImplied,
    tags,
    fault,
  }: {
    readonly isImplied: boolean;
    readonly tags: readonly Tag[];
    readonly fault: Fault;
  },
): unknown {
  const { field } = parameter;
  const text = (fields[field] ?? '').trim();
  const codeOf = (typed: string) => {
    const tag = tagForRule(typed, tags);
    if (tag === null) fault(field, { kind: 'unknown-tag', code: typed });
    return tag?.code ?? '';
  };
  switch (parameter.kind) {
    case 'tags':
    case 'order': {
      const codes = [...new Set(namesTyped(text).map(codeOf))];
      // Rules of this kind tell no tag from every tag.
      return isImplied && codes.length === 0 ? undefined : codes;
    }
    case 'departments':
      return text.split(',').filter((code) => code !== '');
    case 'names':
      return [...new Set(text.split('\n').map((name) => name.trim()))].filter(
        (name) => name !== '',
      );
    case 'tag':
      return text === '' ? undefined : codeOf(text);
    case 'direction':
      return text;
    case 'number':
      return figure(parameter.field, fields, fault);
    default:
      return assertNever(parameter);
  }
}

function fieldAt([first, second]: z.core.$ZodIssue['path']): RuleField {
  if (first !== 'autoFix') return first as RuleField;
  return second === 'customersMax'
    ? 'autoFixCustomersMax'
    : second === 'shareMax'
      ? 'autoFixShareMax'
      : 'autoFix';
}

/** The bounds are those of rules.yaml. */
function faultOf(issue: z.core.$ZodIssue, entry: Readonly<Record<string, unknown>>): RuleFault {
  const field = String(issue.path[0]);
  if (entry[field] === undefined || entry[field] === '') return { kind: 'needed' };
  if (issue.code === 'too_small') {
    const isList = issue.origin === 'array';
    return { kind: isList ? 'too-few' : 'too-small', least: Number(issue.minimum) };
  }
  if (issue.code === 'too_big') {
    const isText = issue.origin === 'string';
    return { kind: isText ? 'too-long' : 'too-large', most: Number(issue.maximum) };
  }
  if (issue.code === 'invalid_type') return { kind: 'not-whole' };
  return field === 'code' ? { kind: 'code' } : { kind: 'needed' };
}

/** Pairs that may stand together are asked for elsewhere, and stay. */
function withPairs(rule: RuleDefinition, present: Rule | null): RuleDefinition {
  if (rule.kind !== 'exclusive' || present?.kind !== 'exclusive') return rule;
  return {
    ...rule,
    allowedPairs: present.allowedPairs.filter((pair) =>
      pair.every((code) => rule.tagCodes.includes(code)),
    ),
  };
}
