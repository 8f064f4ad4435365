import { assertNever } from '../../domain/assert-never.ts';
import type { CandidateKind, CandidateReason } from '../../domain/intelligence/candidate.ts';
import type { Opinion, OpinionVerdict } from '../../domain/intelligence/opinion.ts';
import type { DefinitionRelation } from '../../domain/intelligence/predicate.ts';
import type { Locale } from '../../domain/locale.ts';
import type { OwnerFault } from '../../domain/owner-fault.ts';
import { shorten, textsFor } from './texts.ts';

/** What a kind of candidate asks of a person. */
export const candidateKindWords: Readonly<
  Record<
    Locale,
    Readonly<Record<CandidateKind, { readonly name: string; readonly question: string }>>
  >
> = {
  'zh-CN': {
    synonym: { name: '疑似同义', question: '是否同一个意思？确认后可申请合并。' },
    ambiguity: { name: '口径不一', question: '名称相同或同义，用法却不同，是否需要统一口径？' },
    redundancy: { name: '人群重复', question: '两个标签几乎覆盖同一批客户，是否只保留一个？' },
    containment: { name: '人群包含', question: '前者的客户几乎都有后者，是否应为上下级？' },
    sibling: { name: '同级取值', question: '是否为同一属性的不同取值，应当互斥？' },
    exclusion: { name: '疑似互斥', question: '很少同时出现，是否应当互斥？' },
    zombie: { name: '无人使用', question: '没有客户带有该标签，是否停用？' },
    undefined: { name: '未入字典', question: '来源系统在用，字典里没有，是否补上定义？' },
    unowned: { name: '无责任人', question: '现在没有人负责该标签，是否换一位责任人？' },
  },
  en: {
    synonym: { name: 'May be synonyms', question: 'Do they mean the same? Then ask for a merge.' },
    ambiguity: {
      name: 'Used in two ways',
      question: 'One name or meaning, used differently: should there be one definition?',
    },
    redundancy: {
      name: 'Same customers',
      question: 'Both are on nearly the same customers: is one enough?',
    },
    containment: {
      name: 'One within the other',
      question: 'Nearly all customers of the first have the second: does it belong under it?',
    },
    sibling: {
      name: 'Values of one property',
      question: 'Are they values of one property that exclude each other?',
    },
    exclusion: {
      name: 'May exclude each other',
      question: 'They hardly ever meet: should they exclude each other?',
    },
    zombie: { name: 'Unused', question: 'No customer has it: should it be retired?' },
    undefined: {
      name: 'Not in the dictionary',
      question: 'A source uses it and the dictionary lacks it: should it be defined?',
    },
    unowned: {
      name: 'Without an owner',
      question: 'Nobody answers for it: should it get another owner?',
    },
  },
};

const relationWords: Readonly<Record<Locale, Readonly<Record<DefinitionRelation, string>>>> = {
  'zh-CN': {
    equal: '两个定义的条件相同',
    narrower: '前者的定义更窄',
    wider: '前者的定义更宽',
    contradicting: '两个定义互相矛盾',
    overlapping: '两个定义部分重合',
    unrelated: '两个定义衡量的不是一回事',
    unknown: '定义中没有可比较的条件',
  },
  en: {
    equal: 'both definitions ask the same',
    narrower: 'the first definition is narrower',
    wider: 'the first definition is wider',
    contradicting: 'the definitions contradict each other',
    overlapping: 'the definitions overlap',
    unrelated: 'the definitions measure different things',
    unknown: 'the definitions say nothing measurable',
  },
};

const ownerFaultWords: Readonly<Record<Locale, Readonly<Record<OwnerFault, string>>>> = {
  'zh-CN': {
    unknown: '责任人不在人员名单中',
    left: '责任人已离职',
    'no-owner-role': '责任人已没有“责任人”角色',
  },
  en: {
    unknown: 'its owner is nobody on the list of people',
    left: 'its owner has left the company',
    'no-owner-role': 'its owner no longer has the role of an owner',
  },
};

/** A reason with its figures, as half a sentence. `departmentNames` by code. */
export function describeReason(
  reason: CandidateReason,
  locale: Locale,
  departmentNames: ReadonlyMap<string, string>,
): string {
  const isChinese = locale === 'zh-CN';
  const count = (value: number) => value.toLocaleString(locale);
  const percent = (part: number, whole: number) =>
    whole === 0 ? '0%' : `${Math.round((100 * part) / whole)}%`;
  switch (reason.kind) {
    case 'likeness':
      return textsFor(locale).request.similarWhy[reason.why];
    case 'opposed': {
      const { left, right, shared } = reason;
      if (isChinese) {
        const property = shared === '' ? '同一属性' : `「${shared}」`;
        return `「${left}」与「${right}」是${property}的不同取值`;
      }
      const property = shared === '' ? 'one property' : `“${shared}”`;
      return `“${left}” and “${right}” are two values of ${property}`;
    }
    case 'definitions':
      return relationWords[locale][reason.relation];
    case 'departments': {
      const named = (codes: readonly string[]) =>
        codes.length === 0
          ? isChinese
            ? '全部部门'
            : 'every department'
          : codes.map((code) => departmentNames.get(code) ?? code).join(isChinese ? '、' : ', ');
      return isChinese
        ? `部门不同：${named(reason.first)}／${named(reason.second)}`
        : `other departments: ${named(reason.first)} / ${named(reason.second)}`;
    }
    case 'population': {
      const { ofFirst, ofSecond, both } = reason;
      const shared = percent(both, Math.min(ofFirst, ofSecond));
      return isChinese
        ? `分别有 ${count(ofFirst)} 和 ${count(ofSecond)} 位客户，共有 ${count(both)} 位（占较小者的 ${shared}）`
        : `${count(ofFirst)} and ${count(ofSecond)} customers, ${count(both)} ${both === 1 ? 'has' : 'have'} both (${shared} of the smaller)`;
    }
    case 'chance':
      return isChinese
        ? `若互不相关，应有约 ${count(reason.expected)} 位客户同时带有，实际 ${count(reason.both)} 位`
        : `about ${count(reason.expected)} customers would have both by chance, ${count(reason.both)} ${reason.both === 1 ? 'does' : 'do'}`;
    case 'owner':
      return ownerFaultWords[locale][reason.fault];
    case 'unused':
    case 'carried':
      return isChinese
        ? `${count(reason.customers)} 位客户带有`
        : `${count(reason.customers)} ${reason.customers === 1 ? 'customer has' : 'customers have'} it`;
    default:
      return assertNever(reason);
  }
}

const verdictWords: Readonly<Record<Locale, Readonly<Record<OpinionVerdict, string>>>> = {
  'zh-CN': {
    same: '同义',
    narrower: '前者更窄',
    wider: '前者更宽',
    related: '相关但不同',
    different: '不同',
    unsure: '无法判断',
  },
  en: {
    same: 'the same',
    narrower: 'the first is narrower',
    wider: 'the first is wider',
    related: 'related, not the same',
    different: 'different',
    unsure: 'cannot tell',
  },
};

const opinionCharsMax = 200;

/** A language model's opinion, said to be no more than that. */
export function describeOpinion(opinion: Opinion, locale: Locale): string {
  const { verdict, because, model } = opinion;
  const words = verdictWords[locale][verdict];
  const reason = shorten(because[locale], opinionCharsMax);
  return locale === 'zh-CN'
    ? `模型 ${model} 的意见（非人工判断）：${words}。${reason}`
    : `Opinion of the model ${model}, not a person’s: ${words}. ${reason}`;
}
