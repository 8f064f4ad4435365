import type { Action, FormAction } from '../../bot/actions.ts';
import type { Form } from '../../bot/form.ts';
import type { Locale } from '../../domain/locale.ts';
import { buildTag } from './builders.ts';
import { createTestInteract } from './interact.ts';
import {
  buildAssessmentEntry,
  buildRequestView,
  sampleNowMs,
  samplePeople,
  samplePerson,
  sampleTags,
} from './views.ts';

const warningId = 12;
const requestId = 5;
const button = (action: Action) => ({ kind: 'button' as const, action });
const form = (action: FormAction, fields: Record<string, string> = {}) => ({
  kind: 'form' as const,
  action,
  fields,
});

const newTag = {
  name: '高净值客户',
  nameEn: 'High net worth',
  code: 'high-net-worth',
  definition: '可投资资产不低于 600 万元的个人客户',
  level: 'main',
  category: 'transaction',
  reason: '私行活动需要单独圈选',
};

/** What opens each form, and who asks. */
const asked = {
  'fix: choose': ['li-lei', button({ kind: 'open-fix', warningId })],
  'fix: preview': [
    'li-lei',
    form({ kind: 'choose-fix', warningId }, { resolution: 'keep-second' }),
  ],
  'fix: preview of those not fixed': [
    'li-lei',
    button({ kind: 'open-fix-again', warningId, fixId: 7 }),
  ],
  'fix: customer by customer': [
    'li-lei',
    form(
      { kind: 'choose-fix-by-customer', warningId, offset: 0, text: '', decided: {} },
      { page: '20', 'customer-1': 'keep-first', 'customer-2': 'keep-second' },
    ),
  ],
  'fix: customers searched for in vain': [
    'li-lei',
    form(
      {
        kind: 'choose-fix-by-customer',
        warningId,
        offset: 20,
        text: '',
        decided: { 'keep-first': [1] },
      },
      { find: '查无此人' },
    ),
  ],
  'not a conflict': ['li-lei', button({ kind: 'open-dismiss', warningId })],
  exception: ['li-lei', button({ kind: 'open-except', warningId })],
  'exception to prolong': ['li-lei', button({ kind: 'open-prolong', warningId })],
  snooze: ['li-lei', button({ kind: 'open-snooze', warningId })],
  reassign: ['li-lei', button({ kind: 'open-reassign', warningId })],
  'escalate now': ['li-lei', button({ kind: 'open-escalate', warningId })],
  comment: ['li-lei', button({ kind: 'open-comment', warningId })],
  'assessment: contest': ['li-lei', button({ kind: 'open-contest' })],
  'assessment: decide': ['zhao-min', button({ kind: 'open-decide-points', pointsId: 11 })],
  'request: choose': ['li-lei', button({ kind: 'open-request' })],
  'request: new tag': ['li-lei', form({ kind: 'choose-request' }, { what: 'create' })],
  'request: similar tags': ['li-lei', form({ kind: 'request-tag', similarSeen: false }, newTag)],
  'request: retire': ['li-lei', form({ kind: 'choose-request' }, { what: 'retire' })],
  'request: activate': ['li-lei', form({ kind: 'choose-request' }, { what: 'activate' })],
  'request: merge': ['li-lei', form({ kind: 'choose-request' }, { what: 'merge' })],
  'request: rename': ['li-lei', form({ kind: 'choose-request' }, { what: 'rename' })],
  'request: owner': ['li-lei', form({ kind: 'choose-request' }, { what: 'owner' })],
  'request: split': ['li-lei', form({ kind: 'choose-request' }, { what: 'split' })],
  'request: deprecate': ['li-lei', form({ kind: 'choose-request' }, { what: 'deprecate' })],
  'request: rule': ['li-lei', form({ kind: 'choose-request' }, { what: 'rule' })],
  'request: which tag to change': ['li-lei', form({ kind: 'choose-request' }, { what: 'change' })],
  'request: which tag was meant': [
    'li-lei',
    form({ kind: 'choose-tag-to-change' }, { tag: '客户' }),
  ],
  'request: change': ['li-lei', form({ kind: 'choose-tag-to-change' }, { tag: 'vip' })],
  'request: what it would do': [
    'li-lei',
    form(
      { kind: 'request-change', what: 'owner', tag: 'vip', similarSeen: false },
      { tag: 'vip', person: 'zhou-jie', reason: '换了业务线' },
    ),
  ],
  'request: ask': ['zhao-min', button({ kind: 'open-ask', requestId })],
  'request: answer': ['zhou-jie', button({ kind: 'open-answer', requestId, questionId: 2 })],
  'request: comment': ['zhou-jie', button({ kind: 'open-request-comment', requestId })],
  'request: withdraw': ['chen-jing', button({ kind: 'open-withdraw-request', requestId })],
  settings: ['li-lei', button({ kind: 'open-preferences' })],
  'vote: approve': ['zhao-min', button({ kind: 'open-vote', requestId, ballot: 'approve' })],
  'vote: reject': ['zhao-min', button({ kind: 'open-vote', requestId, ballot: 'reject' })],
  'vote: abstain': ['zhao-min', button({ kind: 'open-vote', requestId, ballot: 'abstain' })],
} as const;

/** Every form by what it is for, as the bot asks it. */
export async function formSamples(locale: Locale): Promise<Readonly<Record<string, Form>>> {
  const { act } = createTestInteract({
    views: {
      groups: async () => [
        {
          code: 'governance',
          name: { 'zh-CN': '标签治理群', en: 'Tag governance' },
          slackChannelId: 'C0GOVERN',
          feishuChatId: 'oc_govern',
          mention: ['high'],
          locale: 'zh-CN',
        },
      ],
      searchTags: async () =>
        [sampleTags.vip, sampleTags.highValue].map((tag) => ({
          ...buildTag(tag),
          customers: 388,
        })),
      request: async () =>
        buildRequestView({
          messages: [
            {
              id: 2,
              kind: 'question',
              by: 'zhao-min',
              text: '联名账户算不算？',
              atMs: sampleNowMs,
            },
          ],
        }),
      contestable: async () => [
        buildAssessmentEntry({ id: 12, cause: 'close-missed', points: 5 }),
        buildAssessmentEntry(),
      ],
      points: async () => ({
        points: buildAssessmentEntry({
          state: { kind: 'contested', atMs: sampleNowMs, reason: '当时系统维护，无法登录。' },
        }),
        people: samplePeople,
      }),
      previewRequest: async () => {
        const {
          request: { proposal },
          items: _,
          tally: __,
          messages: ___,
          fix: ____,
          backTest: _____,
          ...preview
        } = buildRequestView({
          similar: [
            {
              code: 'high-value',
              name: { 'zh-CN': '高价值客户', en: 'High value' },
              customers: 1_204,
              why: 'definition-alike',
            },
          ],
        });
        return { kind: 'sound', proposal, preview };
      },
    },
  });
  const forms: Record<string, Form> = {};
  for (const [title, [code, interaction]] of Object.entries(asked)) {
    const reply = await act({ ...samplePerson(code), locale }, interaction);
    if (reply.kind !== 'form') throw new Error(`${title} answered ${JSON.stringify(reply)}.`);
    forms[title] = reply.form;
  }
  return forms;
}
