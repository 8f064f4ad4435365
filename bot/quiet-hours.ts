import {
  daysOf,
  daySetOf,
  daySets,
  minuteOf,
  timeOfMinute,
  type DaySet,
  type QuietHours,
  type WeekdayNumber,
} from '../domain/preference.ts';

const offWords: readonly string[] = [
  '关',
  '关闭',
  '取消',
  '停用',
  '无',
  'off',
  'none',
  'no',
  'stop',
];

const dayWords: Readonly<Record<DaySet, readonly string[]>> = {
  'every-day': ['每天', '每日', 'every day', 'everyday', 'daily'],
  weekdays: [
    '工作日',
    '周一到周五',
    '周一至周五',
    'weekdays',
    'workdays',
    'on weekdays',
    'mon-fri',
  ],
  weekends: ['周末', '周六日', '周六周日', 'weekends', 'on weekends', 'sat-sun'],
};

const time = String.raw`(?<%>\d{1,2}(?::[0-5]\d)?)(?:点钟?|时)?`;
const range = new RegExp(
  `${time.replace('%', 'from')}\\s*(?:-|–|—|~|到|至|to|until|till)\\s*(?:次日|第二天|翌日)?\\s*${time.replace('%', 'until')}`,
  'u',
);

/** Reads quiet hours as people write them: 22:00-8:00, 22点到8点 工作日, off. Null: none; every day unless said. */
export function readQuietHours(text: string): QuietHours | null | 'unreadable' {
  const words = text.trim().toLowerCase();
  if (offWords.includes(words)) return null;
  const found = range.exec(words);
  const fromMinute = minuteOf(whole(found?.groups?.['from']));
  const untilMinute = minuteOf(whole(found?.groups?.['until']));
  if (found === null || fromMinute === null || untilMinute === null) return 'unreadable';
  const rest = words
    .replace(found[0], ' ')
    .replaceAll(/[,，;、\s]+/gu, ' ')
    .trim();
  const set = rest === '' ? 'every-day' : daySets.find((known) => dayWords[known].includes(rest));
  return set === undefined ? 'unreadable' : { fromMinute, untilMinute, days: daysOf(set) };
}

function whole(hour: string | undefined): string {
  if (hour === undefined) return '';
  return hour.includes(':') ? hour : `${hour}:00`;
}

/** What their words are made of. */
export interface QuietHoursFacts {
  readonly from: string;
  readonly until: string;
  /** They end on the day after. */
  readonly isOvernight: boolean;
  readonly days: DaySet | readonly WeekdayNumber[];
}

export function quietHoursFacts({ fromMinute, untilMinute, days }: QuietHours): QuietHoursFacts {
  return {
    from: timeOfMinute(fromMinute),
    until: timeOfMinute(untilMinute),
    isOvernight: untilMinute <= fromMinute,
    days: daySetOf(days) ?? days,
  };
}
