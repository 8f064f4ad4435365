import type { CronWords } from '../cron-words.ts';
import type { Locale } from '../../domain/locale.ts';
import type { EscalationStep, Grouping, VotingPolicy } from '../../domain/policy.ts';
import type { RetentionKind } from '../../domain/retention.ts';

interface PolicyTexts {
  readonly title: string;
  readonly subtitle: string;
  readonly hint: string;
  readonly yes: string;
  readonly no: string;
  readonly never: string;
  readonly noLimit: string;
  readonly deadlines: string;
  readonly claimWithin: string;
  readonly closeWithin: string;
  readonly hours: (hours: string) => string;
  readonly clock: string;
  readonly clocks: Readonly<Record<'elapsed' | 'working', string>>;
  readonly pauses: string;
  readonly reminders: string;
  readonly repeat: string;
  readonly grouping: string;
  readonly groupings: Readonly<Record<Grouping, string>>;
  readonly escalation: string;
  readonly escalationNone: string;
  readonly missed: Readonly<Record<EscalationStep['on'], string>>;
  readonly at: (deadline: string) => string;
  readonly after: (duration: string, deadline: string) => string;
  readonly to: Readonly<Record<'second-line' | 'manager', string>>;
  readonly everybodyWith: (role: string) => string;
  readonly onDuty: (duty: string) => string;
  readonly group: (name: string) => string;
  readonly telling: string;
  readonly breakThrough: string;
  readonly flood: string;
  readonly floodAbove: (cards: string) => string;
  readonly snooze: string;
  readonly snoozeWords: (longest: string, times: string) => string;
  readonly claimExpires: string;
  readonly claimWords: (after: string, answer: string) => string;
  readonly recurrence: string;
  readonly fixing: string;
  readonly undo: string;
  readonly exceptions: string;
  readonly days: (days: string) => string;
  readonly committee: string;
  readonly quorum: string;
  readonly voting: string;
  readonly seats: string;
  readonly seatsOf: Readonly<Record<VotingPolicy['seats'], string>>;
  readonly ownersVote: string;
  readonly veto: string;
  readonly chair: string;
  readonly chairWords: (name: string, within: string) => string;
  readonly consoleOnly: string;
  readonly above: (customers: string) => string;
  readonly learning: string;
  readonly precisionFloor: string;
  readonly models: string;
  readonly modelsWords: (questions: string, texts: string) => string;
  readonly below: (share: string) => string;
  readonly goal: string;
  readonly goalTags: (tags: string) => string;
  readonly naming: string;
  readonly namingWords: Readonly<Record<'warning' | 'error', string>>;
  readonly reports: string;
  readonly digest: string;
  readonly digestWords: (weekday: string, hour: string, roles: string) => string;
  readonly scans: string;
  readonly cron: CronWords;
  readonly fullScan: string;
  readonly incrementalScan: string;
  readonly timeZone: string;
  readonly notYet: string;
  readonly assessment: string;
  readonly pointsFor: (cause: string) => string;
  readonly dutyOf: (duty: string, members: string) => string;
  readonly contestWithin: string;
  readonly duties: string;
  readonly groups: string;
  readonly subscribers: string;
  readonly retention: string;
  readonly kept: Readonly<Record<RetentionKind, string>>;
  readonly keptForever: string;
}

export const policyTexts: Readonly<Record<Locale, PolicyTexts>> = {
  'zh-CN': {
    title: '现行制度',
    subtitle: '当前生效的时限、升级、表决等规定',
    hint: '在 policy.yaml 中修改，用 tagwarden config apply 生效；每次修改都记入审计。',
    yes: '是',
    no: '否',
    never: '不重复',
    noLimit: '不限',
    deadlines: '时限与提醒',
    claimWithin: '认领时限',
    closeWithin: '关闭时限',
    hours: (hours) => `${hours} 小时`,
    clock: '计时方式',
    clocks: { elapsed: '全天计时', working: '只计责任人的工作时间' },
    pauses: '无人在岗时暂停',
    reminders: '提醒时点',
    repeat: '无人认领时再次告知',
    grouping: '合并方式',
    groupings: {
      rule: '每条规则一条预警',
      import: '每次导入一条预警',
      'tag-pair': '每对标签一条预警',
      customer: '每位客户一条预警',
    },
    escalation: '升级',
    escalationNone: '不升级。',
    missed: { 'claim-missed': '认领超时', 'close-missed': '关闭超时' },
    at: (deadline) => `${deadline}后立即`,
    after: (duration, deadline) => `${deadline} ${duration}后`,
    to: { 'second-line': '责任人的二级响应人', manager: '责任人所在业务线的负责人' },
    everybodyWith: (role) => `所有${role}`,
    onDuty: (duty) => `${duty}当值的人`,
    group: (name) => `群「${name}」`,
    telling: '通知',
    breakThrough: '免打扰时段仍发送',
    flood: '汇总成一张卡片',
    floodAbove: (cards) => `一次扫描给同一人超过 ${cards} 张卡片时`,
    snooze: '稍后提醒',
    snoozeWords: (longest, times) => `每次最长 ${longest}，最多 ${times} 次`,
    claimExpires: '认领后没有动静',
    claimWords: (after, answer) => `${after}后询问，${answer}内没有回应则释放`,
    recurrence: '多久内再次出现算复发',
    fixing: '修复与例外',
    undo: '修复后可撤销',
    exceptions: '免审批的例外最长',
    days: (days) => `${days} 天`,
    committee: '标签管理委员会',
    quorum: '通过所需同意票',
    voting: '表决期限',
    seats: '席位',
    seatsOf: { members: '每位委员一席', departments: '每个部门一席' },
    ownersVote: '责任人可参与表决',
    veto: '有一票否决权',
    chair: '主席裁决',
    chairWords: (name, within) => `${name}，${within}内`,
    consoleOnly: '只能在控制台表决',
    above: (customers) => `影响超过 ${customers} 位客户时`,
    learning: '持续改进',
    precisionFloor: '提请复核规则',
    models: '每天的模型用量',
    modelsWords: (questions, texts) =>
      `语言模型最多 ${questions} 次提问，语义模型最多 ${texts} 段文字`,
    below: (share) => `准确率低于 ${share} 时`,
    goal: '标签数量目标',
    goalTags: (tags) => `${tags} 个`,
    naming: '命名规范',
    namingWords: { warning: '不合规时提示', error: '不合规时拒绝' },
    reports: '摘要与考核',
    digest: '标签周报',
    digestWords: (weekday, hour, roles) => `${weekday} ${hour}，发给${roles}`,
    scans: '扫描',
    cron: {
      everyMinutes: (minutes) => `每 ${minutes} 分钟`,
      everyDay: (time) => `每天 ${time}`,
      onWeekday: (weekday, time) => `每${weekday} ${time}`,
    },
    fullScan: '全量扫描',
    incrementalScan: '增量扫描',
    timeZone: '时区',
    notYet: '还没有生效的制度。',
    assessment: '月度考核扣分',
    pointsFor: (cause) => `月度考核扣分：${cause}`,
    dutyOf: (duty, members) => `${duty}：${members}`,
    contestWithin: '申诉期限',
    duties: '值班',
    groups: '群',
    subscribers: '订阅事件的系统',
    retention: '数据保留',
    kept: {
      findings: '已消除的冲突明细',
      cards: '卡片与投递记录',
      scans: '扫描记录',
      fixDetails: '修复的客户明细',
      tagHistory: '打标历史',
      digests: '标签周报',
    },
    keptForever: '审计、预警、修复、申请与表决永久保留。',
  },
  en: {
    title: 'Policy in force',
    subtitle: 'Deadlines, escalation, votes and the rest, as they hold now',
    hint: 'Changed in policy.yaml and put in force by tagwarden config apply; every change stands in the audit trail.',
    yes: 'Yes',
    no: 'No',
    never: 'Not repeated',
    noLimit: 'No limit',
    deadlines: 'Deadlines and reminders',
    claimWithin: 'Claim within',
    closeWithin: 'Close within',
    hours: (hours) => `${hours} h`,
    clock: 'Counted',
    clocks: { elapsed: 'round the clock', working: 'in the owner’s working hours' },
    pauses: 'Stands still while nobody is at work',
    reminders: 'Reminders at',
    repeat: 'Told again while unclaimed',
    grouping: 'One warning for',
    groupings: {
      rule: 'each rule',
      import: 'each import',
      'tag-pair': 'each two tags',
      customer: 'each customer',
    },
    escalation: 'Escalation',
    escalationNone: 'Nothing is escalated.',
    missed: { 'claim-missed': 'the deadline to claim', 'close-missed': 'the deadline to close' },
    at: (deadline) => `At ${deadline}`,
    after: (duration, deadline) => `${duration} after ${deadline}`,
    to: { 'second-line': 'the owner’s second line', manager: 'the owner’s manager' },
    everybodyWith: (role) => `everybody with the role ${role}`,
    onDuty: (duty) => `whoever is on duty (${duty})`,
    group: (name) => `the group ${name}`,
    telling: 'Telling people',
    breakThrough: 'Sent in quiet hours too',
    flood: 'One card for many warnings',
    floodAbove: (cards) => `above ${cards} cards of one scan for one person`,
    snooze: 'Remind me later',
    snoozeWords: (longest, times) => `${longest} at most, ${times} times at most`,
    claimExpires: 'A claim without anything done',
    claimWords: (after, answer) => `asked after ${after}, given up ${answer} later`,
    recurrence: 'Counts as come back within',
    fixing: 'Fixes and exceptions',
    undo: 'A fix can be undone for',
    exceptions: 'Exceptions without the committee, at most',
    days: (days) => `${days} days`,
    committee: 'Tag committee',
    quorum: 'Votes in favour needed',
    voting: 'Voting time',
    seats: 'Seats',
    seatsOf: { members: 'one for each member', departments: 'one for each department' },
    ownersVote: 'Owners vote on their own tags',
    veto: 'May veto',
    chair: 'Chair decides',
    chairWords: (name, within) => `${name}, within ${within}`,
    consoleOnly: 'Voted on in the console only',
    above: (customers) => `above ${customers} customers`,
    learning: 'Getting better',
    precisionFloor: 'A rule is brought before the committee',
    models: 'Models, a day',
    modelsWords: (questions, texts) =>
      `at most ${questions} questions to the language model and ${texts} texts to the model of meaning`,
    below: (share) => `when it is right in less than ${share}`,
    goal: 'Goal',
    goalTags: (tags) => `${tags} tags`,
    naming: 'Naming convention',
    namingWords: { warning: 'advises', error: 'is enforced' },
    reports: 'Digests and assessment',
    digest: 'Weekly digest',
    digestWords: (weekday, hour, roles) => `${weekday} ${hour}, for: ${roles}`,
    scans: 'Scans',
    cron: {
      everyMinutes: (minutes) => (minutes === '1' ? 'every minute' : `every ${minutes} minutes`),
      everyDay: (time) => `every day at ${time}`,
      onWeekday: (weekday, time) => `every ${weekday} at ${time}`,
    },
    fullScan: 'Full scan',
    incrementalScan: 'Incremental scan',
    timeZone: 'Time zone',
    notYet: 'No policy is in force yet.',
    assessment: 'Points of the monthly assessment',
    pointsFor: (cause) => `Points of the month: ${cause}`,
    dutyOf: (duty, members) => `${duty}: ${members}`,
    contestWithin: 'May be contested for',
    duties: 'Duties',
    groups: 'Groups',
    subscribers: 'Systems told of events',
    retention: 'How long data is kept',
    kept: {
      findings: 'Findings that are gone',
      cards: 'Cards and deliveries',
      scans: 'Scans',
      fixDetails: 'Customers of a fix',
      tagHistory: 'Who tagged what when',
      digests: 'Digests',
    },
    keptForever: 'The audit trail, warnings, fixes, requests and votes are kept for ever.',
  },
};
