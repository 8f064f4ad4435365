import type { Database } from '../db/client.ts';
import { readCurrentKnowledge, type CurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { createPersonFinder } from '../db/stores/dictionary.ts';
import { findCustomer, loadMirrorTagNames } from '../db/stores/mirror-customers.ts';
import { afterTag, emptyCustomer, hasTag, type CustomerTags } from '../domain/customer.ts';
import { compileDetector } from '../domain/detect/compile.ts';
import type { Detector } from '../domain/detect/detector.ts';
import { isKnown, tagIndex, type Dictionary } from '../domain/dictionary.ts';
import type { Finding } from '../domain/finding.ts';
import type { Person } from '../domain/person.ts';
import type { LocalizedText } from '../domain/locale.ts';
import { looksAt, mayPutOn } from '../domain/rules/sensitivity.ts';
import type { Rule, RuleKind } from '../domain/rule.ts';
import { severities, type Severity } from '../domain/severity.ts';
import type { Tag } from '../domain/tag.ts';
import { adviceOn } from './check-advice.ts';
import type { Actor, CommandResult } from './command.ts';
import type { CommandContext } from './context.ts';

export interface CheckInput {
  /** Ref of a customer in the mirror, or the tags a customer would have. Tags by code or by name in either language. */
  readonly subject:
    | { readonly kind: 'customer'; readonly ref: string }
    | { readonly kind: 'tags'; readonly tags: readonly string[] };
  /** Tag to add, by code or by name; null checks the subject as it is. */
  readonly add: string | null;
  /**
   * Who is about to add it: a code, email or name, as sources name people. @default whoever asks; through the API nobody
   * in particular, for its tokens ask on behalf of others
   */
  readonly by?: string | undefined;
  /** What has been read already for the same call. @default reads it */
  readonly current?: CurrentKnowledge;
}

export interface CheckedFinding {
  readonly ruleCode: string;
  readonly ruleKind: RuleKind;
  readonly ruleName: LocalizedText;
  readonly severity: Severity;
  readonly tags: readonly { readonly code: string; readonly name: LocalizedText }[];
  /** What to do instead, in both languages. */
  readonly advice: LocalizedText;
}

export interface CheckAnswer {
  /** False where adding the tag brings a finding that was not there before. */
  readonly allowed: boolean;
  /** Findings with the tag added; those it brings come first, the worst of them first. */
  readonly findings: readonly CheckedFinding[];
}

/**
 * Whether tags may go together, by the same detector that scans. Writes nothing; anyone may ask. Questions at the same
 * time share their round trips to the database, and the dictionary is compiled once for each of its versions.
 */
export async function checkTags(
  context: CommandContext,
  actor: Actor,
  input: CheckInput,
): Promise<CommandResult<CheckAnswer>> {
  const { subject } = input;
  const [{ dictionary, people }, found] = await Promise.all([
    input.current ?? readCurrentKnowledge(context.database),
    subject.kind === 'customer' ? findCustomer(context.database, subject.ref) : emptyCustomer(),
  ]);
  if (found === null) return notFound('customer', subject.kind === 'customer' ? subject.ref : '');
  const compiled = compiledDictionary(dictionary);
  const given = subject.kind === 'tags' ? subject.tags : [];
  const asked = [...given, ...(input.add === null ? [] : [input.add])];
  const tags = asked.map((words) => compiled.byWords.get(normalized(words)));
  const missing = tags.indexOf(undefined);
  if (missing >= 0) return notFound('tag', asked[missing] ?? '');
  const tagIds = tags.flatMap((tag) => (tag === undefined ? [] : [tag.id]));

  const nowSeconds = Math.floor(context.now() / 1000);
  const before = withTags(found, tagIds.slice(0, given.length), Number.NaN);
  const addedTagId = input.add === null ? 0 : (tagIds.at(-1) ?? 0);
  const after = addedTagId === 0 ? before : withTags(before, [addedTagId], nowSeconds);
  const foundBefore = new Set(detect(compiled, before, nowSeconds).map(keyOf));
  const by = input.by ?? (actor.through === 'api' ? null : actor.person.code);
  const foundAfter = [
    ...detect(compiled, after, nowSeconds),
    ...(by === null || addedTagId === 0 || hasTag(before, addedTagId)
      ? []
      : withoutRight(compiled, { by, people, addedTagId })),
  ];
  const brought = foundAfter.filter((finding) => !foundBefore.has(keyOf(finding)));
  const others = foundAfter.filter((finding) => foundBefore.has(keyOf(finding)));
  const describe = await createDescriber(context.database, {
    compiled,
    customer: after,
    addedTagId,
    nowSeconds,
    findings: foundAfter,
  });
  return {
    kind: 'done',
    allowed: brought.length === 0,
    findings: [...describe(brought), ...describe(others)],
  };
}

function notFound(what: 'customer' | 'tag', id: string): CommandResult<CheckAnswer> {
  return { kind: 'refused', refusal: { kind: 'not-found', what, id } };
}

interface CompiledDictionary {
  readonly dictionary: Dictionary;
  readonly detector: Detector;
  readonly rules: ReadonlyMap<number, Rule>;
  /** By code and by name in either language, normalized. */
  readonly byWords: ReadonlyMap<string, Tag>;
}

const compiledDictionaries = new WeakMap<Dictionary, CompiledDictionary>();

function compiledDictionary(dictionary: Dictionary): CompiledDictionary {
  const compiled = compiledDictionaries.get(dictionary) ?? compile(dictionary);
  compiledDictionaries.set(dictionary, compiled);
  return compiled;
}

function compile(dictionary: Dictionary): CompiledDictionary {
  return {
    dictionary,
    detector: compileDetector(dictionary),
    rules: new Map(dictionary.rules.map((rule) => [rule.id, rule])),
    byWords: tagsByWords(dictionary),
  };
}

/** A code wins over a name, and a tag in use over one that is not. */
function tagsByWords(dictionary: Dictionary): ReadonlyMap<string, Tag> {
  const byWords = new Map<string, Tag>();
  const enter = (words: string, tag: Tag) => {
    const key = normalized(words);
    if (!byWords.has(key)) byWords.set(key, tag);
  };
  const known = dictionary.tags.filter(isKnown);
  const inUseFirst = [
    ...known.filter((tag) => tag.status === 'active'),
    ...known.filter((tag) => tag.status !== 'active'),
    ...dictionary.tags.filter((tag) => !isKnown(tag)),
  ];
  for (const tag of inUseFirst) enter(tag.code, tag);
  for (const tag of inUseFirst) {
    enter(tag.name['zh-CN'], tag);
    enter(tag.name.en, tag);
  }
  return byWords;
}

function normalized(words: string): string {
  return words.normalize('NFKC').trim().toLowerCase();
}

/** The customer with these tags put on at an instant, in the mirror's order; tags it has stay as they are. */
function withTags(
  customer: CustomerTags,
  tagIds: readonly number[],
  sinceSeconds: number,
): CustomerTags {
  const added = [...new Set(tagIds)].filter((tagId) => !hasTag(customer, tagId));
  if (added.length === 0) return customer;
  const positions = Array.from({ length: customer.count }, (_, position) => ({
    tagId: customer.tagIds[position] ?? 0,
    since: customer.sinceSeconds[position] ?? Number.NaN,
    actor: customer.actorIds[position] ?? 0,
    source: customer.sourceIds[position] ?? 0,
    importId: customer.importIds[position] ?? 0,
  }));
  const fresh = added.map((tagId) => ({
    tagId,
    since: sinceSeconds,
    actor: 0,
    source: 0,
    importId: 0,
  }));
  const entries = [...positions, ...fresh].sort((left, right) => left.tagId - right.tagId);
  return {
    ...customer,
    count: entries.length,
    tagIds: Int32Array.from(entries, (entry) => entry.tagId),
    sinceSeconds: Float64Array.from(entries, (entry) => entry.since),
    actorIds: Int32Array.from(entries, (entry) => entry.actor),
    sourceIds: Int32Array.from(entries, (entry) => entry.source),
    importIds: Int32Array.from(entries, (entry) => entry.importId),
  };
}

function detect(
  compiled: CompiledDictionary,
  customer: CustomerTags,
  nowSeconds: number,
): readonly Finding[] {
  const { customerId } = customer;
  const findings: Finding[] = [];
  compiled.detector.detect(customer, nowSeconds, (ruleId, firstTagId, secondTagId) => {
    findings.push({ ruleId, customerId, firstTagId, secondTagId });
  });
  return findings;
}

/** What rules on sensitive tags would find on the new tag, once this person has put it on. */
function withoutRight(
  { dictionary }: CompiledDictionary,
  asked: {
    readonly by: string;
    readonly people: ReadonlyMap<string, Person>;
    readonly addedTagId: number;
  },
): readonly Finding[] {
  const { by, people, addedTagId } = asked;
  const tag = tagIndex(dictionary).byId.get(addedTagId);
  const rules = dictionary.rules
    .filter((rule) => rule.kind === 'sensitivity')
    .filter((rule) => rule.enabled && tag !== undefined && looksAt(rule, tag));
  if (tag === undefined || rules.length === 0) return [];
  const tagger = { name: by, person: createPersonFinder([...people.values()])(by) };
  return rules
    .filter((rule) => !mayPutOn(rule, tag, tagger, dictionary))
    .map(({ id }) => ({ ruleId: id, customerId: 0, firstTagId: addedTagId, secondTagId: 0 }));
}

function keyOf(finding: Finding): string {
  return `${finding.ruleId}/${finding.firstTagId}/${finding.secondTagId}`;
}

/** Puts findings into words, the worst first. Names that only a source knows are read where one is needed. */
async function createDescriber(
  database: Database,
  input: {
    readonly compiled: CompiledDictionary;
    readonly customer: CustomerTags;
    readonly addedTagId: number;
    readonly nowSeconds: number;
    readonly findings: readonly Finding[];
  },
): Promise<(findings: readonly Finding[]) => readonly CheckedFinding[]> {
  const { compiled, customer, addedTagId, nowSeconds } = input;
  const { dictionary, rules } = compiled;
  const { byId } = tagIndex(dictionary);
  const strangers = input.findings.length === 0 ? [] : unknownTagIds(customer, byId);
  const sourceNames =
    strangers.length === 0
      ? new Map<number, string>()
      : await loadMirrorTagNames(database.sql, strangers);
  const nameOf = (tagId: number): LocalizedText => {
    const name = sourceNames.get(tagId) ?? String(tagId);
    return byId.get(tagId)?.name ?? { 'zh-CN': name, en: name };
  };
  const codeOf = (tagId: number) => byId.get(tagId)?.code ?? sourceNames.get(tagId) ?? '';
  return (findings) =>
    findings
      .flatMap((finding) => {
        const rule = rules.get(finding.ruleId);
        return rule === undefined ? [] : [{ rule, finding }];
      })
      .sort((a, b) => severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity))
      .map(({ rule, finding }) => ({
        ruleCode: rule.code,
        ruleKind: rule.kind,
        ruleName: rule.name,
        severity: rule.severity,
        tags: [finding.firstTagId, finding.secondTagId]
          .filter((tagId) => tagId !== 0)
          .map((tagId) => ({ code: codeOf(tagId), name: nameOf(tagId) })),
        advice: adviceOn(rule, finding, { dictionary, customer, addedTagId, nowSeconds, nameOf }),
      }));
}

function unknownTagIds(customer: CustomerTags, byId: ReadonlyMap<number, Tag>): readonly number[] {
  const unknown: number[] = [];
  for (let position = 0; position < customer.count; position = afterTag(customer, position)) {
    const tagId = customer.tagIds[position] ?? 0;
    if (!byId.has(tagId)) unknown.push(tagId);
  }
  return unknown;
}
