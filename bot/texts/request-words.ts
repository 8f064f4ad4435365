import type { AskedKind } from '../../domain/asked-kind.ts';
import type { ruleEdits } from '../../commands/fill-proposal.ts';
import type { Locale } from '../../domain/locale.ts';
import type { PartName } from '../../domain/requests/part-change.ts';
import type { NotApplied } from '../../domain/request.ts';
import type { RequestTopic } from '../../domain/requests/topic.ts';

/** What a request's sentence is made of; names of tags and rules are quoted already. */
export interface RequestSentence {
  readonly who: string;
  readonly first: string;
  readonly second: string;
  readonly third: string;
}

type FormTexts = Readonly<Record<AskedKind, { readonly choice: string; readonly hint: string }>>;

interface RequestWords {
  readonly form: {
    readonly kinds: FormTexts;
    /** Under the title; empty where the fields say enough. */
    readonly intro: Readonly<Record<AskedKind, string>>;
    readonly tag: string;
    readonly person: string;
    readonly successor: string;
    readonly how: string;
    readonly keep: string;
    readonly replace: string;
    readonly attribute: string;
    readonly operator: string;
    readonly value: string;
    readonly nameMet: string;
    readonly nameUnmet: string;
    readonly codeOf: (side: string) => string;
    readonly nameEnOf: (side: string) => string;
    readonly definitionOf: (side: string) => string;
    readonly lifeDays: string;
    /** What is to come of what is written. */
    readonly next: string;
    readonly send: string;
    readonly draft: string;
    readonly rule: string;
    readonly change: string;
    readonly changes: Readonly<Record<(typeof ruleEdits)[number], string>>;
    readonly ruleValue: string;
  };
  readonly topic: Readonly<Record<RequestTopic, string>>;
  /** What is asked for, in full. Tags stand in the order of `tagsOfProposal`. */
  readonly sentence: Readonly<Record<RequestTopic, (named: RequestSentence) => string>>;
  /** Counts are written out; `what`: customers or tags. */
  readonly backTest: {
    readonly title: string;
    readonly what: Readonly<Record<'customers' | 'tags', (count: string) => string>>;
    readonly flagged: Readonly<
      Record<'customers' | 'tags', (flagged: string, examined: string, share: string) => string>
    >;
    readonly off: string;
    readonly compared: (anew: string, noLonger: string) => string;
    readonly same: string;
    readonly undecided: (customers: string) => string;
    readonly dismissedBefore: (flagged: string) => string;
    readonly record: (right: string, wrong: string) => string;
    readonly overlap: (rule: string, flagged: string) => string;
    readonly testedAt: (at: string) => string;
  };
  /** Why Tagwarden itself asks to change a rule. */
  readonly learned: (decided: string, wrong: string, precision: string) => string;
  readonly learnedDays: (decided: string, wrong: string, precision: string) => string;
  /** Why what was approved could not be applied, without a full stop; what it names is quoted already. */
  readonly notApplied: Readonly<Record<NotApplied['kind'], (named: string) => string>>;
  readonly part: Readonly<Record<PartName, string>>;
  readonly changes: string;
  readonly batch: {
    readonly title: string;
    readonly waiting: string;
    readonly applying: string;
    readonly applied: (customers: string | null) => string;
    readonly undoing: string;
    /** `customersLeft`: who had changed since; null: nobody. */
    readonly undone: (customersLeft: string | null) => string;
    readonly left: string;
    readonly failed: (why: string) => string;
    readonly outcome: Readonly<
      Record<'applied' | 'failed' | 'undone' | 'left', (items: string) => string>
    >;
    readonly partOf: string;
  };
  /** Between a value as it was and as it is to be. */
  readonly becomes: string;
  readonly nothing: string;
  readonly criterion: string;
  readonly met: string;
  readonly unmet: string;
  readonly value: {
    readonly yesNo: (yes: boolean) => string;
    readonly days: (days: string) => string;
    readonly everyDepartment: string;
    readonly direction: Readonly<Record<'unmet' | 'missing' | 'both', string>>;
    readonly autoFix: Readonly<
      Record<'dry-run' | 'automatic', (customers: string, share: string) => string>
    >;
  };
  readonly condition: {
    readonly all: string;
    readonly any: string;
    readonly not: string;
    readonly atLeast: (count: string, parts: string) => string;
    readonly between: string;
    readonly withinDays: (attribute: string, days: number) => string;
    readonly withinMonths: (attribute: string, months: number) => string;
    readonly nested: (part: string) => string;
  };
}

export const requestWords: Readonly<Record<Locale, RequestWords>> = {
  'zh-CN': {
    form: {
      kinds: {
        create: { choice: '新建标签', hint: '字典里没有能表达这个意思的标签' },
        activate: { choice: '启用标签', hint: '待批准的标签开始使用，停用或归档的标签恢复使用' },
        change: { choice: '修改标签', hint: '定义、级别、类别、有效期' },
        rename: { choice: '标签改名', hint: '意思不变，换个名称' },
        owner: { choice: '更换责任人', hint: '由另一位同事负责' },
        merge: { choice: '合并标签', hint: '两个标签是一个意思，留一个' },
        split: { choice: '拆分标签', hint: '一个标签两个意思，按条件分开' },
        deprecate: { choice: '停用或替换标签', hint: '不再新增，可以由另一个标签接替' },
        retire: { choice: '下线标签', hint: '标签不再需要，归档并从所有客户身上移除' },
        rule: { choice: '修改规则', hint: '开关、级别、阈值、允许并存的标签' },
      },
      intro: {
        create: '',
        activate:
          '通过后可以给客户打上这个标签；停用、归档的标签恢复使用时，不再由别的标签接替，客户身上的标签不变。',
        change: '改哪项填哪项，其余保持原样。',
        rename: '编码不变，带有它的客户不变；按名称记录标签的来源系统会一并改写。',
        owner: '通过后，这个标签的预警由新的责任人处理。',
        merge: '通过后，带有前一个标签的客户都会换成后一个；前一个标签停用。',
        split:
          '通过后，满足条件的客户换成第一个标签，不满足的换成第二个；缺少数据的客户保持不变，原标签停用。',
        deprecate: '通过后不再新增。选择替换时，带有它的客户会换成接替标签。',
        retire: '通过后，标签会归档，并从所有带有它的客户身上移除，没有标签代替它；之后可以撤销。',
        rule: '规则的其他部分保持原样。数据管理员可以在规则页面用现有客户回测。',
      },
      tag: '标签（编码或名称）',
      person: '新的责任人（编码或姓名）',
      successor: '接替标签（编码或名称，可以不填）',
      how: '已经带有它的客户',
      keep: '暂不改动，由预警逐步处理',
      replace: '换成接替标签',
      attribute: '按客户的哪个属性拆分',
      operator: '比较方式',
      value: '数值',
      nameMet: '满足条件的标签：中文名称',
      nameUnmet: '不满足条件的标签：中文名称',
      codeOf: (side) => `${side}：编码`,
      nameEnOf: (side) => `${side}：英文名称`,
      definitionOf: (side) => `${side}：定义`,
      lifeDays: '有效期（天，不填表示长期）',
      next: '接下来',
      send: '提交给委员会',
      draft: '先存为草稿',
      rule: '规则（编码或名称）',
      change: '改什么',
      changes: {
        off: '关闭',
        on: '启用',
        'severity-high': '级别改为严重',
        'severity-medium': '级别改为警告',
        'severity-low': '级别改为提醒',
        threshold: '调整阈值（填写新数值）',
        pair: '允许两个标签并存（填写两个标签）',
      },
      ruleValue: '新数值，或用逗号隔开的两个标签（开关和级别不用填）',
    },
    topic: {
      'create-tag': '新建标签',
      'activate-tag': '启用标签',
      'revive-tag': '恢复标签',
      'rename-tag': '标签改名',
      'hand-over-tag': '更换责任人',
      'change-tag': '修改标签',
      'merge-tags': '合并标签',
      'split-tag': '拆分标签',
      'deprecate-tag': '停用标签',
      'replace-tag': '替换标签',
      'retire-tag': '下线标签',
      'new-rule': '新建规则',
      'rule-off': '关闭规则',
      'change-rule': '修改规则',
      exception: '例外',
      batch: '批量',
    },
    sentence: {
      'create-tag': ({ who, first }) => `${who}申请新建标签${first}。`,
      'activate-tag': ({ who, first }) => `${who}申请启用${first}：通过后可以给客户打上它。`,
      'revive-tag': ({ who, first }) =>
        `${who}申请恢复使用${first}：通过后可以重新给客户打上它，客户身上的标签不变。`,
      'rename-tag': ({ who, first }) =>
        `${who}申请给${first}改名：编码不变，带有它的客户不变；按名称记录标签的来源系统会一并改写。`,
      'hand-over-tag': ({ who, first }) => `${who}申请更换${first}的责任人。`,
      'change-tag': ({ who, first }) => `${who}申请修改${first}。`,
      'merge-tags': ({ who, first, second }) =>
        `${who}申请把${first}合并到${second}：所有带${first}的客户换成${second}，${first}停用。`,
      'split-tag': ({ who, first, second, third }) =>
        `${who}申请把${first}拆分成两个标签：满足条件的客户换成${second}，不满足的换成${third}；缺少数据、无法判断的客户保持不变。${first}停用。`,
      'deprecate-tag': ({ who, first, second }) =>
        `${who}申请停用${first}${second === '' ? '' : `，由${second}接替`}：不再新增，已经带有它的客户暂不改动，之后由预警逐步处理。`,
      'replace-tag': ({ who, first, second }) =>
        `${who}申请用${second}替换${first}：所有带${first}的客户换成${second}，${first}停用。`,
      'retire-tag': ({ who, first }) => `${who}申请下线${first}：它会归档，并从所有客户身上移除。`,
      'new-rule': ({ who, first }) => `${who}申请新建规则${first}。`,
      'rule-off': ({ who, first }) => `${who}申请关闭规则${first}。`,
      'change-rule': ({ who, first }) => `${who}申请修改规则${first}。`,
      exception: ({ who, first, second }) =>
        `${who}申请把预警 ${first} 设为例外，到 ${second} 为止。`,
      batch: ({ who, first, second }) =>
        `${who}一次申请 ${second} 项改动（${first}），一起表决，逐项生效。`,
    },
    backTest: {
      title: '回测',
      what: { customers: (count) => `${count} 位客户`, tags: (count) => `${count} 个标签` },
      flagged: {
        customers: (flagged, examined, share) =>
          `${examined} 位客户中命中 ${flagged} 位（${share}）`,
        tags: (flagged, examined, share) => `${examined} 个标签中命中 ${flagged} 个（${share}）`,
      },
      off: '以上是规则现在的命中情况；关闭后不再检查',
      compared: (anew, noLonger) => `与现行规则相比，新命中 ${anew}，不再命中 ${noLonger}`,
      same: '与现行规则命中的完全相同',
      undecided: (customers) => `无法判断：${customers}`,
      dismissedBefore: (flagged) => `其中 ${flagged}的同样情况曾被判为“不是冲突”`,
      record: (right, wrong) =>
        `规则以往的预警：${right} 条属实并已修复，${wrong} 条因规则有误被判为“不是冲突”`,
      overlap: (rule, flagged) => `规则${rule}也命中其中 ${flagged}`,
      testedAt: (at) => `试算时间：${at}，没有改动任何客户`,
    },
    learned: (decided, wrong, precision) =>
      `这条规则误报偏多：已有结论的 ${decided} 条预警中，${wrong} 条因规则有误被判为“不是冲突”，准确率只有 ${precision}`,
    learnedDays: (decided, wrong, precision) =>
      `这个标签的期限定得太短：因到期发出的预警中，已有结论的 ${decided} 条里有 ${wrong} 条因规则有误被判为“不是冲突”，准确率只有 ${precision}`,
    notApplied: {
      'tag-gone': (tag) => `字典里已经没有${tag}`,
      'tag-changed': (tag) => `${tag}在表决期间被改过，与委员会看到的不同`,
      'rule-changed': (rule) => `规则${rule}在表决期间被改过，与委员会看到的不同`,
      'no-successor': (tag) => `${tag}已停用，而且没有接替标签`,
      'successors-in-a-circle': (tags) => `标签互相接替，绕成了一圈（${tags}）`,
      'warning-over': (warning) => `预警 ${warning} 已经结束`,
      'rival-first': (request) => `申请 ${request} 已先生效，两者不能同时成立，如仍需要请重新提交`,
      'no-item-applied': () => '没有一项能够生效',
      'no-longer-fits': (fault) => `表决期间情况有变：${fault}`,
    },
    part: {
      name: '名称',
      definition: '定义',
      level: '级别',
      category: '类别',
      parentCode: '上级标签',
      departmentCodes: '适用部门',
      ownerCode: '责任人',
      status: '状态',
      successorCode: '接替标签',
      lifeDays: '有效期',
      confirmEveryDays: '重新确认周期',
      criteria: '打标条件',
      sensitive: '敏感标签',
      seenByDepartmentCodes: '可见部门',
      enabled: '启用',
      severity: '级别',
      tagCodes: '标签',
      precedence: '保留顺序（先强后弱）',
      allowedPairs: '允许并存的标签',
      dominantCode: '优先标签',
      dominatedCodes: '应移除的标签',
      canonicalCode: '保留的标签',
      synonymCodes: '同义标签',
      direction: '检查方向',
      tagsMax: '标签数上限',
      temporaryTagsMax: '临时标签数上限',
      singleChoiceCodes: '只能选一个子标签的主标签',
      scopeDepartmentCodes: '有权使用的部门',
      actorNames: '有权使用的打标人',
      definitionCharsMin: '定义最少字数',
      customersMax: '客户数不超过',
      daysMin: '至少存在多久',
      deviationsMax: '偏离倍数上限',
      shareMin: '最小变化比例',
      customersMin: '最少变化客户数',
      autoFix: '自动修复',
    },
    changes: '改动',
    batch: {
      title: '各项改动',
      waiting: '等待生效',
      applying: '正在生效',
      applied: (customers) =>
        customers === null ? '已生效' : `已生效，修改了 ${customers} 位客户`,
      undoing: '正在撤销',
      undone: (customersLeft) =>
        customersLeft === null
          ? '已撤销'
          : `已撤销，${customersLeft} 位客户之后又有变动或来源系统未接受，保持现状`,
      left: '之后又被改过，没有撤销，保持现状',
      failed: (why) => `没有生效：${why}`,
      outcome: {
        applied: (items) => `生效 ${items} 项`,
        failed: (items) => `未生效 ${items} 项`,
        undone: (items) => `已撤销 ${items} 项`,
        left: (items) => `${items} 项之后又被改过、没有撤销`,
      },
      partOf: '所属批量申请',
    },
    becomes: ' → ',
    nothing: '无',
    criterion: '拆分条件',
    met: '满足条件',
    unmet: '不满足条件',
    value: {
      yesNo: (yes) => (yes ? '是' : '否'),
      days: (days) => `${days} 天`,
      everyDepartment: '所有部门',
      direction: { unmet: '带了但不满足条件', missing: '满足条件但没带', both: '两种都查' },
      autoFix: {
        'dry-run': (customers, share) => `只试算（最多 ${customers} 位客户、占比 ${share}）`,
        automatic: (customers, share) => `自动修复（最多 ${customers} 位客户、占比 ${share}）`,
      },
    },
    condition: {
      all: '，且',
      any: '，或',
      not: '不满足：',
      atLeast: (count, parts) => `以下至少满足 ${count} 项：${parts}`,
      between: '；',
      withinDays: (attribute, days) => `${attribute}在最近 ${days} 天内`,
      withinMonths: (attribute, months) => `${attribute}在最近 ${months} 个月内`,
      nested: (part) => `（${part}）`,
    },
  },
  en: {
    form: {
      kinds: {
        create: { choice: 'A new tag', hint: 'No tag in the dictionary says this yet' },
        activate: {
          choice: 'A tag into use',
          hint: 'A proposed tag starts, or one out of use comes back',
        },
        change: { choice: 'A change of a tag', hint: 'Definition, level, category, life' },
        rename: { choice: 'Another name', hint: 'It means the same and is called otherwise' },
        owner: { choice: 'Another owner', hint: 'A colleague answers for it' },
        merge: { choice: 'A merge of two tags', hint: 'They mean the same; one should go' },
        split: {
          choice: 'A split',
          hint: 'One tag means two things; a condition tells them apart',
        },
        deprecate: {
          choice: 'A tag out of use',
          hint: 'No longer put on; another may take its place',
        },
        retire: {
          choice: 'The end of a tag',
          hint: 'It is no longer needed; it comes off every customer',
        },
        rule: {
          choice: 'A change of a rule',
          hint: 'On or off, severity, threshold, a pair that may stand',
        },
      },
      intro: {
        create: '',
        activate:
          'Once approved, it may be put on customers. A tag that comes back has no successor any more; what customers carry stays.',
        change: 'Change what should be otherwise; the rest stays as it is.',
        rename:
          'Its code and its customers stay; sources that know tags by name are rewritten too.',
        owner: 'Once approved, the new owner gets the warnings of this tag.',
        merge:
          'Once approved, every customer with the first tag gets the second instead, and the first is deprecated.',
        split:
          'Once approved, customers who meet the condition get the first tag, the others the second; of whom that cannot be said keeps what they have. The tag itself is deprecated.',
        deprecate:
          'Once approved it is no longer put on. Where it is replaced, its customers get the successor.',
        retire:
          'Once approved, the tag is archived and taken off every customer who carries it; nothing takes its place. It can be undone.',
        rule: 'The rest of the rule stays as it is. Data admins can test it on the customers as they are on its page.',
      },
      tag: 'Tag (code or name)',
      person: 'New owner (code or name)',
      successor: 'Successor (code or name; may be left empty)',
      how: 'Customers who carry it',
      keep: 'keep it for now; warnings see to them',
      replace: 'get the successor',
      attribute: 'Attribute that tells them apart',
      operator: 'Compared how',
      value: 'With what',
      nameMet: 'Tag where it is met: Chinese name',
      nameUnmet: 'Tag where it is not: Chinese name',
      codeOf: (side) => `${side}: code`,
      nameEnOf: (side) => `${side}: English name`,
      definitionOf: (side) => `${side}: definition`,
      lifeDays: 'Life in days (empty: no end)',
      next: 'Then',
      send: 'Send to the committee',
      draft: 'Keep as a draft',
      rule: 'Rule (code or name)',
      change: 'What to change',
      changes: {
        off: 'Turn it off',
        on: 'Turn it on',
        'severity-high': 'Severity high',
        'severity-medium': 'Severity medium',
        'severity-low': 'Severity low',
        threshold: 'Threshold (write the figure)',
        pair: 'Let two tags stand together (write both)',
      },
      ruleValue: 'The figure, or two tags separated by a comma (not for on, off or severity)',
    },
    topic: {
      'create-tag': 'New tag',
      'activate-tag': 'Activate',
      'revive-tag': 'Reinstate',
      'rename-tag': 'Rename',
      'hand-over-tag': 'New owner',
      'change-tag': 'Change of a tag',
      'merge-tags': 'Merge',
      'split-tag': 'Split',
      'deprecate-tag': 'Deprecate',
      'replace-tag': 'Replace',
      'retire-tag': 'Retire',
      'new-rule': 'New rule',
      'rule-off': 'Rule off',
      'change-rule': 'Change of a rule',
      exception: 'Exception',
      batch: 'Batch',
    },
    sentence: {
      'create-tag': ({ who, first }) => `${who} asks for the new tag ${first}.`,
      'activate-tag': ({ who, first }) =>
        `${who} asks to put ${first} into use: once approved, it may be put on customers.`,
      'revive-tag': ({ who, first }) =>
        `${who} asks to bring ${first} back into use: it may be put on customers again, and what they carry stays.`,
      'rename-tag': ({ who, first }) =>
        `${who} asks to rename ${first}: its code and its customers stay; sources that know tags by name are rewritten too.`,
      'hand-over-tag': ({ who, first }) => `${who} asks for another owner of ${first}.`,
      'change-tag': ({ who, first }) => `${who} asks to change ${first}.`,
      'merge-tags': ({ who, first, second }) =>
        `${who} asks to merge ${first} into ${second}: every customer with ${first} gets ${second} instead, and ${first} is deprecated.`,
      'split-tag': ({ who, first, second, third }) =>
        `${who} asks to split ${first} in two: customers who meet the condition get ${second} instead, those who do not get ${third}; of whom that cannot be said keeps it. ${first} is deprecated.`,
      'deprecate-tag': ({ who, first, second }) =>
        `${who} asks to deprecate ${first}${second === '' ? '' : `, succeeded by ${second}`}: it is no longer put on; customers who carry it keep it for now, and warnings see to them.`,
      'replace-tag': ({ who, first, second }) =>
        `${who} asks to replace ${first} by ${second}: every customer with ${first} gets ${second} instead, and ${first} is deprecated.`,
      'retire-tag': ({ who, first }) =>
        `${who} asks to retire ${first}: it is archived and taken off every customer.`,
      'new-rule': ({ who, first }) => `${who} asks for the new rule ${first}.`,
      'rule-off': ({ who, first }) => `${who} asks to turn off the rule ${first}.`,
      'change-rule': ({ who, first }) => `${who} asks to change the rule ${first}.`,
      exception: ({ who, first, second }) =>
        `${who} asks to make warning ${first} an exception until ${second}.`,
      batch: ({ who, first, second }) =>
        `${who} asks for ${second} changes at once (${first}). They are voted on together and applied one by one.`,
    },
    backTest: {
      title: 'Back-test',
      what: {
        customers: (count) => `${count} ${count === '1' ? 'customer' : 'customers'}`,
        tags: (count) => `${count} ${count === '1' ? 'tag' : 'tags'}`,
      },
      flagged: {
        customers: (flagged, examined, share) =>
          `Flags ${flagged} of ${examined} customers (${share})`,
        tags: (flagged, examined, share) => `Flags ${flagged} of ${examined} tags (${share})`,
      },
      off: 'That is what the rule flags now; turned off, it looks for nothing any more',
      compared: (anew, noLonger) =>
        `Against the rule as it is: ${anew} flagged anew, ${noLonger} flagged no longer`,
      same: 'It flags exactly what the rule flags as it is',
      undecided: (customers) => `Cannot tell of ${customers}`,
      dismissedBefore: (flagged) => `The same on ${flagged} was ruled to be no conflict before`,
      record: (right, wrong) =>
        `Warnings of the rule so far: ${right} right and fixed, ${wrong} dismissed because the rule was wrong`,
      overlap: (rule, flagged) => `The rule ${rule} flags ${flagged} of these too`,
      testedAt: (at) => `Tried on the data of ${at}; no customer was changed`,
    },
    learned: (decided, wrong, precision) =>
      `The rule is wrong too often: of ${decided} warnings that were decided, ${wrong} were dismissed because it was wrong, so it is right in only ${precision}`,
    learnedDays: (decided, wrong, precision) =>
      `The tag's days are too short: of ${decided} decided warnings that it was overdue, ${wrong} were dismissed because the rule was wrong, so only ${precision} were right`,
    notApplied: {
      'tag-gone': (tag) => `${tag} is no longer in the dictionary`,
      'tag-changed': (tag) =>
        `${tag} was changed during the vote and is not what the committee saw`,
      'rule-changed': (rule) =>
        `the rule ${rule} was changed during the vote and is not what the committee saw`,
      'no-successor': (tag) => `${tag} is out of use and has no successor`,
      'successors-in-a-circle': (tags) => `tags succeed each other in a circle (${tags})`,
      'warning-over': (warning) => `warning ${warning} is over already`,
      'rival-first': (request) =>
        `request ${request} came into force first and the two cannot both stand; ask again if it is still needed`,
      'no-item-applied': () => 'none of its changes could be applied',
      'no-longer-fits': (fault) => `things changed during the vote: ${fault}`,
    },
    part: {
      name: 'Name',
      definition: 'Definition',
      level: 'Level',
      category: 'Category',
      parentCode: 'Main tag above it',
      departmentCodes: 'Departments',
      ownerCode: 'Owner',
      status: 'Status',
      successorCode: 'Successor',
      lifeDays: 'Life',
      confirmEveryDays: 'To be confirmed every',
      criteria: 'Criteria',
      sensitive: 'Sensitive',
      seenByDepartmentCodes: 'Also seen by',
      enabled: 'In force',
      severity: 'Severity',
      tagCodes: 'Tags',
      precedence: 'Which is kept, strongest first',
      allowedPairs: 'Pairs that may stand',
      dominantCode: 'Dominant tag',
      dominatedCodes: 'Tags that must go',
      canonicalCode: 'Tag that is kept',
      synonymCodes: 'Synonyms',
      direction: 'Looks for',
      tagsMax: 'Tags at most',
      temporaryTagsMax: 'Temporary tags at most',
      singleChoiceCodes: 'Main tags with one sub tag at most',
      scopeDepartmentCodes: 'Departments with the right',
      actorNames: 'People with the right',
      definitionCharsMin: 'Characters of a definition at least',
      customersMax: 'Customers at most',
      daysMin: 'There for at least',
      deviationsMax: 'Deviations at most',
      shareMin: 'Change of at least',
      customersMin: 'Customers at least',
      autoFix: 'Automatic fix',
    },
    changes: 'What changes',
    batch: {
      title: 'The changes',
      waiting: 'waiting for its turn',
      applying: 'being applied',
      applied: (customers) =>
        customers === null ? 'applied' : `applied, ${customers} customers changed`,
      undoing: 'being undone',
      undone: (customersLeft) =>
        customersLeft === null
          ? 'undone'
          : `undone, except for customers who changed since or whom the source refused: ${customersLeft}`,
      left: 'not undone, changed since: stays as it is',
      failed: (why) => `not applied: ${why}`,
      outcome: {
        applied: (items) => `${items} applied`,
        failed: (items) => `${items} not applied`,
        undone: (items) => `${items} undone`,
        left: (items) => `${items} not undone, changed since`,
      },
      partOf: 'Voted on in',
    },
    becomes: ' → ',
    nothing: 'none',
    criterion: 'Condition',
    met: 'Where it is met',
    unmet: 'Where it is not',
    value: {
      yesNo: (yes) => (yes ? 'yes' : 'no'),
      days: (days) => `${days} days`,
      everyDepartment: 'all',
      direction: {
        unmet: 'on though criteria are not met',
        missing: 'missing though criteria are met',
        both: 'both',
      },
      autoFix: {
        'dry-run': (customers, share) => `dry run only (up to ${customers} customers and ${share})`,
        automatic: (customers, share) => `automatic (up to ${customers} customers and ${share})`,
      },
    },
    condition: {
      all: ' and ',
      any: ' or ',
      not: 'not ',
      atLeast: (count, parts) => `at least ${count} of: ${parts}`,
      between: '; ',
      withinDays: (attribute, days) => `${attribute} within the last ${days} days`,
      withinMonths: (attribute, months) =>
        `${attribute} within the last ${months} ${months === 1 ? 'month' : 'months'}`,
      nested: (part) => `(${part})`,
    },
  },
};
