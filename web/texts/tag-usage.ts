import type { Locale } from '../../domain/locale.ts';
import type { TagHealthKind } from '../../domain/tag-health.ts';

interface TagUsageTexts {
  readonly usage: string;
  readonly coverage: (share: string) => string;
  readonly lastPutOn: string;
  readonly unknown: string;
  readonly trend: string;
  readonly sources: string;
  readonly actors: string;
  readonly sampled: (customers: string) => string;
  readonly everyone: (customers: string) => string;
  readonly noActors: string;
  readonly health: string;
  readonly formula: string;
  readonly noHealth: string;
  readonly part: Readonly<Record<TagHealthKind, string>>;
  readonly lowered: Readonly<Record<TagHealthKind, string>>;
  readonly order: string;
  readonly orders: Readonly<Record<'used' | 'health' | 'name', string>>;
  readonly deprecate: string;
  readonly retire: string;
  readonly activate: string;
  readonly revive: string;
  readonly rename: string;
  readonly handOver: string;
  readonly split: string;
  readonly act: string;
  readonly subTags: string;
}

export const tagUsageTexts: Readonly<Record<Locale, TagUsageTexts>> = {
  'zh-CN': {
    usage: '使用情况',
    coverage: (share) => `占全部客户 ${share}`,
    lastPutOn: '最近一次打标',
    unknown: '未知',
    trend: '客户数变化',
    sources: '各来源系统的客户数',
    actors: '谁在打这个标签',
    sampled: (customers) => `按抽样统计，样本中有 ${customers} 位客户带有它。`,
    everyone: (customers) => `按全部 ${customers} 位带有它的客户统计。`,
    noActors: '来源系统没有记录打标人。',
    health: '健康度',
    formula: '健康度是以上各项的平均值，满分 100。',
    noHealth: '已归档的标签不再计算健康度。',
    part: {
      documented: '有定义',
      owned: '有责任人',
      used: '有人使用',
      clean: '没有冲突的客户',
      distinct: '没有疑似重复',
      named: '名称合规',
      'phased-out': '已无客户使用',
    },
    lowered: {
      documented: '没有像样的定义',
      owned: '责任人已离职',
      used: '没有客户使用',
      clean: '部分客户有未处理的冲突',
      distinct: '有疑似重复的标签待判断',
      named: '名称不符合命名规范',
      'phased-out': '已停用，仍有客户带有它',
    },
    order: '排序',
    orders: { used: '客户数从多到少', health: '健康度从低到高', name: '按名称' },
    deprecate: '停用或替换',
    retire: '下线',
    activate: '启用',
    revive: '恢复使用',
    rename: '改名',
    handOver: '更换责任人',
    split: '拆分',
    act: '其他申请',
    subTags: '子标签',
  },
  en: {
    usage: 'Usage',
    coverage: (share) => `${share} of all customers`,
    lastPutOn: 'Last put on',
    unknown: 'not known',
    trend: 'Customers over time',
    sources: 'Customers by source',
    actors: 'Who puts it on',
    sampled: (customers) => `Of a sample with ${customers} customers who carry it.`,
    everyone: (customers) => `Of all ${customers} customers who carry it.`,
    noActors: 'The sources do not say who put it on.',
    health: 'Health',
    formula: 'Health is the mean of these parts, out of 100.',
    noHealth: 'Archived tags have no health.',
    part: {
      documented: 'Defined',
      owned: 'Owned',
      used: 'Used',
      clean: 'Customers without conflicts',
      distinct: 'No likely double',
      named: 'Named by the convention',
      'phased-out': 'Off all customers',
    },
    lowered: {
      documented: 'no definition to speak of',
      owned: 'the owner has left',
      used: 'no customer carries it',
      clean: 'customers with open conflicts',
      distinct: 'a tag that may mean the same waits to be decided on',
      named: 'the name is against the convention',
      'phased-out': 'out of use, and customers still carry it',
    },
    order: 'Order',
    orders: { used: 'Most used first', health: 'Least healthy first', name: 'By name' },
    deprecate: 'Deprecate or replace',
    retire: 'Retire',
    activate: 'Put into use',
    revive: 'Bring back into use',
    rename: 'Rename',
    handOver: 'Hand over',
    split: 'Split',
    act: 'Other requests',
    subTags: 'Sub tags',
  },
};
