import type { Locale } from '../../domain/locale.ts';
import type { Rivalry } from '../../domain/request.ts';
import type { Contradiction, OtherRequest } from '../../domain/requests/contradictions.ts';

/** Names of tags, rules and requests are quoted or numbered already; `rule` null: a relation or tag of the dictionary. */
interface ContradictionWords {
  readonly title: string;
  readonly excludedAndSame: (one: string, other: string, rule: string | null) => string;
  readonly removedAndSame: (one: string, other: string, rule: string | null) => string;
  readonly excludedAndImplied: (tag: string, one: string, other: string) => string;
  readonly removedAndImplied: (tag: string, one: string, other: string) => string;
  readonly removedInACircle: (path: string) => string;
  readonly succeededInACircle: (path: string) => string;
  readonly ruleNeedsTag: (rule: string, tag: string) => string;
  readonly ruleNeedsPart: (rule: string, tag: string, part: string) => string;
  readonly tagNeedsTag: Readonly<
    Record<
      Extract<Contradiction, { kind: 'tag-needs-tag' }>['as'],
      (tag: string, needed: string) => string
    >
  >;
  readonly tagOutOfUse: (tag: string) => string;
  readonly ruleTwin: (rule: string) => string;
  /** `who`: its requester. */
  readonly otherRequest: Readonly<
    Record<OtherRequest['state'], (id: string, title: string, who: string) => string>
  >;
  /** To whoever asked: another request does not go together with theirs; what is said follows its requester's name. */
  readonly rival: Readonly<
    Record<
      Rivalry['kind'],
      { readonly title: string; readonly said: (id: string) => string; readonly hint: string }
    >
  >;
}

export const contradictionWords: Readonly<Record<Locale, ContradictionWords>> = {
  'zh-CN': {
    title: '与现有内容的冲突',
    excludedAndSame: (one, other, rule) =>
      `${rule === null ? '字典' : `规则${rule}`}规定${one}和${other}不能并存，它们恐怕不是一个意思`,
    removedAndSame: (one, other, rule) =>
      `按${rule === null ? '字典' : `规则${rule}`}，${one}和${other}只能留一个，它们恐怕不是一个意思`,
    excludedAndImplied: (tag, one, other) =>
      `${tag}要求带上的标签里，${one}和${other}不能并存，谁都没法正确带上${tag}`,
    removedAndImplied: (tag, one, other) =>
      `${tag}要求带上${other}，而${one}会把${other}移除，谁都没法正确带上${tag}`,
    removedInACircle: (path) => `标签互相移除，绕成了一圈（${path}）`,
    succeededInACircle: (path) => `标签互相接替，绕成了一圈（${path}）`,
    ruleNeedsTag: (rule, tag) => `规则${rule}还在使用${tag}，需要一并修改`,
    ruleNeedsPart: (rule, tag, part) =>
      `规则${rule}靠${tag}的“${part}”判断，清空后这条规则对它无效`,
    tagNeedsTag: {
      successor: (tag, needed) => `${needed}是${tag}的接替标签`,
      parent: (tag, needed) => `${needed}是${tag}的上级标签`,
      implied: (tag, needed) => `字典要求带${tag}的客户也带${needed}`,
    },
    tagOutOfUse: (tag) => `${tag}已经停用`,
    ruleTwin: (rule) => `规则${rule}已经在查同样的内容`,
    otherRequest: {
      voting: (id, title, who) => `申请 ${id}（${title}，${who}提交）正在表决，两者不能同时成立`,
      applying: (id, title, who) =>
        `申请 ${id}（${title}，${who}提交）已通过、正在生效，两者不能同时成立`,
      applied: (id, title, who) =>
        `申请 ${id}（${title}，${who}提交）已先生效，这份申请即使通过也无法生效`,
    },
    rival: {
      rival: {
        title: '有申请与你的申请冲突',
        said: (id) => `提交了申请 ${id}，与这份申请不能同时成立`,
        hint: '两份申请分别表决，先生效的一份有效，另一份不会生效。可以与对方商量后撤回其中一份。',
      },
      'rival-applied': {
        title: '与你的申请冲突的申请已生效',
        said: (id) => `提交的申请 ${id} 已先生效，这份申请即使通过也无法生效`,
        hint: '可以撤回这份申请；如仍需要，请按现状重新提交。',
      },
      'rival-over': {
        title: '与你的申请冲突的申请已结束',
        said: (id) => `提交的申请 ${id} 已结束且没有生效，不再与这份申请冲突`,
        hint: '这份申请照常表决。',
      },
    },
  },
  en: {
    title: 'Conflicts with what is there',
    excludedAndSame: (one, other, rule) =>
      `${ruleOr(rule)} says that ${one} and ${other} exclude each other, so they hardly mean the same`,
    removedAndSame: (one, other, rule) =>
      `${ruleOr(rule)} says that only one of ${one} and ${other} may stay, so they hardly mean the same`,
    excludedAndImplied: (tag, one, other) =>
      `${tag} calls for both ${one} and ${other}, which exclude each other: nobody could rightly carry it`,
    removedAndImplied: (tag, one, other) =>
      `${tag} calls for ${other}, which ${one} removes: nobody could rightly carry it`,
    removedInACircle: (path) => `Tags remove each other in a circle (${path})`,
    succeededInACircle: (path) => `Tags succeed each other in a circle (${path})`,
    ruleNeedsTag: (rule, tag) => `The rule ${rule} still names ${tag} and has to be changed too`,
    ruleNeedsPart: (rule, tag, part) =>
      `The rule ${rule} goes by “${part}” of ${tag} and finds nothing without it`,
    tagNeedsTag: {
      successor: (tag, needed) => `${needed} is the successor of ${tag}`,
      parent: (tag, needed) => `${needed} is the main tag above ${tag}`,
      implied: (tag, needed) => `The dictionary says that ${tag} calls for ${needed}`,
    },
    tagOutOfUse: (tag) => `${tag} is out of use`,
    ruleTwin: (rule) => `The rule ${rule} finds the same already`,
    otherRequest: {
      voting: (id, title, who) =>
        `Request ${id} (${title}, asked for by ${who}) is being voted on; only one of the two can come true`,
      applying: (id, title, who) =>
        `Request ${id} (${title}, asked for by ${who}) was approved and is being applied; only one of the two can come true`,
      applied: (id, title, who) =>
        `Request ${id} (${title}, asked for by ${who}) came into force first; this one cannot come true any more, even if approved`,
    },
    rival: {
      rival: {
        title: 'A request contradicts yours',
        said: (id) => `made request ${id}, which cannot come true together with this one`,
        hint: 'Each is voted on by itself. The first to come into force stands, and the other one is not applied. You may agree to withdraw one.',
      },
      'rival-applied': {
        title: 'What contradicts your request came into force',
        said: (id) =>
          `made request ${id}, which came into force first; this one cannot come true any more, even if approved`,
        hint: 'You may withdraw this request, and ask again for what is still needed as things are now.',
      },
      'rival-over': {
        title: 'What contradicted your request is over',
        said: (id) =>
          `made request ${id}, which ended without coming into force and no longer contradicts this one`,
        hint: 'The vote on this request goes on.',
      },
    },
  },
};

function ruleOr(rule: string | null): string {
  return rule === null ? 'The dictionary' : `The rule ${rule}`;
}
