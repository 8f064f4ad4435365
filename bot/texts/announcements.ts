import type { EventBody } from '../../domain/event.ts';
import type { Locale } from '../../domain/locale.ts';

type DecidedRequest = Extract<EventBody, { kind: 'request.decided' }>;

/** What groups and the console say of events, besides what cards say anyway. */
export interface AnnouncementWords {
  readonly closed: string;
  readonly sensitiveRule: string;
  readonly customers: string;
  readonly owner: string;
  readonly claimBy: string;
  readonly closeBy: string;
  readonly claimedBy: (name: string) => string;
  readonly escalated: string;
  readonly escalatedTo: (names: string) => string;
  /** `names` null: to a group. */
  readonly escalatedBy: (name: string, names: string | null) => string;
  readonly closedBy: (name: string) => string;
  readonly manyOpened: (count: string) => string;
  readonly worst: string;
  readonly request: (id: number) => string;
  readonly proposal: Readonly<Record<DecidedRequest['proposal'], string>>;
  readonly outcome: Readonly<Record<DecidedRequest['outcome'], string>>;
  readonly requester: string;
  readonly what: string;
  readonly daily: (day: string) => string;
  readonly dailySummary: (day: string, open: string, overdue: string) => string;
  readonly someDepartment: string;
  readonly monthly: (month: string) => string;
  readonly people: string;
  readonly contested: string;
  readonly byPerson: string;
}

export const announcementWords: Readonly<Record<Locale, AnnouncementWords>> = {
  'zh-CN': {
    closed: '已关闭',
    sensitiveRule: '涉及敏感标签的规则',
    customers: '客户数',
    owner: '责任人',
    claimBy: '认领截止',
    closeBy: '关闭截止',
    claimedBy: (name) => `${name}已认领。`,
    escalated: '已升级',
    escalatedTo: (names) => `未按时处理，已升级给${names}。`,
    escalatedBy: (name, names) => `${name}提前升级${names === null ? '' : `给${names}`}。`,
    closedBy: (name) => `由${name}处理。`,
    manyOpened: (count) => `新增 ${count} 条预警`,
    worst: '其中最需要关注的',
    request: (id) => `标签申请 #${id}`,
    proposal: {
      'create-tag': '新增标签',
      'activate-tag': '启用标签',
      'change-tag': '修改标签',
      'merge-tags': '合并标签',
      'split-tag': '拆分标签',
      'deprecate-tag': '停用标签',
      'retire-tag': '下线标签',
      'change-rule': '修改规则',
      exception: '长期例外',
      batch: '批量申请',
    },
    outcome: { approved: '已通过', rejected: '未通过', expired: '到期未决' },
    requester: '申请人',
    what: '申请内容',
    daily: (day) => `标签治理日报 · ${day}`,
    dailySummary: (day, open, overdue) => `${day} 标签治理日报：未关闭 ${open}，超时 ${overdue}`,
    someDepartment: '业务线',
    monthly: (month) => `${month}标签治理考核`,
    people: '有扣分的人数',
    contested: '待处理申诉',
    byPerson: '各人扣分',
  },
  en: {
    closed: 'Closed',
    sensitiveRule: 'A rule about a sensitive tag',
    customers: 'Customers',
    owner: 'Owner',
    claimBy: 'Claim by',
    closeBy: 'Close by',
    claimedBy: (name) => `Claimed by ${name}.`,
    escalated: 'Escalated',
    escalatedTo: (names) => `Not dealt with in time: escalated to ${names}.`,
    escalatedBy: (name, names) =>
      `Escalated${names === null ? '' : ` to ${names}`} by ${name} before its time.`,
    closedBy: (name) => `Dealt with by ${name}.`,
    manyOpened: (count) => `${count} new warnings`,
    worst: 'Most in need of attention',
    request: (id) => `Tag request #${id}`,
    proposal: {
      'create-tag': 'a new tag',
      'activate-tag': 'a tag into use',
      'change-tag': 'changing a tag',
      'merge-tags': 'merging two tags',
      'split-tag': 'splitting a tag',
      'deprecate-tag': 'deprecating a tag',
      'change-rule': 'changing a rule',
      'retire-tag': 'retiring a tag',
      exception: 'a long exception',
      batch: 'several changes at once',
    },
    outcome: { approved: 'Approved', rejected: 'Rejected', expired: 'Expired undecided' },
    requester: 'Requested by',
    what: 'Asks for',
    daily: (day) => `Daily tag report · ${day}`,
    dailySummary: (day, open, overdue) =>
      `Daily tag report of ${day}: ${open} open, ${overdue} overdue`,
    someDepartment: 'business line',
    monthly: (month) => `Assessment for ${month}`,
    people: 'People with points',
    contested: 'Contested, to decide',
    byPerson: 'By person',
  },
};
