import type { RuleFault } from '../../commands/fill-rule.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import type { LackingPart } from '../../domain/rule-fit.ts';

const lacking: Readonly<Record<Locale, Readonly<Record<LackingPart, string>>>> = {
  'zh-CN': {
    lifeDays: '没有设有效期',
    confirmEveryDays: '没有设重新确认周期',
    criteria: '没有打标条件',
    departments: '没有限定部门',
    sensitive: '不是敏感标签',
    above: '既没有上级标签，也没有关系要求别的标签',
    below: '没有子标签',
  },
  en: {
    lifeDays: 'has no life',
    confirmEveryDays: 'does not have to be confirmed',
    criteria: 'has no criteria',
    departments: 'is for every department',
    sensitive: 'is not sensitive',
    above: 'has no main tag and implies no other',
    below: 'has no sub tags',
  },
};

/** Why a part of a rule does not do; the name of the tag or owner that it is about is quoted already. */
export const ruleFaultWords: Readonly<
  Record<Locale, (fault: RuleFault, quoted: string) => string>
> = {
  'zh-CN': (fault, quoted) => {
    switch (fault.kind) {
      case 'needed':
        return '请填写';
      case 'code':
        return '只能用小写字母、数字和单个连字符，例如 vip-or-blacklist';
      case 'code-taken':
        return '已有规则使用这个编码，请换一个';
      case 'not-a-number':
        return '请填写数字';
      case 'not-whole':
        return '请填写整数';
      case 'no-limit':
        return '两个上限至少填一个';
      case 'too-few':
        return `至少需要 ${fault.least} 个标签`;
      case 'too-small':
        return `不能小于 ${fault.least}`;
      case 'too-large':
        return `不能大于 ${fault.most}`;
      case 'too-long':
        return `最多 ${fault.most} 个字`;
      case 'unknown-tag':
        return `没有标签${quoted}`;
      case 'unknown-owner':
        return `没有在职的同事或轮值的值班组叫${quoted}`;
      case 'no-master':
        return `${quoted}没有指定主数据来源`;
      case 'no-right':
        return `自动修复会打上敏感标签${quoted}，而规则的责任人无权使用它`;
      case 'itself':
        return `${quoted}是要保留的标签，不能同时列在这里`;
      case 'outside':
        return `${quoted}不在这条规则的标签里`;
      case 'without':
        return `${quoted}${lacking['zh-CN'][fault.what]}`;
      case 'order':
        return '这条规则会自动修复，每个标签都要排进保留顺序';
      case 'judged':
        return '这条规则查出的问题需要人来判断，不能自动修复';
      default:
        return assertNever(fault);
    }
  },
  en: (fault, quoted) => {
    switch (fault.kind) {
      case 'needed':
        return 'Please fill this in';
      case 'code':
        return 'Only small letters, digits and single hyphens, such as vip-or-blacklist';
      case 'code-taken':
        return 'Another rule has this code; choose another one';
      case 'not-a-number':
        return 'Please give a number';
      case 'not-whole':
        return 'Please give a whole number';
      case 'no-limit':
        return 'Give at least one of the two limits';
      case 'too-few':
        return fault.least === 1
          ? 'At least one tag is needed'
          : `At least ${fault.least} tags are needed`;
      case 'too-small':
        return `At least ${fault.least}`;
      case 'too-large':
        return `At most ${fault.most}`;
      case 'too-long':
        return `At most ${fault.most} characters`;
      case 'unknown-tag':
        return `There is no tag ${quoted}`;
      case 'unknown-owner':
        return `Nobody who works here and no duty with turns is called ${quoted}`;
      case 'no-master':
        return `No source is the master of ${quoted}`;
      case 'no-right':
        return `It would put the sensitive tag ${quoted} on by itself, and the rule’s owner may not use that tag`;
      case 'itself':
        return `${quoted} is the tag that stays; it cannot be listed here too`;
      case 'outside':
        return `${quoted} is not one of the rule’s tags`;
      case 'without':
        return `${quoted} ${lacking.en[fault.what]}`;
      case 'order':
        return 'This rule fixes by itself, so every tag needs its place in the order';
      case 'judged':
        return 'A person has to look at what this rule finds, so it cannot fix by itself';
      default:
        return assertNever(fault);
    }
  },
};
