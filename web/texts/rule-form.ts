import type { FormRuleKind, NumberField, RuleFault } from '../../commands/fill-rule.ts';
import type { Locale } from '../../domain/locale.ts';

interface RuleFormTexts {
  readonly newTitle: string;
  readonly newSubtitle: string;
  readonly changeTitle: (rule: string) => string;
  readonly changeSubtitle: string;
  readonly create: string;
  readonly change: string;
  readonly chooseKind: string;
  readonly otherKinds: string;
  readonly anotherKind: string;
  readonly says: string;
  readonly name: string;
  readonly nameEn: string;
  readonly code: string;
  readonly codeHint: string;
  readonly ownerHint: string;
  readonly on: string;
  readonly off: string;
  readonly addTag: string;
  readonly addTagHint: string;
  /** What it means to name no tag, or how many are needed. */
  readonly tagsHint: Readonly<
    Record<
      'exclusive' | 'dominance' | 'synonym' | 'time-to-live' | 'stale' | 'population-jump',
      string
    >
  >;
  readonly tagHint: Readonly<Record<'dominant' | 'canonical' | 'tag', string>>;
  readonly precedenceHint: string;
  /** With the unit. */
  readonly numberHint: Readonly<Record<NumberField, string>>;
  readonly usual: (value: string) => string;
  readonly noLimit: string;
  readonly reason: string;
  readonly look: string;
  readonly test: string;
  readonly submit: string;
  readonly faulty: string;
  readonly sent: (id: string) => string;
  /** Names are quoted already. */
  readonly fault: (fault: RuleFault, quoted: string) => string;
  readonly kindHint: Readonly<Record<FormRuleKind, string>>;
}

export const ruleFormTexts: Readonly<Record<Locale, RuleFormTexts>> = {
  'zh-CN': {
    newTitle: '新建规则',
    newSubtitle: '填好后先看效果，再提交委员会表决；通过后从下一次扫描起生效。',
    changeTitle: (rule) => `修改规则“${rule}”`,
    changeSubtitle: '没有改动的部分保持原样；通过后从下一次扫描起生效。',
    create: '新建规则',
    change: '修改规则',
    chooseKind: '要查什么问题？',
    otherKinds: '其他类型的规则在 rules.yaml 中声明，或通过 API 提交。',
    anotherKind: '换一种类型',
    says: '规则内容',
    name: '中文名称',
    nameEn: '英文名称',
    code: '编码',
    codeHint: '小写字母、数字和连字符，例如 vip-or-blacklist；不填则由英文名称生成。',
    ownerHint: '编码或姓名。不填则由标签的责任人处理预警。',
    on: '启用',
    off: '暂不启用',
    addTag: '添加标签',
    addTagHint: '编码或名称，多个用逗号分隔；取消勾选即可去掉。',
    tagsHint: {
      exclusive: '至少两个标签，同一位客户只能保留其中一个。',
      dominance: '有优先标签时，这些标签应当移除。',
      synonym: '与保留的标签意思相同的标签。',
      'time-to-live': '不填表示所有设了有效期的标签。',
      stale: '不填表示所有设了重新确认周期的标签。',
      'population-jump': '不填表示所有标签。',
    },
    tagHint: {
      dominant: '编码或名称。',
      canonical: '编码或名称。',
      tag: '编码或名称；标签须有打标条件。',
    },
    precedenceHint: '用逗号分隔，最强的在前；不填则由责任人决定保留哪一个。',
    numberHint: {
      tagsMax: '单位：个标签。',
      temporaryTagsMax: '单位：个临时标签。',
      definitionCharsMin: '单位：字。',
      customersMax: '单位：位客户，不超过这个数也算无人使用。',
      daysMin: '单位：天，新标签在此期间不提醒。',
      deviationsMax: '单位：倍离差，超过才算异常。',
      shareMin: '占平时人数的比例，0.2 表示五分之一。',
      customersMin: '单位：位客户，变化更小的不提醒。',
    },
    usual: (value) => `不填则为 ${value}。`,
    noLimit: '不填则不限。',
    reason: '申请理由',
    look: '看看效果',
    test: '用现有客户试算',
    submit: '提交申请',
    faulty: '有几项需要修改，见下方提示。',
    sent: (id) => `申请 #${id} 已提交`,
    fault(fault, quoted) {
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
        case 'unknown-person':
          return `没有在职的${quoted}`;
        case 'itself':
          return `${quoted}是要保留的标签，不能同时列在这里`;
        case 'outside':
          return `${quoted}不在这条规则的标签里`;
        case 'without':
          return {
            lifeDays: `${quoted}没有设有效期`,
            confirmEveryDays: `${quoted}没有设重新确认周期`,
            criteria: `${quoted}没有打标条件`,
          }[fault.what];
        case 'automatic':
          return '这条规则会自动修复，每个标签都要排进保留顺序';
      }
    },
    kindHint: {
      exclusive: '一组标签，同一位客户最多只能有一个',
      dominance: '有了这个标签，另一些就应当移除',
      synonym: '几个标签一个意思，只留一个',
      'time-to-live': '标签超过了自己的有效期',
      stale: '标签很久没有人确认',
      criteria: '标签与打标条件不符',
      overload: '一位客户身上的标签太多',
      unknown: '客户身上有字典里没有的标签',
      deprecated: '已停用或归档的标签还在使用',
      'no-definition': '字典里的标签没有像样的定义',
      unowned: '字典里的标签没有在职的责任人',
      unused: '字典里的标签没有人用',
      'population-jump': '标签的客户数突然偏离平时水平',
    },
  },
  en: {
    newTitle: 'New rule',
    newSubtitle:
      'See what it would do, then ask the committee. Once approved, it counts from the next scan on.',
    changeTitle: (rule) => `Change the rule “${rule}”`,
    changeSubtitle:
      'What you leave alone stays as it is. Once approved, the change counts from the next scan on.',
    create: 'New rule',
    change: 'Change this rule',
    chooseKind: 'What should it look for?',
    otherKinds: 'Other kinds of rules are declared in rules.yaml or requested over the API.',
    anotherKind: 'Another kind',
    says: 'What the rule says',
    name: 'Name in Chinese',
    nameEn: 'Name in English',
    code: 'Code',
    codeHint:
      'Small letters, digits and hyphens, such as vip-or-blacklist. Empty: made from the English name.',
    ownerHint: 'Code or name. Empty: warnings go to the owner of the tag.',
    on: 'On',
    off: 'Off for now',
    addTag: 'Add tags',
    addTagHint: 'Code or name, several separated by commas. Untick a tag to take it out.',
    tagsHint: {
      exclusive: 'Two tags or more; a customer may keep only one of them.',
      dominance: 'These must go where the dominant tag is on.',
      synonym: 'Tags that mean the same as the one that is kept.',
      'time-to-live': 'None: every tag that has a life.',
      stale: 'None: every tag that has to be confirmed.',
      'population-jump': 'None: every tag.',
    },
    tagHint: {
      dominant: 'Code or name.',
      canonical: 'Code or name.',
      tag: 'Code or name of a tag that has criteria.',
    },
    precedenceHint:
      'Separated by commas, the strongest first. Empty: the owner decides which one stays.',
    numberHint: {
      tagsMax: 'In tags.',
      temporaryTagsMax: 'In temporary tags.',
      definitionCharsMin: 'In characters.',
      customersMax: 'In customers; so many still count as unused.',
      daysMin: 'In days; a tag younger than this is left alone.',
      deviationsMax: 'In deviations from the usual number; more is out of the ordinary.',
      shareMin: 'As part of the usual number; 0.2 is a fifth.',
      customersMin: 'In customers; smaller changes are left alone.',
    },
    usual: (value) => `Empty: ${value}.`,
    noLimit: 'Empty: no limit.',
    reason: 'Reason',
    look: 'See what it would do',
    test: 'Try it on the customers',
    submit: 'Send request',
    faulty: 'Some fields need another look; see below.',
    sent: (id) => `Request #${id} is sent`,
    fault(fault, quoted) {
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
        case 'unknown-person':
          return `Nobody who works here is called ${quoted}`;
        case 'itself':
          return `${quoted} is the tag that stays; it cannot be listed here too`;
        case 'outside':
          return `${quoted} is not one of the rule’s tags`;
        case 'without':
          return {
            lifeDays: `${quoted} has no life`,
            confirmEveryDays: `${quoted} does not have to be confirmed`,
            criteria: `${quoted} has no criteria`,
          }[fault.what];
        case 'automatic':
          return 'This rule fixes by itself, so every tag needs its place in the order';
      }
    },
    kindHint: {
      exclusive: 'Of a group of tags, a customer may carry one at most',
      dominance: 'Where one tag is on, others must go',
      synonym: 'Several tags mean the same; one is kept',
      'time-to-live': 'A tag outlives its life',
      stale: 'Nobody has confirmed a tag for too long',
      criteria: 'A tag does not agree with its criteria',
      overload: 'A customer carries too many tags',
      unknown: 'A customer carries a tag that is not in the dictionary',
      deprecated: 'A deprecated or archived tag is still in use',
      'no-definition': 'A tag of the dictionary has no definition worth the name',
      unowned: 'A tag of the dictionary has no owner who works here',
      unused: 'Nobody carries a tag of the dictionary',
      'population-jump': 'A tag’s number of customers leaves its usual range',
    },
  },
};
