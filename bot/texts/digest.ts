import type { DigestPeriod, DigestStep } from '../../domain/digest.ts';
import type { Locale } from '../../domain/locale.ts';

/** Every text of a digest that goes by its period, and of its pictures, in both languages. */
export interface DigestTexts {
  readonly title: (department: string) => string;
  readonly comparedWith: string;
  /** Nothing was claimed or closed. */
  readonly none: string;
  /** A figure of the period before. */
  readonly before: (figure: string) => string;
  /** The same where there was nothing. */
  readonly noneBefore: string;
  readonly summary: (department: string, open: string, overdue: string) => string;
  /** Nothing is open, nothing came and nothing went. */
  readonly nothing: string;
}

interface PictureTexts {
  readonly health: string;
  readonly healthScore: (score: string) => string;
  /** How far it has risen or fallen since the period began. */
  readonly healthChange: (change: number) => string;
  /** What it was where the picture begins. */
  readonly healthSince: (day: string, score: string) => string;
  /** Below 'nothing'. */
  readonly healthLine: (score: string) => string;
  readonly standing: string;
  readonly inTime: string;
  readonly overdue: string;
  readonly standingWords: (
    now: { readonly open: string; readonly overdue: string },
    before: { readonly day: string; readonly open: string },
  ) => string;
  readonly opened: Readonly<Record<DigestStep, string>>;
  readonly openedWords: Readonly<Record<DigestStep, (kinds: string) => string>>;
  readonly openedNone: Readonly<Record<DigestStep, string>>;
  readonly otherKinds: string;
}

export const digestTexts: Readonly<Record<Locale, Readonly<Record<DigestPeriod, DigestTexts>>>> = {
  'zh-CN': {
    day: {
      title: (department) => `标签日报 · ${department}`,
      comparedWith: '比前一天',
      none: '当天没有',
      before: (figure) => `前一天 ${figure}`,
      noneBefore: '前一天没有',
      summary: (department, open, overdue) =>
        `${department}标签日报：未关闭 ${open} 条，超时 ${overdue} 条`,
      nothing: '当天没有预警。',
    },
    week: {
      title: (department) => `标签周报 · ${department}`,
      comparedWith: '比上周',
      none: '本周没有',
      before: (figure) => `上周 ${figure}`,
      noneBefore: '上周没有',
      summary: (department, open, overdue) =>
        `${department}标签周报：未关闭 ${open} 条，超时 ${overdue} 条`,
      nothing: '本周没有预警。',
    },
    month: {
      title: (department) => `标签月报 · ${department}`,
      comparedWith: '比上月',
      none: '本月没有',
      before: (figure) => `上月 ${figure}`,
      noneBefore: '上月没有',
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
      before: (figure) => `against ${figure} the day before`,
      noneBefore: 'none the day before',
      summary: (department, open, overdue) =>
        `Daily tag digest, ${department}: ${open} open, ${overdue} overdue`,
      nothing: 'No warnings that day.',
    },
    week: {
      title: (department) => `Weekly tag digest · ${department}`,
      comparedWith: 'Against last week',
      none: 'none this week',
      before: (figure) => `against ${figure} last week`,
      noneBefore: 'none last week',
      summary: (department, open, overdue) =>
        `Weekly tag digest, ${department}: ${open} open, ${overdue} overdue`,
      nothing: 'No warnings this week.',
    },
    month: {
      title: (department) => `Monthly tag digest · ${department}`,
      comparedWith: 'Against last month',
      none: 'none this month',
      before: (figure) => `against ${figure} last month`,
      noneBefore: 'none last month',
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
    healthSince: (day, score) => `${day} 时 ${score} 分`,
    healthLine: (score) => `标签健康度 ${score} 分。`,
    standing: '未关闭的预警',
    inTime: '未超时',
    overdue: '已超时',
    standingWords: (now, before) =>
      `现在 ${now.open} 条，其中超时 ${now.overdue} 条；${before.day} 时 ${before.open} 条`,
    opened: { day: '每日新增预警（按类型）', week: '每周新增预警（按类型）' },
    openedWords: {
      day: (kinds) => `最近一天：${kinds}`,
      week: (kinds) => `最近一周：${kinds}`,
    },
    openedNone: { day: '最近一天没有新增', week: '最近一周没有新增' },
    otherKinds: '其他',
  },
  en: {
    health: 'Tag health',
    healthScore: (score) => `${score} of 100`,
    healthChange: (change) =>
      change === 0 ? 'unchanged' : `${change > 0 ? 'up' : 'down'} ${Math.abs(change)}`,
    healthSince: (day, score) => `${score} on ${day}`,
    healthLine: (score) => `Tag health: ${score} of 100.`,
    standing: 'Open warnings',
    inTime: 'in time',
    overdue: 'overdue',
    standingWords: (now, before) =>
      `${now.open} now, of which ${now.overdue} overdue; ${before.open} on ${before.day}`,
    opened: { day: 'New warnings a day, by kind', week: 'New warnings a week, by kind' },
    openedWords: {
      day: (kinds) => `The last day: ${kinds}`,
      week: (kinds) => `The last week: ${kinds}`,
    },
    openedNone: { day: 'None on the last day', week: 'None in the last week' },
    otherKinds: 'others',
  },
};
