import type { Dictionary } from '../domain/dictionary.ts';
import { hiddenFrom, type Hidden } from '../domain/hidden.ts';
import { escalatedCodes } from '../domain/escalation.ts';
import type { Department, Person } from '../domain/person.ts';
import type { Silence } from '../domain/silence.ts';
import type { Warning } from '../domain/warning.ts';
import type { EvidenceTag, WarningView } from '../bot/views.ts';
import type { CheckAnswer } from '../commands/check-tags.ts';
import type { Database } from '../db/client.ts';
import { readCurrentKnowledge, type CurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { en } from './texts/en.ts';
import { zhCn } from './texts/zh-cn.ts';

/** The dictionary and the people as one reader may see them. */
export interface Knowledge {
  readonly dictionary: Dictionary;
  readonly people: ReadonlyMap<string, Person>;
  readonly departments: ReadonlyMap<string, Department>;
  readonly hidden: Hidden;
}

export type ReadKnowledge = (reader: Person) => Promise<Knowledge>;

/** Works out what is hidden from a reader once for as long as nothing changes. */
export function createKnowledgeReader(database: Database): ReadKnowledge {
  const byCurrent = new WeakMap<CurrentKnowledge, Map<string, Knowledge>>();
  return async (reader) => {
    const current = await readCurrentKnowledge(database);
    const byReader = byCurrent.get(current) ?? new Map<string, Knowledge>();
    byCurrent.set(current, byReader);
    // A token may act with fewer roles than its person has.
    const key = [reader.code, ...reader.roles].join(' ');
    const known = byReader.get(key) ?? knowledgeOf(reader, current);
    byReader.set(key, known);
    return known;
  };
}

function knowledgeOf(reader: Person, current: CurrentKnowledge): Knowledge {
  const { dictionary, people, departments } = current;
  return { dictionary, people, departments, hidden: hiddenFrom(reader, dictionary, people) };
}

/** Whether a reader may see a warning: everyone but for sensitive tags, which only those who answer for it see too. */
export function maySeeWarning(
  reader: Person,
  warning: Warning,
  ruleId: number,
  hidden: Hidden,
): boolean {
  return answersFor(reader, warning) || !hidden.ruleIds.includes(ruleId);
}

/** Names, in either language, of tags that a reader may not see on a warning's customers; none for who answers for it. */
export function hiddenNamesFor(
  reader: Person,
  warning: Warning,
  { hidden, dictionary }: Knowledge,
): ReadonlySet<string> {
  if (hidden.tagCodes.length === 0 || answersFor(reader, warning)) return new Set();
  return new Set(
    dictionary.tags
      .filter((tag) => hidden.tagCodes.includes(tag.code))
      .flatMap((tag) => [tag.name['zh-CN'], tag.name.en]),
  );
}

/** The view without tags and rules that the reader may not see. */
export function withoutHiddenTags(
  view: WarningView,
  reader: Person,
  knowledge: Knowledge,
): WarningView {
  const { hidden, dictionary } = knowledge;
  const isHidden = (code: string) =>
    dictionary.rules.some((rule) => rule.code === code && hidden.ruleIds.includes(rule.id));
  const muted = view.muted.filter(({ ruleCode }) => !isHidden(ruleCode));
  const names = hiddenNamesFor(reader, view.warning, knowledge);
  if (names.size === 0) return { ...view, muted };
  const isShown = (tag: EvidenceTag) => !names.has(tag.name['zh-CN']) && !names.has(tag.name.en);
  return {
    ...view,
    muted,
    examples: view.examples.map((example) => ({ ...example, tags: example.tags.filter(isShown) })),
  };
}

/**
 * A check's answer in which findings about tags that the reader may not see say no more than that there is one.
 * Tags that the reader named in the question, by code or name, are no secret to them.
 */
export function withoutHiddenFindings(
  answer: CheckAnswer,
  { hidden }: Knowledge,
  named: readonly string[],
): CheckAnswer {
  const isSecret = (tag: CheckAnswer['findings'][number]['tags'][number]) =>
    hidden.tagCodes.includes(tag.code) &&
    ![tag.code, tag.name['zh-CN'], tag.name.en].some((name) => named.includes(name));
  return {
    allowed: answer.allowed,
    findings: answer.findings.map((finding) =>
      finding.tags.some(isSecret)
        ? {
            ...finding,
            ruleCode: 'sensitive',
            ruleName: { 'zh-CN': zhCn.check.hiddenRule, en: en.check.hiddenRule },
            tags: [],
            advice: { 'zh-CN': zhCn.check.hiddenAdvice, en: en.check.hiddenAdvice },
          }
        : finding,
    ),
  };
}

function answersFor(reader: Person, warning: Warning): boolean {
  const claimer = 'by' in warning.state ? warning.state.by : null;
  return (
    reader.roles.includes('data-admin') ||
    [warning.ownerCode, warning.secondLineCode, warning.managerCode, claimer].includes(
      reader.code,
    ) ||
    escalatedCodes(warning).includes(reader.code)
  );
}

/** Silences that name no sensitive tag, nor a rule about one, which the reader may not see. */
export function visibleSilences(
  silences: readonly Silence[],
  { hidden, dictionary }: Knowledge,
): readonly Silence[] {
  const hiddenRules = new Set(
    dictionary.rules.filter(({ id }) => hidden.ruleIds.includes(id)).map(({ code }) => code),
  );
  return silences.filter(
    ({ tagCode, ruleCode }) =>
      (tagCode === null || !hidden.tagCodes.includes(tagCode)) &&
      (ruleCode === null || !hiddenRules.has(ruleCode)),
  );
}
