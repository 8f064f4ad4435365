import type { z } from 'zod';
import { ruleDefaults, ruleEntry, type RuleEntry } from '../config/schema/rules.ts';
import { toRule } from '../config/translate.ts';
import { assertNever } from '../domain/assert-never.ts';
import { isUnambiguous } from '../domain/automatic-fix.ts';
import type { RuleDefinition } from '../domain/configuration.ts';
import type { Person } from '../domain/person.ts';
import type { Rule, RuleKind } from '../domain/rule.ts';
import type { Tag } from '../domain/tag.ts';
import { namedTag, type Fields } from './fill-proposal.ts';

/** Kinds of rules that a form can ask for; the others are declared in rules.yaml. */
export const formRuleKinds = [
  'exclusive',
  'dominance',
  'synonym',
  'time-to-live',
  'stale',
  'criteria',
  'overload',
  'unknown',
  'deprecated',
  'no-definition',
  'unowned',
  'unused',
  'population-jump',
] as const satisfies readonly RuleKind[];
export type FormRuleKind = (typeof formRuleKinds)[number];

export const ruleDirections = ['unmet', 'missing', 'both'] as const;

export type TagsField = 'tags' | 'dominated' | 'synonyms';
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
  /** Some of the rule's tags, the strongest first. */
  | { readonly kind: 'order'; readonly field: 'precedence' }
  | { readonly kind: 'tag'; readonly field: 'dominant' | 'canonical' | 'tag' }
  | { readonly kind: 'direction'; readonly field: 'direction' }
  /** `usual`: what it is unless said; null: no limit. */
  | { readonly kind: 'number'; readonly field: NumberField; readonly usual: number | null };

export type RuleField = 'code' | 'name' | 'nameEn' | 'severity' | 'owner' | RuleParameter['field'];

/** What a form asks for by kind, beside what every rule has. */
export const ruleParameters: Readonly<Record<FormRuleKind, readonly RuleParameter[]>> = {
  exclusive: [tagsOf('tags'), { kind: 'order', field: 'precedence' }],
  dominance: [{ kind: 'tag', field: 'dominant' }, tagsOf('dominated')],
  synonym: [{ kind: 'tag', field: 'canonical' }, tagsOf('synonyms')],
  'time-to-live': [tagsOf('tags')],
  stale: [tagsOf('tags')],
  criteria: [
    { kind: 'tag', field: 'tag' },
    { kind: 'direction', field: 'direction' },
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

function tagsOf(field: TagsField): RuleParameter {
  return { kind: 'tags', field };
}

function usually(field: keyof typeof ruleDefaults): RuleParameter {
  return { kind: 'number', field, usual: ruleDefaults[field] };
}

/** Why a field does not do. */
export type RuleFault =
  | { readonly kind: 'needed' | 'code' | 'code-taken' | 'not-a-number' | 'not-whole' | 'no-limit' }
  | { readonly kind: 'too-few' | 'too-small'; readonly least: number }
  | { readonly kind: 'too-long' | 'too-large'; readonly most: number }
  | {
      /** `itself`: the tag that stays cannot go too. `outside`: in the order, and not in the group. */
      readonly kind: 'unknown-tag' | 'unknown-person' | 'itself' | 'outside';
      readonly name: string;
    }
  | {
      readonly kind: 'without';
      readonly what: 'lifeDays' | 'confirmEveryDays' | 'criteria';
      readonly name: string;
    }
  /** The rule fixes by itself, and for that every tag needs its place. */
  | { readonly kind: 'automatic' };

export type RuleFaults = ReadonlyMap<RuleField, RuleFault>;

export type FilledRule =
  | { readonly kind: 'filled'; readonly rule: RuleDefinition }
  | { readonly kind: 'faulty'; readonly faults: RuleFaults };

export interface RuleFormKnowledge {
  /** What the asker may see. */
  readonly tags: readonly Tag[];
  readonly people: ReadonlyMap<string, Person>;
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
  kind: FormRuleKind,
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
        parameterValue(parameter, fields, { tags: known.tags, fault }),
      ]),
    ),
  };
  const read = ruleEntry.safeParse(entry);
  if (!read.success) {
    for (const issue of read.error.issues) {
      fault(issue.path[0] as RuleField, faultOf(issue, entry));
    }
    return { kind: 'faulty', faults };
  }
  fitFaults(read.data, known.tags, fault);
  const rule = withRest(toRule(read.data), present);
  if (rule.autoFix !== undefined && !isUnambiguous(rule))
    fault('precedence', { kind: 'automatic' });
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
  const person = owner === '' ? null : personNamed(owner, known.people);
  if (owner !== '' && person === null) fault('owner', { kind: 'unknown-person', name: owner });
  return {
    code,
    name: part('name'),
    nameEn: part('nameEn'),
    severity: part('severity'),
    enabled: fields['enabled'] !== 'no',
    ...(person === null ? {} : { owner: person.code }),
  };
}

/** Small letters, digits and hyphens of an English name. */
function codeFrom(nameEn: string): string {
  return nameEn
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function personNamed(typed: string, people: ReadonlyMap<string, Person>): Person | null {
  const wanted = typed.toLowerCase();
  const active = [...people.values()].filter(({ status }) => status === 'active');
  return (
    active.find(({ code }) => code === typed) ??
    active.find(({ name }) =>
      [name['zh-CN'], name.en].some((one) => one.toLowerCase() === wanted),
    ) ??
    null
  );
}

function parameterValue(
  parameter: RuleParameter,
  fields: Fields,
  { tags, fault }: { readonly tags: readonly Tag[]; readonly fault: Fault },
): unknown {
  const { field } = parameter;
  const text = (fields[field] ?? '').trim();
  const codeOf = (typed: string) => {
    const tag = tagForRule(typed, tags);
    if (tag === null) fault(field, { kind: 'unknown-tag', name: typed });
    return tag?.code ?? '';
  };
  switch (parameter.kind) {
    case 'tags':
    case 'order':
      return [...new Set(namesTyped(text).map(codeOf))];
    case 'tag':
      return text === '' ? undefined : codeOf(text);
    case 'direction':
      return text;
    case 'number': {
      if (text === '') return undefined;
      const value = Number(text.replaceAll(/[,，\s]/gu, ''));
      if (!Number.isFinite(value)) fault(field, { kind: 'not-a-number' });
      return value;
    }
  }
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

/** What of the fields does not go together. */
function fitFaults(entry: RuleEntry, tags: readonly Tag[], fault: Fault): void {
  const lacking = (
    field: 'tags' | 'tag',
    codes: readonly string[],
    what: 'lifeDays' | 'confirmEveryDays' | 'criteria',
  ) => {
    const tag = tags.find((one) => codes.includes(one.code) && one[what] === null);
    if (tag !== undefined) fault(field, { kind: 'without', what, name: tag.code });
  };
  switch (entry.kind) {
    case 'exclusive': {
      const outside = entry.precedence?.find((code) => !entry.tags.includes(code));
      if (outside !== undefined) fault('precedence', { kind: 'outside', name: outside });
      return;
    }
    case 'dominance':
      if (entry.dominated.includes(entry.dominant)) {
        fault('dominated', { kind: 'itself', name: entry.dominant });
      }
      return;
    case 'synonym':
      if (entry.synonyms.includes(entry.canonical)) {
        fault('synonyms', { kind: 'itself', name: entry.canonical });
      }
      return;
    case 'time-to-live':
      return lacking('tags', entry.tags ?? [], 'lifeDays');
    case 'stale':
      return lacking('tags', entry.tags ?? [], 'confirmEveryDays');
    case 'criteria':
      return lacking('tag', [entry.tag], 'criteria');
    case 'overload': {
      const { tagsMax, temporaryTagsMax } = entry;
      if (tagsMax === undefined && temporaryTagsMax === undefined) {
        fault('tagsMax', { kind: 'no-limit' });
      } else if (tagsMax !== undefined && (temporaryTagsMax ?? 0) > tagsMax) {
        fault('temporaryTagsMax', { kind: 'too-large', most: tagsMax });
      }
      return;
    }
    case 'unknown':
    case 'deprecated':
    case 'implied':
    case 'scope':
    case 'sensitivity':
    case 'mismatch':
    case 'no-definition':
    case 'unowned':
    case 'unused':
    case 'population-jump':
      return;
    default:
      assertNever(entry);
  }
}

function withRest(rule: RuleDefinition, present: Rule | null): RuleDefinition {
  if (present === null) return rule;
  const kept = present.autoFix === undefined ? rule : { ...rule, autoFix: present.autoFix };
  if (kept.kind !== 'exclusive' || present.kind !== 'exclusive') return kept;
  return {
    ...kept,
    allowedPairs: present.allowedPairs.filter((pair) =>
      pair.every((code) => kept.tagCodes.includes(code)),
    ),
  };
}
