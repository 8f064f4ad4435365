import type { CheckAnswer } from '../commands/check-tags.ts';
import type { Dictionary } from '../domain/dictionary.ts';
import type { CommandResult } from '../commands/command.ts';
import { maySeeProposal, type Hidden } from '../domain/hidden.ts';
import type { LocalizedText } from '../domain/locale.ts';
import type { Person } from '../domain/person.ts';
import type { RequestProposal, TagRequest } from '../domain/request.ts';
import { answersFor, isInvolvedInRequest, type Involving } from '../domain/rights.ts';
import { en } from './texts/en.ts';
import { zhCn } from './texts/zh-cn.ts';
import type { EvidenceTag, PreviewedRequest, RequestPreview, WarningView } from './views.ts';

/** The dictionary and the people, and what of them one reader may not see. */
export interface Sight {
  readonly dictionary: Dictionary;
  readonly people: ReadonlyMap<string, Person>;
  readonly hidden: Hidden;
}

/** Whether a reader may see a warning: everyone but for sensitive tags, which only those who answer for it see too. */
export function maySeeWarning(reader: Person, view: WarningView, { hidden }: Sight): boolean {
  return isUpTo(reader, view) || !hidden.ruleIds.includes(view.rule.id);
}

/** Those who answer for a warning, and who stands in for its owner now. */
function isUpTo(reader: Person, { warning, deputyCode, people }: WarningView): boolean {
  return answersFor(reader, warning, people) || reader.code === deputyCode;
}

/** Whether a reader may see a request: everyone but for sensitive tags, which only those involved in it see too. */
export function maySeeRequest(
  reader: Person,
  request: Involving & Pick<TagRequest, 'proposal'>,
  sight: Sight,
): boolean {
  return (
    maySeeProposal(reader, request.proposal, sight) ||
    isInvolvedInRequest(reader, request, sight.people)
  );
}

/** A preview as commands answer. */
export function asResult(
  previewed: PreviewedRequest,
): CommandResult<{ readonly proposal: RequestProposal; readonly preview: RequestPreview }> {
  if (previewed.kind === 'faulty') return { kind: 'refused', refusal: previewed.fault };
  const { proposal, preview } = previewed;
  return { kind: 'done', proposal, preview };
}

/** Names, in either language, of tags that a reader may not see on a warning's customers; none for who answers for it. */
export function hiddenNamesFor(
  reader: Person,
  view: WarningView,
  { hidden, dictionary }: Sight,
): ReadonlySet<string> {
  if (hidden.tagCodes.length === 0 || isUpTo(reader, view)) return new Set();
  return new Set(
    dictionary.tags
      .filter((tag) => hidden.tagCodes.includes(tag.code))
      .flatMap((tag) => [tag.name['zh-CN'], tag.name.en]),
  );
}

/** The view without tags and rules that the reader may not see. */
export function withoutHiddenTags(view: WarningView, reader: Person, sight: Sight): WarningView {
  const { hidden, dictionary } = sight;
  const isHidden = (code: string) =>
    dictionary.rules.some((rule) => rule.code === code && hidden.ruleIds.includes(rule.id));
  const muted = view.muted.filter(({ ruleCode }) => !isHidden(ruleCode));
  const cause = view.cause?.kind === 'rule' && isHidden(view.cause.ruleCode) ? null : view.cause;
  const names = hiddenNamesFor(reader, view, sight);
  if (names.size === 0) return { ...view, muted, cause };
  const isSeen = (name: LocalizedText) => !names.has(name['zh-CN']) && !names.has(name.en);
  const isShown = (tag: EvidenceTag) => isSeen(tag.name);
  return {
    ...view,
    muted,
    cause,
    examples: view.examples.map((example) => ({
      ...example,
      tags: example.tags.filter(isShown),
      missing: example.missing.filter(isSeen),
    })),
  };
}

/**
 * A check's answer in which findings about tags that the reader may not see say no more than that there is one.
 * Tags that the reader named in the question, by code or name, are no secret to them.
 */
export function withoutHiddenFindings(
  answer: CheckAnswer,
  { hidden }: Sight,
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

/** Codes of the rules that a reader may not see. */
export function hiddenRuleCodes({ hidden, dictionary }: Sight): ReadonlySet<string> {
  const rules = dictionary.rules.filter(({ id }) => hidden.ruleIds.includes(id));
  return new Set(rules.map(({ code }) => code));
}
