import type { NumberField } from '../../commands/fill-rule.ts';
import type { Locale } from '../../domain/locale.ts';
import type { RuleKind } from '../../domain/rule.ts';

interface RuleFormTexts {
  readonly newTitle: string;
  readonly newSubtitle: string;
  readonly changeTitle: (rule: string) => string;
  readonly changeSubtitle: string;
  readonly create: string;
  readonly change: string;
  readonly chooseKind: string;
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
      | 'exclusive'
      | 'dominance'
      | 'synonym'
      | 'implied'
      | 'singleChoice'
      | 'time-to-live'
      | 'stale'
      | 'mismatch'
      | 'scope'
      | 'sensitivity'
      | 'population-jump',
      string
    >
  >;
  readonly tagHint: Readonly<Record<'dominant' | 'canonical' | 'tag', string>>;
  readonly precedenceHint: string;
  readonly departmentsHint: string;
  readonly actorsHint: string;
  readonly autoFixHint: string;
  readonly autoFixMode: string;
  readonly autoFix: Readonly<Record<'no' | 'dry-run' | 'automatic', string>>;
  readonly autoFixCustomersMax: string;
  readonly autoFixShareMax: string;
  readonly autoFixShareHint: string;
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
  readonly kindHint: Readonly<Record<RuleKind, string>>;
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
    anotherKind: '换一种类型',
    says: '规则内容',
    name: '中文名称',
    nameEn: '英文名称',
    code: '编码',
    codeHint: '小写字母、数字和连字符，例如 vip-or-blacklist；不填则由英文名称生成。',
    ownerHint: '同事或值班组的编码或名称。不填则由标签的责任人处理预警。',
    on: '启用',
    off: '暂不启用',
    addTag: '添加标签',
    addTagHint: '编码或名称，多个用逗号分隔；取消勾选即可去掉。',
    tagsHint: {
      exclusive: '至少两个标签，同一位客户只能保留其中一个。',
      dominance: '有优先标签时，这些标签应当移除。',
      synonym: '与保留的标签意思相同的标签。',
      implied:
        '有了这些标签，就必须有它们的上级标签或关系中要求的标签。两项都不填表示字典里所有这样的标签。',
      singleChoice: '这些主标签下的子标签，同一位客户只能选一个。',
      'time-to-live': '不填表示所有设了有效期的标签。',
      stale: '不填表示所有设了重新确认周期的标签。',
      mismatch: '不填表示所有指定了主数据来源的标签。',
      scope: '不填表示所有限定了部门的标签。',
      sensitivity: '不填表示所有敏感标签。',
      'population-jump': '不填表示所有标签。',
    },
    tagHint: {
      dominant: '编码或名称。',
      canonical: '编码或名称。',
      tag: '编码或名称；标签须有打标条件。',
    },
    precedenceHint: '用逗号分隔，最强的在前；不填则由责任人决定保留哪一个。',
    departmentsHint: '不勾选则以标签自己的适用部门为准；标签的责任人始终可以使用。',
    actorsHint: '来源系统里记录的打标人或系统名称，每行一个。',
    autoFixHint: '扫描后由规则自己处理，不必等人确认；超出上限的仍然交给责任人，修复后可以撤销。',
    autoFixMode: '方式',
    autoFix: { no: '不自动修复', 'dry-run': '只试算，不改动', automatic: '自动修复' },
    autoFixCustomersMax: '最多修复多少位客户',
    autoFixShareMax: '最多占标签客户的比例',
    autoFixShareHint: '0.05 表示二十分之一。',
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
    kindHint: {
      exclusive: '一组标签，同一位客户最多只能有一个',
      dominance: '有了这个标签，另一些就应当移除',
      synonym: '几个标签一个意思，只留一个',
      implied: '有了子标签却没有主标签，或单选的子标签选了几个',
      'time-to-live': '标签超过了自己的有效期',
      stale: '标签很久没有人确认',
      criteria: '标签与打标条件不符',
      mismatch: '别的来源与标签的主数据来源不一致',
      scope: '标签由无权使用的部门打上',
      sensitivity: '敏感标签由无权使用的人或系统打上',
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
    anotherKind: 'Another kind',
    says: 'What the rule says',
    name: 'Name in Chinese',
    nameEn: 'Name in English',
    code: 'Code',
    codeHint:
      'Small letters, digits and hyphens, such as vip-or-blacklist. Empty: made from the English name.',
    ownerHint:
      'Code or name of a person, or of a duty whose members take turns. Empty: warnings go to the owner of the tag.',
    on: 'On',
    off: 'Off for now',
    addTag: 'Add tags',
    addTagHint: 'Code or name, several separated by commas. Untick a tag to take it out.',
    tagsHint: {
      exclusive: 'Two tags or more; a customer may keep only one of them.',
      dominance: 'These must go where the dominant tag is on.',
      synonym: 'Tags that mean the same as the one that is kept.',
      implied:
        'Where one of these is on, its main tag and what a relation says it implies must be too. Neither here nor below: every such tag.',
      singleChoice: 'Of the sub tags below each of these, a customer may carry only one.',
      'time-to-live': 'None: every tag that has a life.',
      stale: 'None: every tag that has to be confirmed.',
      mismatch: 'None: every tag that has a master source.',
      scope: 'None: every tag that is for certain departments.',
      sensitivity: 'None: every sensitive tag.',
      'population-jump': 'None: every tag.',
    },
    tagHint: {
      dominant: 'Code or name.',
      canonical: 'Code or name.',
      tag: 'Code or name of a tag that has criteria.',
    },
    precedenceHint:
      'Separated by commas, the strongest first. Empty: the owner decides which one stays.',
    departmentsHint:
      'None ticked: the departments of each tag itself. The owner of a tag always has the right.',
    actorsHint: 'People or systems as the sources name them, one a line.',
    autoFixHint:
      'The rule sees to its findings after a scan, without a person; what is over the limits goes to the owner, and what it did can be undone.',
    autoFixMode: 'How',
    autoFix: {
      no: 'It does not',
      'dry-run': 'It only says what it would change',
      automatic: 'It fixes by itself',
    },
    autoFixCustomersMax: 'Customers at most',
    autoFixShareMax: 'Part of the tag’s customers at most',
    autoFixShareHint: '0.05 is a twentieth.',
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
    kindHint: {
      exclusive: 'Of a group of tags, a customer may carry one at most',
      dominance: 'Where one tag is on, others must go',
      synonym: 'Several tags mean the same; one is kept',
      implied: 'A sub tag is on without its main tag, or several of a choice of one',
      'time-to-live': 'A tag outlives its life',
      stale: 'Nobody has confirmed a tag for too long',
      criteria: 'A tag does not agree with its criteria',
      mismatch: 'Another source disagrees with a tag’s master source',
      scope: 'A tag was put on by a department that may not use it',
      sensitivity: 'A sensitive tag was put on by somebody without the right to',
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
