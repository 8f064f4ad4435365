import type { DigestContent, DigestPeriod } from '../../domain/digest.ts';
import type { Locale } from '../../domain/locale.ts';
import type { DaySet, WeekdayNumber } from '../../domain/preference.ts';
import type { QuietHoursFacts } from '../quiet-hours.ts';

/** Every text about how a person wants to be reached, in both languages. */
interface PreferenceTexts {
  readonly title: string;
  readonly intro: (timeZone: string) => string;
  readonly language: string;
  readonly languageOption: Readonly<Record<Locale, string>>;
  readonly quietFrom: string;
  readonly quietUntil: string;
  readonly noQuietHours: string;
  readonly quietDays: string;
  readonly daySet: Readonly<Record<DaySet, string>>;
  readonly weekday: Readonly<Record<WeekdayNumber, string>>;
  readonly place: string;
  readonly direct: string;
  /** Below the choice of a group. */
  readonly groupHint: string;
  readonly mention: string;
  readonly mentionOption: Readonly<Record<'yes' | 'no', string>>;
  readonly email: string;
  readonly emailOption: Readonly<Record<'yes' | 'no', string>>;
  readonly digest: string;
  readonly digestOption: Readonly<Record<DigestPeriod | 'never' | 'policy', string>>;
  readonly digestContent: string;
  readonly digestContentOption: Readonly<Record<DigestContent, string>>;
  readonly submit: string;
  readonly saved: string;
  readonly quietSet: (facts: QuietHoursFacts) => string;
  readonly quietOff: string;
  readonly languageSet: string;
}

const zhWeekday: PreferenceTexts['weekday'] = {
  1: '周一',
  2: '周二',
  3: '周三',
  4: '周四',
  5: '周五',
  6: '周六',
  7: '周日',
};
const enWeekday: PreferenceTexts['weekday'] = {
  1: 'Mon',
  2: 'Tue',
  3: 'Wed',
  4: 'Thu',
  5: 'Fri',
  6: 'Sat',
  7: 'Sun',
};
const languageOption = { 'zh-CN': '中文', en: 'English' } as const;
const zhDaySet: PreferenceTexts['daySet'] = {
  'every-day': '每天',
  weekdays: '周一到周五',
  weekends: '周六、周日',
};
const enDaySet: PreferenceTexts['daySet'] = {
  'every-day': 'every day',
  weekdays: 'Monday to Friday',
  weekends: 'Saturday and Sunday',
};

export const preferenceTexts: Readonly<Record<Locale, PreferenceTexts>> = {
  'zh-CN': {
    title: '个人设置',
    intro: (timeZone) =>
      `免打扰期间不推送新卡片和提醒，结束后一次补上最新状态；紧急的（一般是严重预警）照常发送，截止时间不变。时间按你的时区（${timeZone}）计算。`,
    language: '语言',
    languageOption,
    quietFrom: '免打扰开始',
    quietUntil: '免打扰结束',
    noQuietHours: '不设免打扰',
    quietDays: '从哪几天开始',
    daySet: zhDaySet,
    weekday: zhWeekday,
    place: '预警卡片发到哪里',
    direct: '私聊发给我',
    groupHint: '群里看不到客户名单，涉及敏感标签的预警一律私聊；催办提醒也只私聊你本人。',
    mention: '群里的卡片',
    mentionOption: { yes: '可以 @ 我', no: '不要 @ 我' },
    email: '邮件',
    emailOption: { yes: '可以发邮件给我', no: '不要发邮件' },
    digest: '标签报告',
    digestOption: {
      policy: '按公司规定',
      day: '每天（日报）',
      week: '每周（周报）',
      month: '每月（月报）',
      never: '不要发给我',
    },
    digestContent: '报告内容',
    digestContentOption: { full: '全部，带图表', words: '全部，不带图表', brief: '只要数字' },
    submit: '保存',
    saved: '设置已保存，从下一张卡片起生效。',
    quietSet: ({ from, until, isOvernight, days }) =>
      `免打扰已设为${describeDays(days, zhDaySet, zhWeekday, '、')} ${from} 到${isOvernight ? '次日' : ''} ${until}。紧急的预警照常发送。`,
    quietOff: '已关闭免打扰，等待中的卡片会马上发给你。',
    languageSet: '好的，以后用中文。',
  },
  en: {
    title: 'Settings',
    intro: (timeZone) =>
      `In your quiet hours no new cards and reminders are sent; they come afterwards, as things stand then. What is urgent, usually severe warnings, comes all the same, and deadlines go on. Times are in your time zone (${timeZone}).`,
    language: 'Language',
    languageOption,
    quietFrom: 'Quiet from',
    quietUntil: 'Quiet until',
    noQuietHours: 'No quiet hours',
    quietDays: 'Beginning on',
    daySet: enDaySet,
    weekday: enWeekday,
    place: 'Cards of my warnings go',
    direct: 'To me, directly',
    groupHint:
      'A group sees no customers, and warnings about sensitive tags come directly all the same; so do reminders.',
    mention: 'Cards in the group',
    mentionOption: { yes: 'May mention me', no: 'No mention, please' },
    email: 'Email',
    emailOption: { yes: 'May be sent to me', no: 'No email, please' },
    digest: 'Tag digest',
    digestOption: {
      policy: 'As the company has it',
      day: 'Every day',
      week: 'Every week',
      month: 'Every month',
      never: 'None, please',
    },
    digestContent: 'What the digest holds',
    digestContentOption: {
      full: 'All of it, with charts',
      words: 'All of it, without charts',
      brief: 'The numbers alone',
    },
    submit: 'Save',
    saved: 'Saved; it counts from the next card on.',
    quietSet: ({ from, until, isOvernight, days }) =>
      `Quiet hours are ${describeDays(days, enDaySet, enWeekday, ', ')} from ${from} to ${until}${isOvernight ? ' on the next day' : ''}. What is urgent comes all the same.`,
    quietOff: 'Quiet hours are off; what was waiting comes now.',
    languageSet: 'All right, English from now on.',
  },
};

function describeDays(
  days: QuietHoursFacts['days'],
  sets: PreferenceTexts['daySet'],
  names: PreferenceTexts['weekday'],
  separator: string,
): string {
  return typeof days === 'string' ? sets[days] : days.map((day) => names[day]).join(separator);
}
