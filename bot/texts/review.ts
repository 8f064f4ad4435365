import type { Locale } from '../../domain/locale.ts';

/** Counts are written out. */
interface ReviewWords {
  readonly title: string;
  readonly reminder: string;
  readonly progressTitle: string;
  readonly status: { readonly open: (count: string) => string; readonly answered: string };
  readonly over: string;
  readonly going: string;
  readonly ask: (count: string) => string;
  readonly due: string;
  readonly tags: string;
  readonly item: (customers: string) => string;
  readonly answer: Readonly<Record<'keep' | 'retire' | 'open', string>>;
  readonly hint: string;
  readonly keepAll: string;
  readonly keepRest: string;
  readonly choose: string;
  readonly progress: (answered: string, all: string) => string;
  readonly counts: (keep: string, retire: string, open: string) => string;
  readonly silent: string;
  readonly silentItem: (open: string, all: string) => string;
  readonly outcome: (retire: string, requests: string) => string;
  readonly outcomeKept: string;
  readonly form: {
    readonly intro: string;
    readonly retire: string;
    readonly submit: string;
  };
  readonly done: (keep: string, retire: string) => string;
  /** The reason of the request that comes of it. */
  readonly reason: (review: string) => string;
}

export const reviewWords: Readonly<Record<Locale, ReviewWords>> = {
  'zh-CN': {
    title: '标签复核：这些标签还需要吗',
    reminder: '提醒：标签复核还没有答复',
    progressTitle: '标签复核进度',
    status: { open: (count) => `待答复 ${count} 个`, answered: '已全部答复' },
    over: '已结束',
    going: '进行中',
    ask: (count) =>
      `你负责 ${count} 个在用标签，请逐一确认还要不要用。不再需要的会在复核结束后合成一份申请，由委员会表决后下线。`,
    due: '答复截止',
    tags: '你负责的标签',
    item: (customers) => `${customers} 位客户`,
    answer: { keep: '保留', retire: '下线', open: '未答复' },
    hint: '截止前可以改主意。没有答复的标签保持不变，数据管理员能看到。',
    keepAll: '都保留',
    keepRest: '其余都保留',
    choose: '选择要下线的…',
    progress: (answered, all) => `已答复 ${answered} / ${all}`,
    counts: (keep, retire, open) => `保留 ${keep}，下线 ${retire}，未答复 ${open}`,
    silent: '还没有答复的责任人',
    silentItem: (open, all) => `${open} / ${all} 个未答复`,
    outcome: (retire, requests) => `${retire} 个标签不再需要，已提交申请 ${requests}。`,
    outcomeKept: '没有标签需要下线。',
    form: {
      intro: '写下不再需要的标签，其余的都保留。',
      retire: '要下线的标签（每行一个，编码或名称）',
      submit: '提交答复',
    },
    done: (keep, retire) => `已记录：保留 ${keep} 个，下线 ${retire} 个。`,
    reason: (review) => `标签复核 ${review} 中，责任人确认这些标签不再需要`,
  },
  en: {
    title: 'Tag review: are these still needed?',
    reminder: 'Reminder: the tag review waits for you',
    progressTitle: 'Progress of the tag review',
    status: { open: (count) => `${count} to answer`, answered: 'All answered' },
    over: 'Over',
    going: 'Going on',
    ask: (count) =>
      `You own ${count} tags in use. Please say of each whether it is still needed. What is not goes to the committee in one request when the review ends.`,
    due: 'Answer by',
    tags: 'Your tags',
    item: (customers) => `${customers} customers`,
    answer: { keep: 'keep', retire: 'retire', open: 'to answer' },
    hint: 'You may change your mind until then. What nobody answers for stays as it is, and data admins see that.',
    keepAll: 'Keep all',
    keepRest: 'Keep the rest',
    choose: 'Choose what to retire…',
    progress: (answered, all) => `${answered} of ${all} answered`,
    counts: (keep, retire, open) => `${keep} to keep, ${retire} to retire, ${open} open`,
    silent: 'Owners who have not answered',
    silentItem: (open, all) => `${open} of ${all} open`,
    outcome: (retire, requests) => `No longer needed: ${retire}. With the committee: ${requests}.`,
    outcomeKept: 'No tag is to be retired.',
    form: {
      intro: 'Write down what is no longer needed; the rest is kept.',
      retire: 'Tags to retire, one a line, by code or name',
      submit: 'Answer',
    },
    done: (keep, retire) => `Noted: ${keep} to keep, ${retire} to retire.`,
    reason: (review) => `In tag review ${review} their owners said that these are no longer needed`,
  },
};
