import type { FixCounts, ResolutionCode } from '../../domain/fix.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Role } from '../../domain/person.ts';
import type { RuleKind } from '../../domain/rule.ts';
import type { Severity } from '../../domain/severity.ts';
import type { TagCategory, TagLevel, TagStatus } from '../../domain/tag.ts';
import type { CloseReason, DismissReason, WarningState } from '../../domain/warning.ts';
import type { RuleWords, TagNames } from './words.ts';

const numbers = new Intl.NumberFormat('zh-CN');
const n = (value: number) => numbers.format(value);
/** A space where figures meet Chinese characters, none where characters meet. */
const at = (instant: string) =>
  `${/^\d/u.test(instant) ? ' ' : ''}${instant}${/\d$/u.test(instant) ? ' ' : ''}`;
const people = (count: number) => `${n(count)} 位客户`;

/**
 * Every text people see, in Chinese. Its shape is the catalogue's type: the build fails where the other
 * language lacks a text. Tag names come in already quoted; counts come in as numbers.
 */
export const zhCn = {
  locale: 'zh-CN' as Locale,
  quote: (name: string) => `「${name}」`,
  listSeparator: '、',
  clauseSeparator: '，',
  colon: '：',
  parentheses: (text: string) => `（${text}）`,
  customers: people,
  fullStop: '。',
  /** Between two sentences of one line. */
  sentenceGap: '',
  more: (count: number) => `…另有 ${n(count)} 位`,
  moreItems: (count: number) => `…另有 ${n(count)} 条`,
  moreTags: (count: number) => `另有 ${n(count)} 个标签`,
  system: 'Tagwarden',

  severity: { high: '严重', medium: '警告', low: '提醒' } satisfies Record<Severity, string>,
  role: {
    tagger: '打标人',
    owner: '责任人',
    'second-line': '二级响应人',
    committee: '标签管理委员会成员',
    manager: '业务线负责人',
    'data-admin': '数据管理员',
    auditor: '审计员',
  } satisfies Record<Role, string>,
  tagLevel: { main: '主标签', sub: '子标签', temporary: '临时标签' } satisfies Record<
    TagLevel,
    string
  >,
  tagCategory: {
    basic: '基础属性',
    transaction: '交易',
    behaviour: '行为',
    prediction: '预测',
  } satisfies Record<TagCategory, string>,
  tagStatus: {
    proposed: '申请中',
    active: '使用中',
    deprecated: '已停用',
    archived: '已归档',
  } satisfies Record<TagStatus, string>,

  warningState: {
    open: '待认领',
    claimed: '处理中',
    fixing: '修复中',
    verifying: '复查中',
  } satisfies Record<Exclude<WarningState['kind'], 'closed'>, string>,
  closeReason: {
    fixed: '已修复',
    'fixed-by-hand': '已手动修复',
    'not-a-conflict': '不是冲突',
    excepted: '已设为例外',
    gone: '冲突已消失',
  } satisfies Record<CloseReason, string>,
  snoozed: '已推迟',
  dismissReason: {
    'rule-wrong': { label: '规则不对', hint: '规则本身不合理或太严，会计入规则的误报率' },
    'data-wrong': { label: '数据不对', hint: '标签没错，是数据源或同步出了问题' },
    'special-customer': { label: '客户特殊', hint: '这些客户情况特殊，规则对其他客户仍然成立' },
    other: { label: '其他', hint: '请在说明里写清楚' },
  } satisfies Record<DismissReason, { label: string; hint: string }>,

  rule: {
    exclusive: {
      what: ({ customers, first, second }) =>
        first && second
          ? `${people(customers)}同时带有${first}和${second}。`
          : `${people(customers)}带有不能同时存在的标签。`,
      rule: ({ first, second }) =>
        first && second
          ? '这两个标签互斥，一位客户只能留一个。'
          : '这组标签互斥，一位客户只能留一个。',
      why: () => '互斥的标签并存时，按其中任何一个做的营销、服务和统计都可能出错。',
      advice: () => '看哪个标签符合客户现状，留下它，移除另一个。',
    },
    dominance: {
      what: ({ customers, first, second }) =>
        first && second
          ? `${people(customers)}同时带有${first}和${second}。`
          : `${people(customers)}带有${second ?? '优先标签'}，同时还带有应当移除的标签。`,
      rule: ({ first, second }) =>
        `${second ?? '优先标签'}生效后，${first ?? '与它冲突的标签'}应移除。`,
      why: ({ first }) =>
        `两者并存时，客户仍会按${first ?? '应移除的标签'}对待，可能收到不该有的活动和权益。`,
      advice: ({ first, second }) =>
        `移除${first ?? '与它冲突的标签'}；如果是${second ?? '优先标签'}打错了，就移除${second ?? '优先标签'}。`,
    },
    synonym: {
      what: ({ customers, first, second }) =>
        first && second
          ? `${people(customers)}同时带有含义相同的${first}和${second}。`
          : `${people(customers)}带有多个含义相同的标签。`,
      rule: ({ canonical }) =>
        canonical ? `它们是同义标签，统一使用${canonical}。` : '它们是同义标签，只留标准的那个。',
      why: () => '同一类客户被分成几份，圈选会漏人，统计会重复。',
      advice: ({ canonical }) => `保留${canonical ?? '标准标签'}，移除同义标签。`,
    },
    'time-to-live': {
      what: ({ customers, first }) =>
        first
          ? `${people(customers)}的${first}已过有效期。`
          : `${people(customers)}带有已过有效期的标签。`,
      rule: ({ successor }) => (successor ? `到期后应换成${successor}。` : '到期后应移除。'),
      why: () => '标签过期不换，客户会一直停在旧阶段，例如老客户还在收新客礼包。',
      advice: ({ first, successor }) =>
        successor ? `把${first ?? '过期标签'}换成${successor}。` : `移除${first ?? '过期标签'}。`,
    },
    stale: {
      what: ({ customers, first }) =>
        first
          ? `${people(customers)}的${first}很久没有确认了。`
          : `${people(customers)}带有很久没有确认的标签。`,
      rule: () => '这类标签要定期确认，逾期没有确认就不再可信。',
      why: () => '没有人确认的标签会慢慢与事实不符，却还在被使用。',
      advice: () => '仍然符合的，在 CRM 里重新打上；不再符合的，移除。',
    },
    criteria: {
      what: ({ customers, first, direction }) => {
        const tag = first ?? '该标签';
        if (direction === 'unmet') return `${people(customers)}带有${tag}，但不满足它的条件。`;
        if (direction === 'missing')
          return `${people(customers)}满足${tag}的条件，却没有这个标签。`;
        return `${people(customers)}的${tag}与客户数据不符：不该有的还在，或该有的没有。`;
      },
      rule: ({ direction }) => {
        if (direction === 'unmet') return '不满足条件的客户不应带有这个标签。';
        if (direction === 'missing') return '满足条件的客户都应带有这个标签。';
        return '客户带有这个标签，当且仅当满足它的条件。';
      },
      why: () => '标签与数据对不上，活动会推给不该推的人，或漏掉该推的人。',
      advice: ({ direction }) =>
        direction === 'missing'
          ? '补上标签；如果数据有误，先改数据。'
          : '移除标签；如果数据有误，先改数据。',
    },
    overload: {
      what: ({ customers }) => `${people(customers)}的标签数量超过上限。`,
      rule: ({ tagsMax, temporaryTagsMax }) => {
        if (tagsMax !== null && temporaryTagsMax !== null) {
          return `每位客户最多 ${n(tagsMax)} 个标签，其中临时标签最多 ${n(temporaryTagsMax)} 个。`;
        }
        return tagsMax === null
          ? `每位客户最多 ${n(temporaryTagsMax ?? 0)} 个临时标签。`
          : `每位客户最多 ${n(tagsMax)} 个标签。`;
      },
      why: () => '标签太多时，没有人说得清哪些可信，营销容易圈错人。',
      advice: () => '移除最弱的标签，或者逐个客户决定。',
    },
    unknown: {
      what: ({ customers, first }) =>
        first
          ? `${people(customers)}带有字典里没有的标签${first}。`
          : `${people(customers)}带有字典里没有的标签。`,
      rule: () => '只能使用字典里的标签。',
      why: () => '字典外的标签没有定义，也没有人负责，各部门理解不一。',
      advice: () => '移除它；如果确实需要，先申请加入字典，或并入已有标签。',
    },
    deprecated: {
      what: ({ customers, first }) =>
        first
          ? `${people(customers)}仍带有已停用的${first}。`
          : `${people(customers)}仍带有已停用的标签。`,
      rule: ({ successor }) =>
        successor ? `停用的标签应换成${successor}。` : '停用的标签应移除。',
      why: () => '停用的标签不再维护，按它圈选的人群会越来越不准。',
      advice: ({ first, successor }) =>
        successor ? `把${first ?? '停用标签'}换成${successor}。` : `移除${first ?? '停用标签'}。`,
    },
  } satisfies Record<RuleKind, RuleWords> as Record<RuleKind, RuleWords>,

  /** What a tag is called where a warning is about several different ones. */
  tagRole: {
    exclusive: { first: '优先级低的标签', second: '优先级高的标签' },
    dominance: { first: '与它冲突的标签', second: '优先标签' },
    synonym: { first: '同义标签', second: '标准标签' },
    'time-to-live': { first: '过期标签', second: '接替标签' },
    stale: { first: '久未确认的标签', second: '接替标签' },
    criteria: { first: '该标签', second: '接替标签' },
    overload: { first: '多余的标签', second: '其余标签' },
    unknown: { first: '字典外的标签', second: '已有标签' },
    deprecated: { first: '停用标签', second: '接替标签' },
  } satisfies Record<RuleKind, { first: string; second: string }>,

  resolution: {
    'keep-first': ({ first, second }) => `保留${first}，移除${second}`,
    'keep-second': ({ first, second }) => `保留${second}，移除${first}`,
    remove: ({ first }) => `移除${first}`,
    replace: ({ first, successor }) => `把${first}换成${successor}`,
    add: ({ first }) => `补上${first}`,
    'keep-strongest': () => '每位客户只留优先级最高的标签',
    'remove-weakest': () => '移除最弱的标签，直到不超上限',
  } satisfies Record<ResolutionCode, (names: TagNames) => string> as Record<
    ResolutionCode,
    (names: TagNames) => string
  >,
  resolutionByCustomer: '逐个客户决定',
  recommended: '推荐',

  card: {
    rule: '规则',
    owner: '责任人',
    secondLine: '二级响应人',
    manager: '业务线负责人',
    claimer: '认领人',
    claimDue: '认领截止',
    closeDue: '关闭截止',
    overdue: '已超时',
    /** Beside the owner's name. */
    absent: (deputy: string | null) => (deputy === null ? '休假中' : `休假中，由${deputy}代理`),
    left: '已离职',
    examples: '示例',
    exampleTag: (tag: string, from: string) => `${tag} ← ${from}`,
    imported: (name: string) => `导入「${name}」`,
    missing: (tag: string) => `缺少${tag}`,
    cause: '可能原因',
    causeImport: (name: string, count: number, of: number) =>
      `${n(of)} 位中有 ${n(count)} 位来自导入「${name}」`,
    causeActor: (name: string, count: number, of: number) =>
      `${n(of)} 位中有 ${n(count)} 位由${name}打标`,
    escalated: (reason: string, role: string, name: string) => `${reason}，已交给${role} ${name}。`,
    escalatedUnclaimed: (owner: string) => `${owner}未按时认领`,
    escalatedUnclosed: '未按时关闭',
    escalatedLeft: (owner: string) => `${owner}已离职`,
    escalatedPlain: '已升级',
    snoozedUntil: (until: string) => `已推迟，${at(until).trimStart()}再提醒；截止时间不变。`,
    fixing: (by: string, choice: string) => `${by}正在修复：${choice}。`,
    fixProgress: (done: number, of: number) => `已处理 ${n(done)} / ${n(of)} 位。`,
    verifying: (by: string) => `${by}已提交修复，正在重新读取 CRM 并复查这些客户。`,
    lastFix: '上次修复',
    undoing: (by: string) => `${by}正在撤销修复，已改的客户会恢复原样。`,
    leftAlone: '没有改动的客户',
    changedMeanwhile: '修复期间客户有变动，未改动',
    refused: 'CRM 拒绝了修改',
    stillOpen: '它们仍在这条预警里。',
    outcome: {
      fixed: (by: string, when: string, choice: string) => `${by}于${at(when)}修复：${choice}。`,
      fixedPlain: (by: string, when: string) => `${by}于${at(when)}修复。`,
      'fixed-by-hand': (by: string, when: string) =>
        `${by}于${at(when)}在 CRM 里手动修复，复查通过。`,
      'not-a-conflict': (by: string, when: string) => `${by}于${at(when)}判定为不是冲突。`,
      excepted: (by: string, when: string) => `${by}于${at(when)}设为例外。`,
      gone: (when: string) => `${at(when).trimStart()}扫描时冲突已不存在，自动关闭。`,
      undone: (by: string) => `修复已由${by}撤销。`,
      undoUntil: (until: string) => `${at(until).trimStart()}前可以撤销。`,
    },
  },

  /** What became of the customers of a fix. */
  fixCounts: (counts: FixCounts) =>
    [
      counts.changed > 0 ? `${n(counts.changed)} 位已修改` : '',
      counts.alreadySo > 0 ? `${n(counts.alreadySo)} 位本来就符合` : '',
      counts.changedMeanwhile > 0 ? `${n(counts.changedMeanwhile)} 位期间有变动、未改动` : '',
      counts.refused > 0 ? `${n(counts.refused)} 位被 CRM 拒绝` : '',
    ]
      .filter(Boolean)
      .join('，') || '没有客户需要修改',
  undoCounts: (counts: FixCounts) =>
    [
      counts.changed > 0 ? `${n(counts.changed)} 位已恢复` : '',
      counts.alreadySo > 0 ? `${n(counts.alreadySo)} 位本来就已恢复` : '',
      counts.changedMeanwhile > 0 ? `${n(counts.changedMeanwhile)} 位之后又有变动、保持原样` : '',
      counts.refused > 0 ? `${n(counts.refused)} 位被 CRM 拒绝` : '',
    ]
      .filter(Boolean)
      .join('，') || '没有客户需要恢复',

  button: {
    claim: '认领',
    release: '取消认领',
    releaseOther: (by: string) => `取消${by}的认领`,
    fix: '修复…',
    fixedByHand: '已在 CRM 改好',
    dismiss: '不是冲突…',
    except: '设为例外…',
    snooze: '稍后提醒…',
    reassign: '转派…',
    comment: '评论…',
    details: '详情',
    history: '记录',
    undo: '撤销修复',
    approve: '同意…',
    reject: '反对…',
    abstain: '弃权…',
    withdraw: '撤回申请',
    newRequest: '申请标签…',
    inbox: '我的预警',
    confirmYes: '确定',
  },
  confirm: {
    undo: {
      title: '撤销这次修复？',
      text: '只恢复之后没有再变动的客户；冲突会重新打开预警。',
      yes: '撤销修复',
    },
    release: { title: '取消认领？', text: '预警会回到待认领，截止时间不变。', yes: '取消认领' },
    fixedByHand: {
      title: '已经在 CRM 里改好了？',
      text: 'Tagwarden 会马上重新读取这些客户并复查，全部通过才会关闭。',
      yes: '开始复查',
    },
    withdraw: { title: '撤回申请？', text: '投票会立即结束，什么都不会改变。', yes: '撤回' },
  },

  /** What channels say by themselves. */
  channel: {
    more: '更多操作',
    open: '在控制台查看',
    cancel: '取消',
    close: '关闭',
    openForm: '打开表单',
    /** The button or form is not one of today's. */
    outdated: '这个按钮或表单已经过时，请在最新的卡片上操作。',
    choose: '请选择',
    optional: '选填',
    loading: '正在打开…',
    working: '正在处理…',
    /** Something was left out because the platform allows no more. */
    cut: '内容较多，未全部显示，请在控制台查看。',
    /** To a platform user nobody is linked to; sent in both languages. */
    notLinked: (userId: string) =>
      `你的账号（${userId}）还没有关联到 Tagwarden 里的人员。请把这个编号发给数据管理员，由他在人员配置里登记。`,
    failed: (reference: string) =>
      `出错了，这次操作可能没有完成。请稍后再试；如果还是不行，请把编号 ${reference} 告诉管理员。`,
  },

  summary: {
    warning: (severity: string, rule: string, customers: number, status: string) =>
      `${severity}：${rule}，${customers === 0 ? '' : `${people(customers)}，`}${status}`,
    claimDue: (when: string) => `认领截止 ${when}`,
    closeDue: (when: string) => `关闭截止 ${when}`,
  },
};

/** The catalogue's shape, which every language fills. */
export type Texts = typeof zhCn;
