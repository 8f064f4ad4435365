import type { Ballot } from '../../domain/request.ts';
import type { FixCounts, ResolutionCode } from '../../domain/fix.ts';
import type { Locale } from '../../domain/locale.ts';
import type { Role } from '../../domain/person.ts';
import type { RuleKind } from '../../domain/rule.ts';
import type { Severity } from '../../domain/severity.ts';
import type { TagCategory, TagLevel, TagStatus } from '../../domain/tag.ts';
import type { CloseReason, DismissReason, WarningState } from '../../domain/warning.ts';
import type { LeftAfterFix } from '../views.ts';
import type {
  DryRunFacts,
  HelpLine,
  HistoryAction,
  HistoryFacts,
  RuleWords,
  TagNames,
} from './words.ts';

const numbers = new Intl.NumberFormat('zh-CN');
const n = (value: number) => numbers.format(value);
/** A space where figures meet Chinese characters, none where characters meet. */
const at = (instant: string) =>
  `${/^\d/u.test(instant) ? ' ' : ''}${instant}${/\d$/u.test(instant) ? ' ' : ''}`;
const people = (count: number) => `${n(count)} 位客户`;
const percents = new Intl.NumberFormat('zh-CN', { style: 'percent', maximumFractionDigits: 1 });
const percent = (share: number) => percents.format(share);
const unchanged = (run: { readonly leftAsTheyAre: number }) =>
  run.leftAsTheyAre === 0 ? '' : `（另有 ${n(run.leftAsTheyAre)} 位不变）`;
const tagCount = (count: number) => `${n(count)} 个标签`;

/**
 * Every text people see, in Chinese. Its shape is the catalogue's type: the build fails where the other
 * language lacks a text. Tag names come in already quoted; counts come in as numbers.
 */
export const zhCn = {
  locale: 'zh-CN' as Locale,
  quote: (name: string) => `「${name}」`,
  /** Words of a sentence as a label of their own. */
  asLabel: (words: string) => words,
  listSeparator: '、',
  /** Between a text of other people's and our own words behind it. */
  listBreak: ' · ',
  clauseSeparator: '，',
  tagSeparator: '；',
  colon: '：',
  parentheses: (text: string) => `（${text}）`,
  /** Behind a label that asks for more before anything happens. */
  goesOn: '…',
  customers: people,
  /** Where findings are on tags of the dictionary. */
  tags: tagCount,
  fullStop: '。',
  /** Between two sentences of one line, and between a name and what that person did. */
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
    proposed: '待批准',
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
  fixTakenBack: { undoing: '撤销中', undone: '修复已撤销' },
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
      advice: ({ direction }) => {
        if (direction === 'unmet') return '移除标签；如果数据有误，先改数据。';
        if (direction === 'missing') return '补上标签；如果数据有误，先改数据。';
        return '该补的补上，该移除的移除；如果数据有误，先改数据。';
      },
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
    implied: {
      what: ({ customers, first, second }) =>
        first && second
          ? `${people(customers)}的${first}与${second}的从属关系不对。`
          : `${people(customers)}的子标签与主标签对不上。`,
      rule: ({ first, second }) =>
        `${first ?? '子标签'}必须和${second ?? '它的主标签'}一起使用；单选的一组子标签，一位客户只能选一个。`,
      why: () => '只按主标签圈选会漏掉这些客户，同一组里选了几个，又说不清以哪个为准。',
      advice: ({ first, second }) =>
        `补上${second ?? '缺少的主标签'}；如果${first ?? '子标签'}本来就打错了，移除它。`,
    },
    scope: {
      what: ({ customers, first }) =>
        `${people(customers)}的${first ?? '部门专用标签'}是由其他部门的人打上的。`,
      rule: ({ first }) => `${first ?? '部门专用标签'}只能由它所属部门的人打。`,
      why: () => '别的部门口径不同，标签的含义会越用越乱，负责人也对结果说不清。',
      advice: ({ first }) => `移除${first ?? '这个标签'}；如果该部门确实需要，先申请扩大使用范围。`,
    },
    sensitivity: {
      what: ({ customers, first }) =>
        `${people(customers)}的敏感标签${first ?? ''}是由没有权限的人打上的。`,
      rule: () => '敏感标签只能由负责人、获授权的部门和系统打。',
      why: () => '敏感标签涉及客户隐私和风险判断，来路不明会带来合规问题。',
      advice: () => '核实来源，没有依据的移除；需要长期使用的，先申请授权。',
    },
    mismatch: {
      what: ({ customers, first }) =>
        `${people(customers)}的${first ?? '标签'}在不同系统里不一致。`,
      rule: ({ first }) => `${first ?? '这些标签'}以主数据源为准。`,
      why: () => '两个系统各说各话，同一位客户在一处是目标客户，在另一处却不是。',
      advice: () => '按主数据源统一；如果主数据源有误，先在那里改正。',
    },
    'no-definition': {
      what: ({ customers, first }) =>
        first ? `${first}没有写清楚定义。` : `${tagCount(customers)}没有写清楚定义。`,
      rule: () => '每个标签都要有中英文定义，说清楚什么样的客户该有它。',
      why: () => '没有定义的标签，每个部门理解不一样，打出来的客户也不一样。',
      advice: () => '请负责人补写定义；没人说得清用途的，申请停用。',
    },
    unowned: {
      what: ({ customers, first }) =>
        first ? `${first}没有在职的责任人。` : `${tagCount(customers)}没有在职的责任人。`,
      rule: () => '每个标签都要有一位在职的责任人。',
      why: () => '没有责任人的标签，出了冲突没人处理，口径变了也没人维护。',
      advice: () => '指定新的责任人；没有人需要的，申请停用。',
    },
    unused: {
      what: ({ customers, first }) =>
        first ? `${first}几乎没有客户在用。` : `${tagCount(customers)}几乎没有客户在用。`,
      rule: () => '长期没有客户的标签应当停用。',
      why: () => '不用的标签堆在字典里，找标签更慢，也容易选错。',
      advice: () => '确认没有用途后申请停用，或并入相近的标签。',
    },
    'population-jump': {
      what: ({ customers, first }) =>
        first ? `${first}的客户数突然变化。` : `${tagCount(customers)}的客户数突然变化。`,
      rule: () => '标签的客户数应与自身历史相符，大幅变化要查明原因。',
      why: () => '人数突变多半是一次导入出错，放着不管，活动会推给一大批不该推的人。',
      advice: () => '先看最近的导入，有误的在源系统里撤回；属实的，说明原因后标记为不是冲突。',
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
    implied: { first: '子标签', second: '主标签' },
    scope: { first: '部门专用标签', second: '已有标签' },
    sensitivity: { first: '敏感标签', second: '已有标签' },
    mismatch: { first: '不一致的标签', second: '已有标签' },
    'no-definition': { first: '没有定义的标签', second: '已有标签' },
    unowned: { first: '没有责任人的标签', second: '已有标签' },
    unused: { first: '无人使用的标签', second: '已有标签' },
    'population-jump': { first: '人数突变的标签', second: '已有标签' },
  } satisfies Record<RuleKind, { first: string; second: string }>,

  resolution: {
    'keep-first': ({ first, second }) => `保留${first}，移除${second}`,
    'keep-second': ({ first, second }) => `保留${second}，移除${first}`,
    remove: ({ first }) => `移除${first}`,
    replace: ({ first, successor }) => `把${first}换成${successor}`,
    add: ({ first }) => `补上${first}`,
    'add-second': ({ second }) => `补上${second}`,
    'follow-master': () => '按主数据源统一',
    'keep-strongest': () => '每位客户只留优先级最高的标签',
    'keep-latest': () => '每位客户只留最近打上的标签',
    'remove-weakest': () => '移除最弱的标签，直到不超上限',
  } satisfies Record<ResolutionCode, (names: TagNames) => string> as Record<
    ResolutionCode,
    (names: TagNames) => string
  >,
  resolutionAgain: '按上次的选择，再改一次没改成的客户',
  resolutionByCustomer: '逐个客户决定',
  resolutionRecommended: '按规则建议处理',
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
    causeOf: {
      import: (name: string, count: number, of: number) =>
        `${n(of)} 位中有 ${n(count)} 位来自导入「${name}」`,
      actor: (name: string, count: number, of: number) =>
        `${n(of)} 位中有 ${n(count)} 位由${name}打标`,
      department: (name: string, count: number, of: number) =>
        `${n(of)} 位中有 ${n(count)} 位由${name}的人打标`,
      source: (name: string, count: number, of: number) =>
        `${n(of)} 位中有 ${n(count)} 位的标签来自${name}`,
      rule: (name: string, count: number, of: number) =>
        `${n(of)} 位中有 ${n(count)} 位的标签是修复规则「${name}」的预警时打上的`,
    },
    causeLift: (words: string, times: number) => `${words}，占比是平时的 ${n(times)} 倍`,
    escalated: (reason: string, to: string) => `${reason}，已交给${to}。`,
    escalatedTo: {
      place: (role: string, names: string) => `${role} ${names}`,
      role: (role: string) => role,
      onDuty: (duty: string, names: string) => `「${duty}」的 ${names}`,
      duty: (duty: string) => `「${duty}」当班的人`,
      group: (group: string) => `「${group}」群`,
    },
    stillOnIt: (by: string, due: string) =>
      `还在处理吗？${by}要在${at(due)}前回应，否则会回到待认领。`,
    escalatedUnclaimed: (owner: string) => `${owner}未按时认领`,
    escalatedUnclosed: '未按时关闭',
    escalatedLeft: (owner: string) => `${owner}已离职`,
    escalatedPlain: '已升级',
    escalatedBy: (by: string) => `${by}提前升级`,
    recurred: (times: number, previousId: number) =>
      `这类冲突第 ${n(times)} 次出现，上次是预警 #${previousId}。`,
    snoozedUntil: (until: string) => `已推迟，${at(until).trimStart()}再提醒；截止时间不变。`,
    pausedUntil: (until: string) => `当前无人值守，计时暂停，${at(until).trimStart()}恢复。`,
    pausesFrom: (from: string, until: string) =>
      `${at(from).trimStart()}至${at(until)}无人值守，期间不计时。`,
    fixing: (by: string, choice: string) => `${by}正在修复：${choice}。`,
    fixProgress: (done: number, of: number) => `已处理 ${n(done)} / ${n(of)} 位。`,
    verifying: (by: string) => `${by}已提交修复，正在重新读取 CRM 并复查这些客户。`,
    verifyingByHand: (by: string) => `${by}已在 CRM 里改好，正在重新读取并复查这些客户。`,
    lastFix: '上次修复',
    automatic: {
      'dry-run': (run: DryRunFacts) =>
        `自动修复（演练）：按规则建议会修改 ${people(run.customers)}${unchanged(run)}，现在什么都没有改。`,
      'too-many': (run: DryRunFacts) =>
        `自动修复已停下，等你决定：按规则建议会修改 ${people(run.customers)}${unchanged(run)}；这条规则共涉及 ${people(run.ruleCustomers)}，上限是 ${n(run.customersMax)} 位。`,
      'too-large-a-share': (run: DryRunFacts) =>
        `自动修复已停下，等你决定：按规则建议会修改 ${people(run.customers)}${unchanged(run)}；占该标签客户的 ${percent(run.share)}，上限是 ${percent(run.shareMax)}。`,
      'no-right': (run: DryRunFacts) =>
        `自动修复已停下，等你决定：按规则建议会修改 ${people(run.customers)}${unchanged(run)}，但要打的敏感标签超出了规则责任人的权限。`,
      'taken-back': (run: DryRunFacts) =>
        `自动修复已停下，等你决定：这条规则的自动修复不久前被撤销过。按规则建议会修改 ${people(run.customers)}${unchanged(run)}。`,
    },
    undoing: (by: string) => `${by}正在撤销修复，已改的客户会恢复原样。`,
    leftAlone: '没有改动的客户',
    changedMeanwhile: '修复期间客户有变动，未改动',
    refused: 'CRM 拒绝了修改',
    stillOpen: (left: number, why: LeftAfterFix | null) => {
      const parts = [
        why !== null && why.notFixed > 0 ? `${n(why.notFixed)} 位没有修好` : '',
        why !== null && why.notTreated > 0 ? `${n(why.notTreated)} 位不在这次修复里` : '',
        why !== null && why.foundSince > 0 ? `${n(why.foundSince)} 位是之后新发现的` : '',
      ].filter(Boolean);
      return `这条预警还剩 ${people(left)}${parts.length === 0 ? '' : `：${parts.join('，')}`}。`;
    },
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

  /** Why a source did not take a change of a customer. */
  writeRefusal: {
    'foreign-key': '违反外键约束',
    'unique-key': '违反唯一约束',
    check: '违反检查约束',
    constraint: '违反约束',
    'view-check': '不符合视图的检查条件',
    'no-right': '连接用户没有写入权限',
    trigger: '被触发器拒绝',
    locked: '被另一个事务锁定',
    value: '值不符合字段类型',
    'no-effect': '写入语句没有产生应有的修改，请检查 sources.yaml 里的 write',
    'read-only': '这个来源只读',
    'unknown-tag': '来源里没有这个标签',
    'no-answer': '来源没有说明这位客户的结果',
    'customer-gone': '客户已不存在',
    'rule-gone': '规则已不存在',
    'source-auth': '来源拒绝访问',
    'source-configuration': '来源配置有误',
    'source-unreachable': '连不上来源',
    'too-late': '来源没有及时应答',
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
    stillOnIt: '还在处理',
    release: '取消认领',
    releaseOther: (by: string) => `取消${by}的认领`,
    fix: '修复…',
    fixedByHand: '已在 CRM 改好',
    dismiss: '不是冲突…',
    except: '设为例外…',
    prolong: '申请延长…',
    snooze: '稍后提醒…',
    reassign: '转派…',
    escalate: '立即升级…',
    comment: '评论…',
    details: '详情',
    history: '记录',
    fixAgain: (count: number) => `重试没改成的 ${n(count)} 位…`,
    undo: '撤销修复',
    turnOffAutoFix: '关闭自动修复',
    approve: '同意…',
    reject: '反对…',
    abstain: '弃权…',
    recuse: '回避…',
    ask: '问申请人…',
    answer: '回答…',
    withdraw: '撤回申请',
    newRequest: '申请标签…',
    inbox: '我的预警',
    preferences: '设置…',
    contest: '申诉…',
    decidePoints: '处理申诉…',
    confirmYes: '确定',
  },
  confirm: {
    undo: (customers: number) => ({
      title: '撤销这次修复？',
      text: `${people(customers)}会恢复原样，之后又有变动的除外；冲突会重新打开预警。`,
      yes: '撤销修复',
    }),
    release: { title: '取消认领？', text: '预警会回到待认领，截止时间不变。', yes: '取消认领' },
    fixedByHand: (customers: number) => ({
      title: '已经在 CRM 里改好了？',
      text: `Tagwarden 会马上重新读取${customers === 0 ? '这些客户' : `这 ${people(customers)}`}并复查，全部通过才会关闭。`,
      yes: '开始复查',
    }),
    withdraw: { title: '撤回申请？', text: '投票会立即结束，什么都不会改变。', yes: '撤回' },
  },

  /** Said to whoever did something, as an answer. */
  reply: {
    claimed: '已认领，卡片会马上更新。',
    stillOnIt: '好的，你还在处理，认领继续有效。',
    released: '已取消认领，预警回到待认领。',
    fixStarted: '修复已开始，写完会自动复查，进度看卡片。',
    checking: '正在重新读取这些客户并复查，结果看卡片。',
    dismissed: '已判定为不是冲突，原因会计入规则的误报率。',
    excepted: (until: string) => `已设为例外，有效到 ${until}。`,
    prolongAsked: (requestId: number) => `已提交申请 #${requestId}，有结果会通知你。`,
    snoozed: (until: string) => `好的，${at(until).trimStart()}再提醒你。截止时间不变。`,
    reassigned: (name: string) => `已转派给${name}，卡片已发给对方。`,
    escalated: '已升级，下一级马上会收到卡片。',
    commented: '评论已记录，可在记录里看到。',
    undoing: '开始撤销，完成后卡片会更新。',
    autoFixTurnedOff:
      '这条规则的自动修复已关闭，以后都由责任人决定。要再打开，请在 rules.yaml 里设置 autoFix。',
    voted: (ballot: string) => `已记下你的票：${ballot}。投票结束前可以改。`,
    withdrawn: '申请已撤回。',
    asked: '问题已发给申请人，对方回答后会马上告诉你。投票截止时间不变。',
    answered: '回答已发给提问的委员，并记在所有委员的卡片上。',
    draftKept: (url: string) => `已存为草稿，只有你看得到。随时可以在控制台继续：${url}`,
    submitted: (id: number) => `申请 #${id} 已提交给标签管理委员会，有结果会通知你。`,
    scanStarted: (id: number) => `扫描 #${id} 已开始，发现的冲突会发给各责任人。`,
    scanJoined: (id: number) => `已有扫描 #${id} 在进行，不用再开一次。`,
    digestSent: '周报已生成，马上发给你。',
    contested: '申诉已提交，由你的业务线负责人或数据管理员处理，处理前仍计入。',
    pointsDecided: {
      upheld: '已维持扣分，申诉人会收到你的答复。',
      withdrawn: '已撤销扣分，申诉人会收到你的答复。',
    },
    unchanged: '已经是这样了，没有重复操作。',
    nothingToFix: '没有选任何客户，什么都没有改变。',
    malformed: '这个按钮已经失效，请打开最新的卡片再试。',
    staleChoice: '这条预警的情况有变，请重新选择修复方式。',
    needsCrm: '这类问题要在 CRM 里逐个处理。改好后请点「已在 CRM 改好」。',
    notADate: '日期不对，请填将来的某一天，格式为 2026-12-31。',
    notHours: '推迟时间不对，请从列表中选择。',
    chooseOne: '请先选择一项。',
    nothingDue: '现在没有需要你处理的预警。',
    noSuchTag: (text: string) => `没有找到与「${text}」有关的标签。`,
    fieldMissing: (label: string) => `请填写「${label}」。`,
    left: '你在 Tagwarden 里的账号已停用。如果有误，请联系数据管理员。',
  },

  refusal: {
    closed: (by: string | null, reason: string) =>
      by === null
        ? `这条预警已经关闭（${reason}），不用再处理。`
        : `这条预警已由${by}关闭（${reason}），不用再处理。`,
    'already-claimed': (by: string) =>
      `已由${by}认领。要接手，请和对方商量，或请二级响应人取消对方的认领。`,
    'not-claimed': '还没有人认领，不需要取消。',
    busy: (by: string) => `${by}的修复正在写入或复查，请等它完成再操作，一般不到一分钟。`,
    'snoozed-too-often': (timesMax: number) =>
      `这条预警已经推迟过 ${n(timesMax)} 次，不能再推迟。请认领、转派，或判定为不是冲突。`,
    'already-yours': '你已经认领了这条预警，可以直接修复。',
    'chain-ended': '升级流程已经走到头，没有下一级可交了。可以转派给合适的同事，或写评论说明情况。',
    'own-request': '不能给自己的申请投票，由其他委员决定。',
    'not-a-member': '只有这次投票的标签管理委员会成员可以投票。',
    'voting-over': '投票已经结束，结果见卡片。',
    'former-member': '你已不在标签管理委员会，不能再投票。',
    recused: '已经回避的席位不能再投票。',
    'owner-of-it': '要改动的是你负责的标签或规则，按规定由其他委员决定。',
    'seat-taken': (name: string) => `${name}已经代表这个席位投票，每个席位只有一票。`,
    'two-seats': '你自己有席位，不能再代别人投票，一人只有一票。',
    'not-absent': (name: string) => `${name}没有请假，或者你不是其代理人，不能代为投票。`,
    'chair-decides': (name: string) => `委员会没有得出结果，现在由主任委员${name}决定。`,
    'chair-chooses': '主任委员需要投同意或反对。',
    'console-needed': '这项申请影响的客户较多，请到控制台投票，点击卡片上的链接即可打开。',
    'same-vote': '你已经投过同样的票，不用再投。',
    'not-involved':
      '提问只对本次投票的委员开放，回答只对申请人开放，评论只对他们和数据管理员开放。',
    'already-answered': '这个问题已经回答过了，内容见卡片。',
    'not-responsible': (name: string) =>
      `你不负责这条预警，不能这样操作。请找责任人${name}，或由其代理人、二级响应人、业务线负责人处理。`,
    'claimed-by-other': (name: string) =>
      `这条预警由${name}认领，只有本人、二级响应人、业务线负责人或数据管理员可以改动。请先和${name}确认。`,
    'may-not-use': (tag: string, owner: string, departments: readonly string[]) =>
      `「${tag}」是敏感标签，只有责任人${owner}${departments.length === 0 ? '' : `和${departments.join('、')}的人`}可以打给客户。请找他们操作，或改选不打这个标签的方案。`,
    'beyond-departments': (role: string) =>
      `你的「${role}」角色只管部分部门，这个操作超出了范围。请找全公司的${role}。`,
    'role-needed': (role: string) =>
      `这个操作需要「${role}」角色。请找数据管理员开通，或请有此角色的同事操作。`,
    'not-found': {
      warning: (id: string) => `没有找到预警 ${id}，请核对编号。`,
      request: (id: string) => `没有找到申请 ${id}，请核对编号。`,
      link: (id: string) => `账号 ${id} 没有待确认的关联，可能已经处理过，或此人已关联别的账号。`,
      question: (id: string) => `没有找到问题 ${id}，请打开最新的卡片再试。`,
      fix: (id: string) => `没有找到修复 ${id}，请打开最新的卡片再试。`,
      tag: (id: string) => `没有找到标签「${id}」。请用「搜索 ${id}」看看相近的标签。`,
      customer: (id: string) => `没有找到客户「${id}」。请核对客户编号；刚建的客户要等下次同步。`,
      rule: (id: string) => `没有找到规则「${id}」，请核对编码。`,
      candidate: (id: string) => `没有编号为 ${id} 的候选，请刷新列表后再看。`,
      person: (id: string) => `没有找到人员「${id}」，或者此人已离职。请换一位。`,
      scan: (id: string) => `没有找到扫描 ${id}，请核对编号。`,
      exception: (id: string) => `预警 ${id} 已经没有生效的例外。`,
      silence: (id: string) => `没有找到静默 ${id}，请核对编号。`,
      'tag-import': (id: string) => `导入 #${id} 不存在，或者已经过期。`,
      'api-token': (id: string) =>
        `没有找到 API 令牌 ${id}，它可能已被吊销或过期，也可能不是你的。`,
      review: (id: string) => `没有找到标签复核 ${id}。`,
      digest: (id: string) => `没有找到发给你的周报 ${id}。`,
      draft: (id: string) => `没有找到你的草稿 ${id}，它可能已经提交或删除。`,
      points: (id: string) => `没有找到考核记录 ${id}，请刷新列表后再看。`,
    },
    'points-of-other': (name: string) => `这是${name}的考核扣分，只有本人可以申诉。`,
    'contest-over': '申诉期限已过。如果扣分有误，请和你的业务线负责人沟通。',
    'contested-before': '这条扣分已经申诉过，处理情况见列表。',
    'not-contested': '这条扣分现在没有待处理的申诉，处理情况见列表。',
    'may-not-decide': (name: string) =>
      `只有${name}的业务线负责人或数据管理员可以处理这条申诉，不能处理自己的申诉。`,
    'changed-since': '之后又有变动，不能直接撤销；如仍需要，请按现状重新提交申请。',
    'undo-over': '撤销期限已过，不能再撤销。如需恢复，请在 CRM 里手动修改。',
    invalid: (field: string, expected: string) => `「${field}」不对：${expected}`,
    'conflicts-with': {
      tag: (name: string, id: string) =>
        `已有标签「${name}」（${id}）。请直接使用它，或改用别的名称和编码。`,
      request: (name: string, id: string) =>
        `关于「${name}」的申请 #${id} 正在投票，请等它有结果再提交。`,
    },
    taken: '这个名称或编码已被占用，请换一个。',
    'review-over': '这次复核已经结束。要下线标签，请直接提交申请。',
    'batch-item': (item: number, why: string) => `第 ${item} 项：${why}`,
    'batch-rivals': (one: number, other: number) =>
      `第 ${one} 项和第 ${other} 项不能同时成立，请只留一项。`,
    'committee-decides': (daysMax: number, requestId: number) =>
      `超过 ${n(daysMax)} 天的例外要由标签管理委员会决定，已替你提交申请 #${requestId}，有结果会通知你。`,
    unavailable: '系统暂时没有响应，请稍后再试。已经记下的不会丢失，重复点击也不会重复执行。',
  },
  /** Names of fields, and what is expected of them. */
  field: {
    code: { label: '编码', expected: '小写英文单词，用连字符连接，例如 high-net-worth。' },
    name: { label: '名称', expected: '1–60 个字，中文和英文都要有。' },
    nameEn: { label: '英文名称', expected: '1–60 个字符。' },
    definition: { label: '定义', expected: '写清楚哪些客户应该带有它，1000 字以内。' },
    level: { label: '级别', expected: '请从列表中选择。' },
    category: { label: '类别', expected: '请从列表中选择。' },
    reason: { label: '理由', expected: '请写明理由，1000 字以内。' },
    answer: { label: '答复', expected: '请写明理由，1000 字以内。' },
    comment: { label: '说明', expected: '不能为空，1000 字以内。' },
    text: { label: '评论', expected: '不能为空，1000 字以内。' },
    until: { label: '到哪天为止', expected: '请填将来的某一天，格式为 2026-12-31。' },
    untilMs: { label: '到哪天为止', expected: '请填将来的时间，且不超过允许的期限。' },
    hours: { label: '多久以后', expected: '超出了允许的推迟时间，请选短一些的。' },
    resolutions: { label: '修复方式', expected: '请至少为一位客户选择，且每位客户只选一次。' },
    lifeDays: { label: '有效期', expected: '请填整数天数，或留空表示长期。' },
    tokenName: { label: '用途', expected: '写清楚谁用它做什么，1–80 个字。' },
    tokenRoles: { label: '角色', expected: '请至少选择一个。' },
    tokenDays: { label: '有效天数', expected: '请填 1–366 的整数。' },
    person: { label: '转给谁', expected: '请选择一位在职同事。' },
    toCode: { label: '转给谁', expected: '请选择一位在职同事。' },
    from: { label: '被合并的标签', expected: '请填写字典里的标签编码或名称。' },
    into: { label: '合并到', expected: '请填写另一个使用中的标签。' },
    choice: { label: '修复方式', expected: '情况有变，请重新选择修复方式。' },
    resolution: { label: '修复方式', expected: '请选择一项。' },
    what: { label: '申请什么', expected: '请选择一项。' },
    group: { label: '群', expected: '从列表里选一个群。' },
    tag: { label: '标签', expected: '请填写字典里使用中的标签编码或名称。' },
    successor: { label: '接替标签', expected: '请填写另一个使用中的标签。' },
    criterion: { label: '拆分条件', expected: '请选择数据来源里有的客户属性。' },
    criteria: { label: '打标条件', expected: '请用 JSON 写成条件，并使用数据来源里有的客户属性。' },
    attribute: { label: '属性', expected: '请从列表中选择。' },
    operator: { label: '比较方式', expected: '请从列表中选择。' },
    value: { label: '数值', expected: '请填写新数值，或两个用逗号隔开的标签。' },
    rule: { label: '规则', expected: '请填写规则的编码或名称，规则的类型不能改。' },
    change: { label: '改动', expected: '没有改动，或这类规则不能这样改。' },
    parent: { label: '上级标签', expected: '不能是它自己或它下面的标签。' },
    departments: { label: '适用部门', expected: '请填写公司里有的部门。' },
    seenBy: { label: '可见部门', expected: '请填写公司里有的部门；普通标签人人可见，不用填。' },
    confirmEveryDays: { label: '重新确认周期', expected: '请填整数天数，或留空表示不需要。' },
    items: { label: '各项改动', expected: '1–100 项，而且是同一种改动。' },
    draft: { label: '草稿', expected: '每人最多 50 份，每份最多 6 万字。' },
    scope: { label: '静默范围', expected: '请选择一条规则、一个标签或一种级别。' },
    customer: { label: '客户', expected: '请填写客户编号。' },
    tags: { label: '标签', expected: '请填写至少一个标签，用顿号或逗号隔开。' },
    add: { label: '要加的标签', expected: '请填写一个标签。' },
  },

  form: {
    fix: {
      title: '修复冲突',
      question: '怎么处理？',
      bothRight: '两个都对，到某天为止',
      excepted: '允许例外，到某天为止',
      bothRightHint: '设为例外，到期后重新检查',
      byCustomer: '逐个客户决定',
      byCustomerHint: (count: number) => `共 ${n(count)} 位，每页 20 位，可以翻页、可以查找`,
      recommendedHint: '推荐：规则本来就要求这样',
      next: '下一步：看看会改什么',
    },
    byCustomer: {
      title: '逐个客户决定',
      range: (from: number, to: number, total: number) =>
        `第 ${n(from)}–${n(to)} 位，共 ${n(total)} 位。选「先不动」的客户留在预警里。`,
      otherPages:
        '要看其他客户，就换一批或写下要找的，再提交：已经选好的都会记住。一位都不选就提交，会看到下一批。',
      decidedElsewhere: (count: number, max: number) =>
        `其他页上已选好 ${n(count)} 位。满 ${n(max)} 位时，会先请你确认这些。`,
      find: '只看某些客户（编号或名称的一部分）',
      notFound: (text: string) => `这条预警里没有编号或名称含「${text}」的客户，下面是全部客户。`,
      page: '看哪一批',
      pageOption: (from: number, to: number) => `第 ${n(from)}–${n(to)} 位`,
      leave: '先不动',
      end: '没有更多客户了。要从头再看，请重新打开修复。',
    },
    contest: {
      title: '对扣分提出申诉',
      which: '哪一条',
      reason: '为什么不应该扣这些分？',
      submit: '提交申诉',
    },
    decidePoints: {
      title: '处理申诉',
      decision: '怎么处理？',
      withdrawn: '撤销扣分',
      withdrawnHint: '这些分不再计入',
      upheld: '维持扣分',
      upheldHint: '这些分仍计入',
      answer: '给申诉人的答复',
      submit: '确定',
    },
    preview: {
      title: '确认修复',
      what: (customers: number, choice: string) => `${people(customers)}会被修改：${choice}。`,
      added: (tag: string, customers: number) => `加上${tag}：${people(customers)}`,
      removed: (tag: string, customers: number) => `移除${tag}：${people(customers)}`,
      changes: '会改什么',
      examples: '例如',
      exampleAdded: (tags: string) => `加上${tags}`,
      exampleRemoved: (tags: string) => `移除${tags}`,
      left: (customers: number) => `${people(customers)}保持不变，留在预警里。`,
      sources: (names: string) => `会写入 ${names}。修改前再核对一次，期间有变动的客户不改。`,
      undo: '写完会自动复查，期限内可以撤销。',
      nothing: '没有客户需要修改，可能刚刚已经有人改好了。',
      confirm: (customers: number) => `确认修改 ${people(customers)}`,
    },
    dismiss: {
      title: '不是冲突',
      intro: '预警会关闭，这些客户不再按这条规则报警。原因会用来改进规则。',
      reason: '为什么不是冲突？',
      comment: '说明',
      submit: '判定为不是冲突',
    },
    except: {
      title: '设为例外',
      intro: (customers: number) =>
        `${people(customers)}在截止日之前不再报警，到期后重新检查。期限较长的例外由标签管理委员会决定。`,
      until: '到哪天为止（含当天）',
      reason: '为什么允许例外？',
      submit: '设为例外',
    },
    prolong: {
      title: '申请延长例外',
      intro: (end: string) =>
        `现在的例外到 ${end} 为止。延长由标签管理委员会决定，通过之前仍按原来的日期到期。`,
      reason: '为什么还要例外？',
      submit: '提交申请',
    },
    snooze: {
      title: '稍后提醒',
      intro: '期间不再提醒你；截止时间和升级照常。',
      hours: '多久以后',
      option: (hours: number) => `${n(hours)} 小时后`,
      submit: '稍后提醒',
    },
    reassign: {
      title: '转派',
      intro: '对方会收到卡片，成为新的责任人；截止时间不变。',
      person: '转给谁',
      submit: '转派',
    },
    escalate: {
      title: '立即升级',
      intro: (to: string) => `不等截止时间，马上交给${to}；原来的人仍能处理，截止时间不变。`,
      introPlain: '不等截止时间，马上交给下一级；原来的人仍能处理，截止时间不变。',
      reason: '为什么要升级？',
      submit: '立即升级',
    },
    comment: { title: '评论', comment: '评论', submit: '记录' },
    talk: {
      ask: {
        title: '问申请人',
        intro: '申请人会马上收到；问题和回答所有委员都能看到，投票截止时间不变。',
        label: '问题',
        submit: '发送',
      },
      answer: {
        title: '回答委员的问题',
        intro: '会马上发给提问的委员，其他委员也能看到。',
        label: '回答',
        submit: '回答',
      },
      'comment-request': {
        title: '评论申请',
        intro: '申请人和所有委员都能看到，不会单独提醒谁。',
        label: '评论',
        submit: '记录',
      },
    },
    vote: {
      title: {
        approve: '同意这项申请',
        reject: '反对这项申请',
        abstain: '弃权',
        recuse: '回避这项申请',
      } satisfies Record<Ballot, string> as Record<Ballot, string>,
      comment: '意见',
      rejectHint: '请告诉申请人为什么、怎样改可以通过。',
      recuseHint: '有利害关系时请回避。这个席位不再计票，而且不能改回来。',
      chair: (why: 'tie' | 'time-out'): string =>
        why === 'tie' ? '同意和反对票数相同，由你作决定。' : '到期未达到票数要求，由你作决定。',
      veto: '你有一票否决权，投反对票会立即结束投票。',
      deputyVeto: (member: string): string =>
        `你正在代${member}投票，${member}有一票否决权，投反对票会立即结束投票。`,
    },
    request: {
      title: '申请',
      question: '你想申请什么？',
      whichTag: (named: string) => `${named}可能指下面这些标签，请选好后再提交。`,
      next: '下一步',
      retired: '要下线的标签（编码或名称）',
      code: '编码（小写英文，用连字符连接）',
      name: '中文名称',
      nameEn: '英文名称',
      definition: '定义：哪些客户应该带有它',
      level: '级别',
      category: '类别',
      from: '被合并的标签（编码或名称）',
      into: '合并到（编码或名称）',
      reason: '为什么需要',
      submit: '提交给委员会',
      similarTitle: '先看看这些标签',
      similarIntro: '它们可能已经是你要的意思。如果合适，请直接使用，不必申请。',
      similarSubmit: '都不合适，继续申请',
    },
  },

  request: {
    title: (kind: string, what: string) => `${kind}申请 · ${what}`,
    /** Of what changed customers, taken back. */
    takeBack: {
      create: {
        button: '撤销新建',
        confirm: () => ({
          title: '撤销这个新标签？',
          text: '新标签会归档，不能再用；已经带上它的客户不变。',
          yes: '撤销新建',
        }),
        undoing: (by: string) => `${by}正在撤销新建。`,
        undone: (by: string) => `新建已由${by}撤销，标签已归档。`,
        state: { undoing: '撤销中', undone: '新建已撤销' },
      },
      dictionary: {
        button: '撤销改动',
        confirm: () => ({
          title: '撤销这次改动？',
          text: '标签会恢复成之前的样子；客户身上的标签不变。',
          yes: '撤销改动',
        }),
        undoing: (by: string) => `${by}正在撤销改动。`,
        undone: (by: string) => `改动已由${by}撤销，标签已恢复成之前的样子。`,
        state: { undoing: '撤销中', undone: '改动已撤销' },
      },
      rule: {
        button: '撤销改动',
        confirm: () => ({
          title: '撤销这次规则改动？',
          text: '规则会恢复成之前的样子，新建的规则会撤下；从下一次扫描起生效。',
          yes: '撤销改动',
        }),
        undoing: (by: string) => `${by}正在撤销改动。`,
        undone: (by: string) => `规则改动已由${by}撤销，从下一次扫描起生效。`,
        state: { undoing: '撤销中', undone: '改动已撤销' },
      },
      merge: {
        button: '撤销合并',
        confirm: (customers: number) => ({
          title: '撤销这次合并？',
          text: `${people(customers)}会恢复原样，之后又有变动的除外；被合并的标签会恢复使用。`,
          yes: '撤销合并',
        }),
        undoing: (by: string) => `${by}正在撤销合并。`,
        undone: (by: string) => `合并已由${by}撤销，被合并的标签已恢复使用。`,
        state: { undoing: '撤销中', undone: '合并已撤销' },
      },
      retire: {
        button: '撤销下线',
        confirm: (customers: number) => ({
          title: '撤销这次下线？',
          text: `${people(customers)}会重新带上这个标签，之后又有变动的除外；标签会恢复使用。`,
          yes: '撤销下线',
        }),
        undoing: (by: string) => `${by}正在撤销下线。`,
        undone: (by: string) => `下线已由${by}撤销，标签已恢复使用。`,
        state: { undoing: '撤销中', undone: '下线已撤销' },
      },
      batch: {
        button: '整批撤销',
        confirm: (items: number) => ({
          title: '撤销整批改动？',
          text: `还在生效的 ${n(items)} 项会逐项撤销，后生效的先撤销；之后又被改过的标签、规则和客户保持现状。`,
          yes: '整批撤销',
        }),
        undoing: (by: string) => `${by}正在整批撤销。`,
        undone: (by: string) => `已由${by}整批撤销。`,
        state: { undoing: '撤销中', undone: '已整批撤销' },
      },
      other: {
        button: '撤销改动',
        confirm: (customers: number) => ({
          title: '撤销这次改动？',
          text: `${people(customers)}会恢复原样，之后又有变动的除外；标签也会恢复成之前的样子。`,
          yes: '撤销改动',
        }),
        undoing: (by: string) => `${by}正在撤销改动。`,
        undone: (by: string) => `改动已由${by}撤销，标签已恢复成之前的样子。`,
        state: { undoing: '撤销中', undone: '改动已撤销' },
      },
    },
    what: {
      merge: (from: string, into: string) => `${from} → ${into}`,
      exception: (warningId: number) => `预警 #${warningId}`,
    },
    state: {
      voting: '投票中',
      applying: '执行中',
      applied: '已生效',
      rejected: '未通过',
      vetoed: '被否决',
      expired: '已过期',
      withdrawn: '已撤回',
      failed: '执行失败',
    },
    requester: '申请人',
    reason: '理由',
    code: '编码',
    definition: '定义',
    levelAndCategory: '级别 / 类别',
    owner: '责任人',
    scope: '适用部门',
    everyDepartment: '所有部门',
    life: '有效期',
    lifeDays: (days: number | null) => (days === null ? '长期' : `${n(days)} 天`),
    due: '投票截止',
    tally: '票数',
    chair: '主任委员',
    chairTurn: (name: string, why: 'tie' | 'time-out') =>
      why === 'tie' ? `同意和反对票数相同，由${name}决定` : `到期未达到票数要求，由${name}决定`,
    consoleOnly: '影响的客户较多，请到控制台投票。',
    ownersExcluded: (names: string) => `${names}（标签或规则的责任人）不参与投票`,
    noVote: '不参与投票',
    tallyWords: (count: {
      approve: number;
      reject: number;
      abstain: number;
      recuse: number;
      open: number;
      quorum: number;
    }) =>
      `同意 ${n(count.approve)}（需 ${n(count.quorum)}），反对 ${n(count.reject)}，弃权 ${n(count.abstain)}${count.recuse === 0 ? '' : `，回避 ${n(count.recuse)}`}，未投 ${n(count.open)}`,
    votes: '投票',
    messages: '问答与评论',
    said: {
      comment: '评论',
      question: '问',
      answer: (asker: string) => `回答${asker}`,
    },
    unanswered: '待回答',
    questionTitle: '请回答',
    answerTitle: '申请人已回答',
    about: '申请内容',
    voteGoesOn: '投票照常进行，尽快回答有助于委员决定。',
    answered: (when: string) => `你已于${at(when)}回答。`,
    ballot: { approve: '同意', reject: '反对', abstain: '弃权', recuse: '回避' } satisfies Record<
      Ballot,
      string
    > as Record<Ballot, string>,
    yourVote: (ballot: string) => `你投了：${ballot}`,
    similar: '意思相近的标签',
    similarItem: (customers: number, why: string) => `${people(customers)}，${why}`,
    similarWhy: {
      'same-name': '名称相同',
      'known-synonym': '用了已确认的同义词',
      'short-form': '互为简称',
      'name-alike': '名称相近',
      'sounds-alike': '读音相近',
      'meaning-alike': '向量模型认为意思相近',
      'definition-alike': '定义相近',
      'another-value': '同一属性的另一个取值',
    },
    noSimilar: '没有找到意思相近的标签。',
    impact: '影响',
    impactWords: (impact: {
      customers: number;
      carrying: number;
      rules: readonly string[];
      warnings: number;
      sources: readonly string[];
      usedBy: string | null;
      tags: readonly string[];
    }) =>
      [
        impact.customers === 0 ? '不改动任何客户' : `${people(impact.customers)}会被修改`,
        ...(impact.customers === 0 && impact.carrying > 0
          ? [`${people(impact.carrying)}带有它`]
          : []),
        impact.rules.length === 0 ? '不涉及规则' : `涉及规则：${impact.rules.join('、')}`,
        ...(impact.warnings === 0 ? [] : [`未关闭的预警 ${n(impact.warnings)} 条`]),
        ...(impact.sources.length === 0 ? [] : [`数据来源：${impact.sources.join('、')}`]),
        ...(impact.usedBy === null ? [] : [`谁在打标：${impact.usedBy}`]),
        ...(impact.tags.length === 0 ? [] : [`以它为上级或接替的标签：${impact.tags.join('、')}`]),
      ].join('；'),
    /** Who puts tags on. */
    useWords: (use: {
      departments: readonly string[];
      people: readonly string[];
      peopleCount: number;
      automatic: string | null;
    }) =>
      [
        ...(use.departments.length === 0 ? [] : [use.departments.join('、')]),
        ...(use.automatic === null ? [] : [`系统或未知来源 ${use.automatic}`]),
        ...(use.peopleCount === 0
          ? []
          : [
              use.people.length === 0
                ? `共 ${n(use.peopleCount)} 人`
                : use.people.length < use.peopleCount
                  ? `${use.people.join('、')}等 ${n(use.peopleCount)} 人`
                  : use.people.join('、'),
            ]),
      ].join('，'),
    outcome: {
      applying: '已通过，正在执行。',
      applied: (when: string) => `已通过，${at(when).trimStart()}生效。`,
      chairRejected: (when: string) => `${at(when).trimStart()}未通过：主任委员投了反对票。`,
      rejected: (when: string) => `${at(when).trimStart()}未通过：同意票已不可能达到要求。`,
      vetoed: (when: string) => `${at(when).trimStart()}被否决。`,
      expired: (when: string) => `到 ${when} 仍未达到票数要求，没有生效。`,
      withdrawn: (when: string) => `申请人于${at(when)}撤回。`,
      failed: (when: string, detail: string) => `已通过，但${at(when)}没能执行：${detail}。`,
    },
    summary: (title: string, state: string) => `${title}，${state}`,
  },

  channelName: { inbox: '收件箱', slack: 'Slack', feishu: '飞书', email: '邮件' },

  /** Why a card did not arrive, in a few words. */
  undelivered: {
    'conversation-gone': '会话已不存在',
    'bot-removed': '机器人已被移出会话',
    'person-deactivated': '账号已停用',
    'scope-missing': '应用缺少权限',
    'token-refused': '应用令牌已失效',
    'card-expired': '卡片已过期',
    'rate-limited': '发送过于频繁',
    server: '平台出错',
    'not-sent': '连不上平台',
    auth: '应用没有通过验证',
    unreachable: '平台上找不到此人',
    invalid: '平台拒收内容',
    'too-old': '消息已失效',
    uncertain: '平台没有应答',
  },

  reminder: {
    claimTitle: '请认领',
    closeTitle: '请处理',
    voteTitle: '请投票',
    overdueTitle: '已超时',
    claim: (left: string, due: string) => `认领截止 ${due}，还有 ${left}，还没有人认领。`,
    close: (left: string, due: string) => `关闭截止 ${due}，还有 ${left}，还没有处理完。`,
    vote: (left: string, due: string) => `投票截止 ${due}，还有 ${left}，你还没有投票。`,
    overdue: (due: string) => `截止时间 ${due}，已经过了。`,
    stillTitle: '还在处理吗？',
    still: (since: string, due: string) =>
      `你${at(since)}认领后一直没有进展。请在${at(due)}前回应，否则会回到待认领。`,
    stillOver: '已经回应过了。',
    newsTitle: '又有新发现',
    news: (more: { readonly count: number; readonly words: string }, all: string) =>
      `上次提醒之后又发现 ${more.words}，现在一共 ${all}，还没有人认领。`,
    repeatTitle: '还没有人认领',
    repeat: (due: string) => `这条预警仍待认领，认领截止 ${due}。`,
    claimNext: (to: string) => `到时无人认领，会交给${to}。`,
    closeNext: (to: string) => `到时没有关闭，会交给${to}。`,
    voteNext: '票数不够的申请到期不会生效。',
    exceptionTitle: '例外快到期',
    exception: (customers: number, end: string) =>
      `${people(customers)}的例外到 ${end} 为止，之后会重新检查，还有冲突就会再次预警。`,
    exceptionNext: '到期后照常检查就不用管；还需要例外，请提前申请延长。',
    grantedBy: '批准人',
    unreachedTitle: '请代为处理',
    unreached: (name: string, channel: string, why: string) =>
      `${name}收不到这条预警（${channel}：${why}），所以先通知你。`,
    unreachedNext: (name: string) => `可以由你处理，也可以转告${name}或转派给别人。截止时间不变。`,
  },

  digest: {
    counts: (count: { open: number; opened: number; closed: number; overdue: number }) =>
      `未关闭 ${n(count.open)}，新增 ${n(count.opened)}，关闭 ${n(count.closed)}，超时 ${n(count.overdue)}`,
    total: '合计',
    change: (label: string, change: number) =>
      change === 0 ? `${label}持平` : `${label} ${change > 0 ? '+' : '−'}${n(Math.abs(change))}`,
    open: '未关闭',
    opened: '新增',
    closed: '关闭',
    overdue: '超时',
    medianClaim: '认领时间（中位数）',
    medianClose: '关闭时间（中位数）',
    recurred: '重复发生',
    recurredWords: (count: number, opened: number) =>
      `新增的 ${n(opened)} 条里有 ${n(count)} 条以前关闭过`,
    recurredCount: (count: string) => `${count} 条`,
    assessment: '本月考核',
    assessmentWords: (of: { points: number; people: number; contested: number }) =>
      of.points === 0 && of.contested === 0
        ? '没有扣分'
        : `${n(of.people)} 人共扣 ${n(of.points)} 分${of.contested === 0 ? '' : `，${n(of.contested)} 条申诉待处理`}`,
    causes: '主要原因',
    causeOf: {
      import: (name: string, count: number, of: number) =>
        `导入「${name}」：${n(count)} / ${n(of)} 位客户`,
      actor: (name: string, count: number, of: number) =>
        `${name}打标：${n(count)} / ${n(of)} 位客户`,
      department: (name: string, count: number, of: number) =>
        `${name}打标：${n(count)} / ${n(of)} 位客户`,
      source: (name: string, count: number, of: number) =>
        `来自${name}：${n(count)} / ${n(of)} 位客户`,
      rule: (name: string, count: number, of: number) =>
        `修复规则「${name}」的预警时打上：${n(count)} / ${n(of)} 位客户`,
    },
    needAttention: '需要你关注',
    allQuiet: '没有需要你关注的预警。',
    overdueMark: '已超时',
  },

  assessment: {
    month: (month: string) => {
      const [year = '', number = ''] = month.split('-');
      return `${year} 年 ${Number(number)} 月`;
    },
    title: (month: string, name: string) => `${month}考核 · ${name}`,
    status: (points: number) => (points === 0 ? '没有扣分' : `扣 ${n(points)} 分`),
    lineStatus: (points: number) => `所辖人员扣 ${n(points)} 分`,
    own: '本人扣分',
    cause: {
      'claim-missed': '未按时认领',
      'close-missed': '未按时关闭',
      recurred: '修复后复发',
    },
    at: { 'claim-missed': '截止', 'close-missed': '截止', recurred: '复发' },
    points: (points: number) => `${n(points)} 分`,
    monthBefore: (points: number) => (points === 0 ? '上月没有扣分' : `上月 ${n(points)} 分`),
    entries: '扣分明细',
    moreEntries: '…其余见控制台',
    warning: (id: number) => `预警 #${id}`,
    state: {
      standing: '计入',
      contested: '申诉中，暂计入',
      upheld: '申诉后维持',
      withdrawn: '已撤销，不计入',
    },
    line: '所辖人员扣分',
    lineTotal: '所辖合计',
    contested: (count: number) => `${n(count)} 条申诉待处理`,
    none: '预警都按时认领、按时关闭，修好的也没有复发。',
    contestBy: (date: string) => `对扣分有异议的，最晚可在 ${date} 前申诉；处理前仍计入。`,
    summary: (month: string, points: number) =>
      points === 0 ? `${month}考核：没有扣分` : `${month}考核：扣 ${n(points)} 分`,
    lineSummary: (month: string, points: number) => `${month}考核：所辖人员扣 ${n(points)} 分`,
    contestedTitle: (name: string) => `${name}对扣分提出申诉`,
    contestedStatus: { contested: '待处理', upheld: '维持扣分', withdrawn: '已撤销扣分' },
    person: '人员',
    what: '事由',
    reason: '申诉理由',
    answer: '答复',
    decided: {
      upheld: (name: string, when: string) => `${name}维持了扣分，${when}`,
      withdrawn: (name: string, when: string) => `${name}撤销了扣分，${when}`,
    },
    stillCounts: '处理前这些分仍计入。',
    nothingToContest: '你现在没有可以申诉的扣分。发送“考核”可查看本月情况。',
  },

  details: {
    title: (id: number) => `预警 #${id} 详情`,
    why: '为什么要处理',
    advice: '怎么处理',
    resolutions: '可以这样修复',
    opened: '发现时间',
    customers: '涉及客户',
    tags: '涉及标签',
    snoozes: '已推迟',
    snoozedTimes: (count: number) => `${n(count)} 次`,
    ruleCode: '规则编码',
    muted: '暂不提醒',
    mutedFindings: (count: number) =>
      `其他规则还有 ${n(count)} 个问题与它有关，等它解决后仍存在的才会提醒`,
  },

  /** Many warnings of one scan in one card. */
  flood: {
    title: {
      opened: (count: number) => `一次扫描给你新增了 ${n(count)} 条预警`,
      escalated: (count: number) => `未按时处理，一批 ${n(count)} 条预警已升级`,
      claim: (count: number) => `快到认领截止时间 · 一批 ${n(count)} 条预警`,
      close: (count: number) => `快到关闭截止时间 · 一批 ${n(count)} 条预警`,
      repeat: (count: number) => `还没有处理完 · 一批 ${n(count)} 条预警`,
    },
    left: (count: number) => `还剩 ${n(count)} 条`,
    allClosed: '全部已关闭',
    allClosedWords: (count: number) => `这 ${n(count)} 条预警都已关闭。`,
    standing: (standing: number, unclaimed: number) =>
      unclaimed === 0
        ? `${n(standing)} 条还没有关闭，都已有人认领。`
        : `${n(standing)} 条还没有关闭，其中 ${n(unclaimed)} 条待认领。`,
    bySeverity: '级别',
    firstClaimDue: '最早认领截止',
    firstCloseDue: '最早关闭截止',
    byRule: '按规则',
    count: (count: number) => `${n(count)} 条`,
    worst: '最需要先看的',
    more: (count: number) => `…另有 ${n(count)} 条`,
    why: '数量太多，所以合成一张卡片。截止时间、提醒和升级仍按每条预警计算，完整清单在控制台。',
  },

  history: {
    title: (id: number) => `预警 #${id} 记录`,
    requestTitle: (id: number) => `申请 #${id} 记录`,
    empty: '还没有记录。',
    list: '从早到晚',
    status: (count: number) => `${n(count)} 条`,
    earlier: (count: number) => `更早的 ${n(count)} 条请在控制台查看。`,
    through: {
      slack: 'Slack',
      feishu: '飞书',
      inbox: '收件箱',
      console: '控制台',
      api: '接口',
      cli: '命令行',
      system: '系统',
    },
    action: {
      'warning.opened': ({ customers }) =>
        `发现冲突${customers === null ? '' : `，${people(customers)}`}`,
      'warning.claimed': () => '认领',
      'warning.released': () => '取消认领',
      'warning.claim-asked': () => '询问认领人是否还在处理',
      'warning.claim-confirmed': () => '回应还在处理',
      'warning.claim-expired': () => '认领人没有回应，回到待认领',
      'warning.reassigned': ({ owner }) => `转派${owner === null ? '' : `给${owner}`}`,
      'warning.snoozed': ({ until }) => `推迟提醒${until === null ? '' : `到 ${until}`}`,
      'warning.woke': () => '推迟结束，恢复提醒',
      'warning.automatic-fix-decided': ({ customers: count, decision }) =>
        `自动修复演练${count === null ? '' : `：会修改${people(count)}`}${decision === 'fix' ? '，在上限之内' : '，未改动'}`,
      'rule.auto-fix-turned-off': () => '关闭了规则的自动修复',
      'warning.fix-started': () => '开始修复',
      'warning.fix-written': () => '修复已写入 CRM，开始复查',
      'warning.fixed-by-hand': () => '在 CRM 里改好，开始复查',
      'warning.verified': ({ customers }) =>
        customers === null || customers === 0 ? '复查完成' : `复查完成，还有 ${people(customers)}`,
      'warning.excepted': () => '设为例外',
      'warning.exception-prolonged': ({ exceptedUntil }) =>
        `例外延长${exceptedUntil === null ? '' : `到 ${exceptedUntil}`}`,
      'warning.findings-changed': ({ customers }) =>
        `扫描后涉及客户有变化${customers === null ? '' : `，现在 ${people(customers)}`}`,
      'warning.escalated': ({ escalatedTo }) =>
        `超时升级${escalatedTo === null ? '' : `，交给${escalatedTo}`}`,
      'warning.escalated-now': ({ escalatedTo }) =>
        `提前升级${escalatedTo === null ? '' : `，交给${escalatedTo}`}`,
      'warning.rerouted': ({ escalatedTo }) =>
        `原升级对象已离职${escalatedTo === null ? '' : `，改交给${escalatedTo}`}`,
      'warning.handed-over': ({ owner }) => `换班${owner === null ? '' : `，由${owner}接手`}`,
      'warning.planned': ({ owner }) =>
        `重新排定响应人和截止时间${owner === null ? '' : `，责任人${owner}`}`,
      'warning.closed': ({ reason }) => `关闭${reason === null ? '' : `：${reason}`}`,
      'warning.commented': () => '评论',
      'warning.refused': () => '操作被拒绝',
      'fix.refused': () => '修复或撤销被拒绝',
      'fix.undo-started': () => '开始撤销',
      'fix.written': () => '改动写入完成',
      'fix.undone': () => '撤销完成',
      'fix.exported': () => '导出逐个客户的结果',
      'request.submitted': () => '提交申请',
      'request.chair-asked': () => '委员会未能决定，交给主任委员',
      'request.chair-decided': ({ ballot }) =>
        `主任委员决定${ballot === null ? '' : `：${ballot}`}`,
      'request.voted': ({ ballot }) => `投票${ballot === null ? '' : `：${ballot}`}`,
      'request.commented': () => '评论申请',
      'request.asked': () => '向申请人提问',
      'request.answered': () => '回答提问',
      'request.item-begun': () => '批量申请中的一项开始生效',
      'request.item-applied': () => '批量申请中的一项已生效',
      'request.item-failed': () => '批量申请中的一项没有生效',
      'request.contradicted': () => '提交了与它冲突的申请',
      'request.rival-applied': () => '与它冲突的申请已先生效',
      'request.rival-over': () => '与它冲突的申请已结束，没有生效',
      'request.withdrawn': () => '撤回申请',
      'request.expired': () => '到期，票数不够',
      'request.rejected': () => '未通过',
      'request.approved': () => '通过，开始执行',
      'request.applied': () => '已生效',
      'request.failed': () => '执行失败',
      'tag.created': () => '标签加入字典',
      'tag.changed': () => '标签修改',
      'tag.deprecated': () => '标签停用',
      'tag.archived': () => '标签归档',
      'tag.activated': () => '标签启用',
      'tag.restored': () => '标签恢复原样',
      'rule.created': () => '规则新建',
      'rule.changed': () => '规则修改',
      'rule.restored': () => '规则恢复原样',
      'configuration.applied': () => '应用配置',
      'person.sign-in-link-made': () => '取得登录链接',
      'person.preferences-set': () => '修改个人设置',
      'scan.started': () => '开始扫描',
      'source.rows-rejected': () => '数据源中有不合格的行被跳过',
      'person.signed-in': () => '登录控制台',
      'door.refused': () => '拒绝了一个未通过验证的请求',
      'digest.created': () => '生成周报',
    } satisfies Record<string, (facts: HistoryFacts) => string> as Record<
      HistoryAction,
      (facts: HistoryFacts) => string
    >,
    comment: (text: string) => `「${text}」`,
  },

  help: {
    title: 'Tagwarden 可以做什么',
    status: '帮助',
    intro: '直接发消息给我，或写在斜杠命令后面',
    unknown: '没看懂这句话，可以这样说',
    nearest: (words: string) => `没看懂这句话。你要的也许是「${words}」，或者`,
    commands: [
      { verb: 'inbox', words: '我的预警', does: '看现在要你处理的预警' },
      {
        verb: 'check',
        words: '检查 C-10293 +黑名单',
        does: '打标之前，看这位客户能不能加这个标签',
      },
      { verb: 'check', words: '检查 高价值客户、黑名单', does: '看几个标签能不能放在一起' },
      { verb: 'search', words: '搜索 高价值', does: '在标签字典里查找' },
      { verb: 'request', words: '申请', does: '申请新标签或合并标签' },
      { verb: 'scan', words: '扫描', does: '马上扫描一次（数据管理员）' },
      { verb: 'assessment', words: '考核', does: '看本月的考核扣分，有异议可以申诉' },
      { verb: 'contest', words: '申诉', does: '对自己的扣分提出申诉' },
      { verb: 'digest', words: '周报', does: '现在就看本业务线的周报（业务线负责人）' },
      {
        verb: 'quiet-hours',
        words: '免打扰 22:00-8:00',
        does: '设置免打扰时间；「免打扰 关」取消',
      },
      { verb: 'language', words: '语言 English', does: '换一种语言' },
      { verb: 'preferences', words: '设置', does: '语言、免打扰、邮件' },
      { verb: 'sign-in', words: '登录', does: '取得一次性的控制台登录链接' },
      { verb: 'help', words: '帮助', does: '看这份说明' },
    ] satisfies readonly HelpLine[] as readonly HelpLine[],
    otherLanguage:
      'English works too: inbox, check, search, request, scan, assessment, contest, digest, quiet hours, language, settings, sign in, help.',
  },

  inbox: {
    title: '我的预警',
    status: (count: number, hasMore: boolean) => `${n(count)}${hasMore ? '+' : ''} 条`,
    item: (customers: number, state: string, due: string) =>
      `${people(customers)}，${state}，${due}`,
    more: '还有更多，请在控制台查看',
    list: '最急的在前',
  },

  check: {
    hiddenRule: '涉及敏感标签的规则',
    hiddenAdvice: '该标签仅对所属部门可见，请联系数据管理员。',
    title: (subject: string, add: string | null) =>
      add === null ? `检查 ${subject}` : `检查 ${subject} + ${add}`,
    allowed: '可以',
    refused: '不可以',
    conflicts: '有冲突',
    allowedWords: (add: string | null) =>
      add === null ? '没有冲突。' : `可以加「${add}」，不会产生新的冲突。`,
    alreadyThere: '这位客户已有的冲突',
    refusedWords: (add: string) => `先不要加「${add}」：`,
    findings: '冲突',
    adviceWords: (advice: string) => `建议：${advice}`,
  },

  search: {
    title: (text: string) => `搜索「${text}」`,
    status: (count: number) => `${n(count)} 个标签`,
    list: '标签',
    item: (customers: number, status: string, owner: string) =>
      `${people(customers)}，${status}，责任人 ${owner}`,
  },

  signIn: {
    title: '登录控制台',
    status: '一次性链接',
    text: (until: string) =>
      `链接只给你一个人，只能用一次，${at(until).trimStart()}前有效。请不要转发。`,
    link: '打开控制台',
  },

  /** What channels say by themselves. */
  channel: {
    more: '更多操作',
    open: '在控制台查看',
    cancel: '取消',
    cancelled: '已取消，没有做任何改动。',
    close: '关闭',
    openForm: '打开表单',
    /** The button or form is not one of today's. */
    replaced: '这张卡片太旧，平台已不允许修改，最新的卡片在下方。',
    olderStands: '上面还有一张旧卡片，平台已不允许修改或撤回，请以这张为准。',
    outdated: '这个按钮或表单已经过时，请在最新的卡片上操作。',
    choose: '请选择',
    search: '输入几个字查找',
    /** Below a list of suggestions. */
    orTyped: '不在列表里？在这里填',
    optional: '选填',
    loading: '正在打开…',
    working: '正在处理…',
    /** Something was left out because the platform allows no more. */
    cut: '内容较多，未全部显示，请在控制台查看。',
    /** Below every email. */
    emailWhy:
      '你的通知渠道里有邮件，所以 Tagwarden 发来了这封信。回复不会被处理；要不要邮件，可以在控制台的「个人设置」里选择。',
    emailEnd: '不再接收邮件',
    /** To a platform user nobody is linked to; sent in both languages. */
    notLinked: (userId: string) =>
      `你好，我是 Tagwarden：发现客户标签的冲突，发给责任人处理，也可以在这里申请标签、打标前检查。你的账号（${userId}）还没有关联到 Tagwarden 里的人员。如果你的企业邮箱已经登记，请登录控制台，在「个人设置」里确认这个账号，或请数据管理员在「人员」页确认；没有登记就把这个编号发给数据管理员。关联以后说「帮助」就可以开始。`,
    /** Taken in, and done when the database or Temporal answers again. */
    kept: '已收下。系统暂时没有应答，恢复后会自动完成，并在这里告诉你结果，不用重复点击。',
    /** Taken in, and not done in a quarter of an hour. */
    givenUp: (when: string) =>
      `你在 ${when} 的操作没有完成：系统一直没有应答，现在已放弃。请在最新的卡片上再试一次。`,
    /** Not even taken in. */
    notTaken: '系统暂时没有应答，没能收下这次操作。请稍后再试一次。',
    failed: (reference: string) =>
      `出错了，这次操作可能没有完成。请稍后再试；如果还是不行，请把编号 ${reference} 告诉管理员。`,
  },

  summary: {
    warning: (severity: string, rule: string, affected: string | null, status: string) =>
      `${severity}：${rule}，${affected === null ? '' : `${affected}，`}${status}`,
    claimDue: (when: string) => `认领截止 ${when}`,
    closeDue: (when: string) => `关闭截止 ${when}`,
  },
};

/** The catalogue's shape, which every language fills. */
export type Texts = typeof zhCn;
