import type { Locale } from '../../domain/locale.ts';

/** The few sentences only Slack needs; everything else comes from the reply itself. */
export interface SlackTexts {
  readonly loading: string;
  readonly close: string;
  readonly openForm: string;
  readonly more: string;
  /** Said where a form holds more than a modal can carry. */
  readonly formTooLarge: string;
  /** Said where a button or form is not one of today's. */
  readonly outdated: string;
  failed(reference: string): string;
}

export const slackTexts: Readonly<Record<Locale, SlackTexts>> = {
  'zh-CN': {
    loading: '正在处理，请稍候…',
    close: '关闭',
    openForm: '打开表单',
    more: '更多',
    formTooLarge: '内容太多，Slack 放不下。请在控制台中处理，或分几次选择。',
    outdated: '这个按钮或表单已经过时，请在最新的卡片上操作。',
    failed: (reference) =>
      `出了点问题，这次操作可能没有完成。请稍后再试；若仍不行，请把编号 ${reference} 发给数据管理员。`,
  },
  en: {
    loading: 'Working on it…',
    close: 'Close',
    openForm: 'Open the form',
    more: 'More',
    formTooLarge: 'This is more than Slack can hold. Use the console, or choose in several steps.',
    outdated: 'This button or form is out of date. Use the newest card.',
    failed: (reference) =>
      `Something went wrong, and this may not have been done. Try again in a moment; if it still fails, give reference ${reference} to your data admin.`,
  },
};

/** To somebody we cannot place; their language is unknown, so both. `slackUserId` is theirs. */
export function notLinkedText(slackUserId: string): string {
  return [
    `您的 Slack 账号还没有关联到 Tagwarden 中的人员。请把您的成员 ID ${slackUserId} 发给数据管理员。`,
    `Your Slack account is not linked to anybody in Tagwarden yet. Send your member ID ${slackUserId} to your data admin.`,
  ].join('\n');
}
