import type { DigestPeriod } from '../../domain/digest.ts';
import type { Locale } from '../../domain/locale.ts';

/** Every text of a digest that goes by its period, and of its pictures, in both languages. */
export interface DigestTexts {
  readonly title: (department: string) => string;
  readonly comparedWith: string;
  /** Nothing was claimed or closed. */
  readonly none: string;
  readonly summary: (department: string, open: string, overdue: string) => string;
  /** Nothing is open, nothing came and nothing went. */
  readonly nothing: string;
}

interface PictureTexts {
  readonly health: string;
  readonly healthScore: (score: string) => string;
  /** How far it has risen or fallen since the period began. */
  readonly healthChange: (change: number) => string;
  /** Below 'nothing'. */
  readonly healthLine: (score: string) => string;
  readonly standing: string;
  readonly inTime: string;
  readonly overdue: string;
  readonly standingWords: (open: string, overdue: string, before: string) => string;
  readonly opened: string;
  readonly openedWords: (kinds: string) => string;
  readonly openedNone: string;
  readonly otherKinds: string;
}

export const digestTexts: Readonly<Record<Locale, Readonly<Record<DigestPeriod, DigestTexts>>>> = {
  'zh-CN': {
    day: {
      title: (department) => `标签日报 · ${department}`,
      comparedWith: '比前一天',
      none: '当天没有',
      summary: (department, open, overdue) =>
        `${department}标签日报：未关闭 ${open} 条，超时 ${overdue} 条`,
      nothing: '当天没有预警。',
    },
    week: {
      title: (department) => `标签周报 · ${department}`,
      comparedWith: '比上周',
      none: '本周没有',
      summary: (department, open, overdue) =>
        `${department}标签周报：未关闭 ${open} 条，超时 ${overdue} 条`,
      nothing: '本周没有预警。',
    },
    month: {
      title: (department) => `标签月报 · ${department}`,
      comparedWith: '比上月',
      none: '本月没有',
      summary: (department, open, overdue) =>
        `${department}标签月报：未关闭 ${open} 条，超时 ${overdue} 条`,
      nothing: '本月没有预警。',
    },
  },
  en: {
    day: {
      title: (department) => `Daily tag digest · ${department}`,
      comparedWith: 'Against the day before',
      none: 'none that day',
      summary: (department, open, overdue) =>
        `Daily tag digest, ${department}: ${open} open, ${overdue} overdue`,
      nothing: 'No warnings that day.',
    },
    week: {
      title: (department) => `Weekly tag digest · ${department}`,
      comparedWith: 'Against last week',
      none: 'none this week',
      summary: (department, open, overdue) =>
        `Weekly tag digest, ${department}: ${open} open, ${overdue} overdue`,
      nothing: 'No warnings this week.',
    },
    month: {
      title: (department) => `Monthly tag digest · ${department}`,
      comparedWith: 'Against last month',
      none: 'none this month',
      summary: (department, open, overdue) =>
        `Monthly tag digest, ${department}: ${open} open, ${overdue} overdue`,
      nothing: 'No warnings this month.',
    },
  },
};

export const pictureTexts: Readonly<Record<Locale, PictureTexts>> = {
  'zh-CN': {
    health: '标签健康度',
    healthScore: (score) => `${score} 分`,
    healthChange: (change) =>
      change === 0 ? '持平' : `${change > 0 ? '上升' : '下降'} ${Math.abs(change)}`,
    healthLine: (score) => `标签健康度 ${score} 分。`,
    standing: '未关闭的预警',
    inTime: '未超时',
    overdue: '已超时',
    standingWords: (open, overdue, before) =>
      `现在 ${open} 条，其中超时 ${overdue} 条；八周前 ${before} 条`,
    opened: '每周新增预警（按类型）',
    openedWords: (kinds) => `最近一周：${kinds}`,
    openedNone: '最近一周没有新增',
    otherKinds: '其他',
  },
  en: {
    health: 'Tag health',
    healthScore: (score) => `${score} of 100`,
    healthChange: (change) =>
      change === 0 ? 'unchanged' : `${change > 0 ? 'up' : 'down'} ${Math.abs(change)}`,
    healthLine: (score) => `Tag health: ${score} of 100.`,
    standing: 'Open warnings',
    inTime: 'in time',
    overdue: 'overdue',
    standingWords: (open, overdue, before) =>
      `${open} now, of which ${overdue} overdue; ${before} eight weeks ago`,
    opened: 'New warnings a week, by kind',
    openedWords: (kinds) => `The last week: ${kinds}`,
    openedNone: 'None in the last week',
    otherKinds: 'others',
  },
};
