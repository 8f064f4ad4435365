import { describe, expect, it } from 'vitest';
import { carriedDecisionsMax, type Action, type FormAction } from '../../bot/actions.ts';
import type { Reply } from '../../bot/interaction.ts';
import { endOfDayMs } from '../../bot/interact/warning-forms.ts';
import type { Form } from '../../bot/form.ts';
import { defaultPreference } from '../../domain/preference.ts';
import type { WarningState } from '../../domain/warning.ts';
import { formText } from '../support/card-text.ts';
import { formSamples } from '../support/form-samples.ts';
import { createTestInteract } from '../support/interact.ts';
import {
  buildWarningView,
  createSampleViews,
  sampleNowMs,
  samplePerson,
  buildRequestView,
  sampleTags,
} from '../support/views.ts';

const warningId = 12;
const owner = samplePerson('li-lei');
const stranger = samplePerson('zhou-jie');
const button = (action: Action) => ({ kind: 'button' as const, action });
const form = (action: FormAction, fields: Record<string, string> = {}) => ({
  kind: 'form' as const,
  action,
  fields,
});
type ByCustomer = Extract<FormAction, { kind: 'choose-fix-by-customer' }>;
const byCustomer = (overrides: Partial<ByCustomer>): ByCustomer => ({
  kind: 'choose-fix-by-customer',
  warningId,
  offset: 0,
  text: '',
  decided: {},
  ...overrides,
});
const words = (text: string) => ({ kind: 'words' as const, text });
const claimedBy = (by: string): WarningState => ({ kind: 'claimed', by, atMs: sampleNowMs });

function formOf(reply: Reply): Form {
  if (reply.kind !== 'form') throw new Error(`Expected a form, got ${JSON.stringify(reply)}.`);
  return reply.form;
}

describe('reassigning', () => {
  it.each([
    ['a code', 'lin-tao', 'lin-tao'],
    ['a whole name', '林涛', 'lin-tao'],
    ['part of a name that only one colleague has', 'meimei', 'han-meimei'],
  ])('takes %s', async (_what, person, toCode) => {
    const { act, called } = createTestInteract();
    await act(owner, form({ kind: 'reassign', warningId }, { person }));
    expect(called).toEqual([{ name: 'reassignWarning', input: { warningId, toCode } }]);
  });

  it.each(['nobody', 'an'])('asks again for %j, which fits nobody or several', async (person) => {
    const { act, called } = createTestInteract();
    const reply = await act(owner, form({ kind: 'reassign', warningId }, { person }));
    expect(reply).toMatchObject({ kind: 'refused' });
    expect(called).toEqual([]);
  });
});

it('asks which tag is meant where only part of its name was written, and files nothing on a guess', async () => {
  const { act, called } = createTestInteract({
    views: {
      searchTags: async (_reader, text) => {
        const about = { definition: { 'zh-CN': '', en: '' }, status: 'active' as const };
        const tags = [sampleTags.vip, sampleTags.highValue].map((tag) => ({
          ...tag,
          ...about,
          ownerCode: 'li-lei',
          customers: 3,
        }));
        return tags.filter(({ code }) => text === 'kehu' || code === text);
      },
    },
  });
  const written = { from: 'kehu', into: sampleTags.vip.code, reason: '含义相同' };
  const merge = { kind: 'request-merge', similarSeen: false } as const;
  const asked = formOf(await act(owner, form(merge, written)));
  expect(formText(asked)).toContain('「kehu」可能指下面这些标签');
  expect(asked.fields).toMatchObject([
    { id: 'from', suggestions: [{ label: 'VIP客户' }, { label: '高价值客户' }] },
    { id: 'into', initial: sampleTags.vip.code },
    { id: 'reason', initial: '含义相同' },
    { id: 'next', initial: 'send' },
  ]);
  expect(called).toEqual([]);
  const chosen = { ...written, from: sampleTags.highValue.code };
  const shown = formOf(await act(owner, form(merge, chosen)));
  expect(formText(shown)).toContain('影响: ');
  expect(called).toEqual([]);
  expect(await act(owner, form(shown.action, chosen))).toMatchObject({ kind: 'done' });
  expect(called.map(({ name }) => name)).toEqual(['submitRequest']);
});

describe('preferences', () => {
  const filled = {
    language: 'en',
    quietFrom: '22:30',
    quietUntil: '07:00',
    quietDays: 'weekdays',
    email: 'no',
    digest: 'policy',
  };
  const quietHours = { fromMinute: 1350, untilMinute: 420, days: [1, 2, 3, 4, 5] };

  it('are set from the form as it was filled in, and answered in the language chosen', async () => {
    const { act, called } = createTestInteract();
    const reply = await act(owner, form({ kind: 'set-preferences' }, filled));
    expect(called).toEqual([
      {
        name: 'setPreferences',
        input: {
          locale: 'en',
          quietHours,
          group: null,
          mention: true,
          email: false,
          digest: null,
          digestContent: 'full',
        },
      },
    ]);
    expect(reply).toEqual({ kind: 'done', text: 'Saved; it counts from the next card on.' });
  });

  it('say in which group the cards of warnings stand, and whether that notifies', async () => {
    const { act, called } = createTestInteract();
    const chosen = { ...filled, group: 'group:governance', mention: 'no' };
    await act(owner, form({ kind: 'set-preferences' }, chosen));
    expect(called).toMatchObject([{ input: { group: 'governance', mention: false } }]);
    // Nothing is asked where nothing is on offer, and nothing is forgotten then.
    const preference = { ...defaultPreference, group: 'governance', mention: false };
    const without = createTestInteract({ views: { preference: async () => preference } });
    const shown = formOf(await without.act(owner, button({ kind: 'open-preferences' })));
    expect(formText(shown)).not.toContain('群');
    await without.act(owner, form({ kind: 'set-preferences' }, filled));
    expect(without.called).toMatchObject([{ input: { group: 'governance', mention: false } }]);
  });

  it('keep days that have no name of their own', async () => {
    const preference = {
      ...defaultPreference,
      quietHours: { ...quietHours, days: [1, 3] as const },
    };
    const { act, called } = createTestInteract({ views: { preference: async () => preference } });
    const shown = formOf(await act(owner, button({ kind: 'open-preferences' })));
    expect(formText(shown)).toContain('周一、周三');
    await act(owner, form({ kind: 'set-preferences' }, { ...filled, quietDays: 'as-set' }));
    expect(called).toMatchObject([{ input: { quietHours: { days: [1, 3] } } }]);
  });

  it.each([
    { language: 'fr' },
    { quietFrom: '25:00' },
    { quietUntil: '' },
    { quietDays: 'as-set' },
    { email: '' },
    { group: 'governance' },
    { mention: 'sometimes' },
  ])('are refused with %j', async (wrong) => {
    const { act, called } = createTestInteract();
    const reply = await act(owner, form({ kind: 'set-preferences' }, { ...filled, ...wrong }));
    expect(reply).toMatchObject({ kind: 'refused' });
    expect(called).toEqual([]);
  });

  it.each([
    ['免打扰 22:30-7:00 工作日', { quietHours }, '周一到周五 22:30 到次日 07:00'],
    ['免打扰 关', { quietHours: null }, '已关闭免打扰'],
    ['language english', { locale: 'en' }, 'English from now on'],
  ])('are set by saying %j', async (said, input, answered) => {
    const { act, called } = createTestInteract();
    const reply = await act(owner, words(said));
    expect(called).toEqual([{ name: 'setPreferences', input }]);
    expect(reply).toMatchObject({ kind: 'done', text: expect.stringContaining(answered) });
  });
});

describe('a menu entry that cannot be taken back', () => {
  it.each([
    ['open-release', 'release', 'releaseWarning'],
    ['open-fixed-by-hand', 'fixed-by-hand', 'reportFixedByHand'],
  ] as const)('%s asks before it acts', async (opens, kind, command) => {
    const view = buildWarningView({ warning: { state: claimedBy('li-lei') } });
    const { act, called } = createTestInteract({ views: { warning: async () => view } });
    const asked = formOf(await act(owner, button({ kind: opens, warningId })));
    expect(called).toEqual([]);
    expect(asked.action).toEqual({ kind, warningId });
    expect((await act(owner, form(asked.action))).kind).toBe('done');
    expect(called).toEqual([{ name: command, input: { warningId } }]);
  });
});

describe('buttons', () => {
  it.each<[Action, string, unknown]>([
    [{ kind: 'claim', warningId }, 'claimWarning', { warningId }],
    [{ kind: 'release', warningId }, 'releaseWarning', { warningId }],
    [{ kind: 'fixed-by-hand', warningId }, 'reportFixedByHand', { warningId }],
    [{ kind: 'undo', fixId: 7 }, 'undoFix', { fixId: 7 }],
    [{ kind: 'withdraw-request', requestId: 5 }, 'withdrawRequest', { requestId: 5 }],
  ])('%j runs its command', async (action, name, input) => {
    const { act, called } = createTestInteract();
    expect((await act(owner, button(action))).kind).toBe('done');
    expect(called).toEqual([{ name, input }]);
  });

  it('says a refusal in words with the name of who was first', async () => {
    const { act } = createTestInteract({
      results: {
        claimWarning: { kind: 'refused', refusal: { kind: 'already-claimed', by: 'han-meimei' } },
      },
    });
    const reply = await act(owner, button({ kind: 'claim', warningId }));
    expect(reply).toEqual({
      kind: 'refused',
      text: '已由韩梅梅认领。要接手，请和对方商量，或请二级响应人取消对方的认领。',
    });
  });

  it('says that a second click did nothing', async () => {
    const { act } = createTestInteract({ results: { claimWarning: { kind: 'unchanged' } } });
    const reply = await act(owner, button({ kind: 'claim', warningId }));
    expect(reply).toEqual({ kind: 'done', text: '已经是这样了，没有重复操作。' });
  });

  it.each([
    'open-fix',
    'open-dismiss',
    'open-except',
    'open-snooze',
    'open-reassign',
    'open-comment',
  ] as const)('%s opens nothing for somebody who is not responsible', async (kind) => {
    const { act, called } = createTestInteract();
    const reply = await act(stranger, button({ kind, warningId }));
    expect(reply.kind).toBe('refused');
    expect(JSON.stringify(reply)).toContain('李雷');
    // It is on the trail, and the card is brought up to date.
    const action = kind.replace('open-', '');
    const attempt = { action, subjectKind: 'warning', subjectId: String(warningId) };
    expect(called).toEqual([{ name: 'auditRefusal', input: attempt }]);
  });

  it('opens no fix of what another has claimed', async () => {
    const view = buildWarningView({ warning: { state: claimedBy('han-meimei') } });
    const { act } = createTestInteract({ views: { warning: async () => view } });
    const reply = await act(owner, button({ kind: 'open-fix', warningId }));
    expect(reply).toMatchObject({ kind: 'refused', text: expect.stringContaining('韩梅梅') });
  });

  it('says that there is no such warning', async () => {
    const { act } = createTestInteract();
    const reply = await act(owner, button({ kind: 'show-details', warningId: 99 }));
    expect(reply).toEqual({ kind: 'refused', text: '没有找到预警 99，请核对编号。' });
  });

  it('lets nobody vote on their own request', async () => {
    const { act, called } = createTestInteract();
    const action = { kind: 'open-vote', requestId: 5, ballot: 'approve' } as const;
    expect(await act(samplePerson('zhou-jie'), button(action))).toMatchObject({
      kind: 'refused',
      text: '不能给自己的申请投票，由其他委员决定。',
    });
    const attempt = { action: 'vote', subjectKind: 'request', subjectId: '5' };
    expect(called).toEqual([{ name: 'auditRefusal', input: attempt }]);
  });

  it.each(['show-details', 'show-history'] as const)('%s is free to everybody', async (kind) => {
    const { act } = createTestInteract();
    expect((await act(stranger, button({ kind, warningId }))).kind).toBe('card');
  });
});

describe('the fix', () => {
  const choose = form({ kind: 'choose-fix', warningId }, { resolution: 'keep-second' });

  it('writes only after choosing, seeing and confirming', async () => {
    const { act, called } = createTestInteract();
    const asked = formOf(await act(owner, button({ kind: 'open-fix', warningId })));
    expect(asked.fields[0]).toMatchObject({ id: 'resolution', initial: 'keep-second' });
    const previewed = formOf(await act(owner, choose));
    expect(called).toEqual([]);
    expect(await act(owner, form(previewed.action))).toMatchObject({ kind: 'done' });
    expect(called).toEqual([
      {
        name: 'fixWarning',
        input: { warningId, choice: { kind: 'all', resolution: 'keep-second' } },
      },
    ]);
  });

  it('shows the new numbers instead of writing what was not seen', async () => {
    let customers = 37;
    const sample = createSampleViews();
    const { act, called } = createTestInteract({
      views: {
        fixPreview: async (id, choice, by) => {
          const preview = await sample.fixPreview(id, choice, by);
          return preview === null ? null : { ...preview, customers };
        },
      },
    });
    const first = formOf(await act(owner, choose));
    customers = 4_000;
    const second = formOf(await act(owner, form(first.action)));
    expect(second.submitLabel).toContain('4,000');
    expect(called).toEqual([]);
  });

  it('refuses at the preview what would put on a sensitive tag of others, and says whose it is', async () => {
    const sample = createSampleViews();
    const { act, called } = createTestInteract({
      views: {
        fixPreview: async (id, choice, by) => {
          const preview = await sample.fixPreview(id, choice, by);
          const mayNotUse = {
            kind: 'may-not-use',
            tagName: { 'zh-CN': '涉诉', en: 'In litigation' },
            ownerCode: 'han-meimei',
            departmentNames: [{ 'zh-CN': '法务部', en: 'Legal' }],
          } as const;
          return preview === null ? null : { ...preview, mayNotUse };
        },
      },
    });
    const reply = await act(owner, choose);
    expect(reply).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(reply)).toMatch(/涉诉.*韩梅梅.*法务部|In litigation.*Han Meimei.*Legal/);
    expect(called).toMatchObject([{ name: 'auditRefusal' }]);
  });

  it('asks for the date where both are right', async () => {
    const { act } = createTestInteract();
    const action = { kind: 'choose-fix', warningId } as const;
    const asked = formOf(await act(owner, form(action, { resolution: 'both-right' })));
    expect(asked.action).toEqual({ kind: 'except', warningId });
  });

  it('goes customer by customer, twenty at a time', async () => {
    const { act, called } = createTestInteract();
    const action = { kind: 'choose-fix', warningId } as const;
    const first = formOf(await act(owner, form(action, { resolution: 'by-customer' })));
    expect(first.fields.map(({ id }) => id).slice(0, 3)).toEqual(['find', 'page', 'customer-1']);
    expect(first.fields).toHaveLength(22);
    const undecided = { page: '0', find: '', 'customer-1': 'leave' };
    const second = formOf(await act(owner, form(first.action, undecided)));
    expect(second.fields).toHaveLength(19);
    expect(second.fields[2]?.id).toBe('customer-21');
    const fields = { 'customer-21': 'keep-first', 'customer-22': 'leave', 'customer-x': 'remove' };
    const previewed = formOf(await act(owner, form(second.action, { page: '20', ...fields })));
    await act(owner, form(previewed.action));
    expect(called).toEqual([
      {
        name: 'fixWarning',
        input: {
          warningId,
          choice: {
            kind: 'by-customer',
            resolutions: [{ customerId: 21, resolution: 'keep-first' }],
          },
        },
      },
    ]);
  });

  it('goes to the page that was chosen, and to customers that were searched for', async () => {
    const asked: unknown[] = [];
    const sample = createSampleViews();
    const { act } = createTestInteract({
      views: {
        customers: (id, page) => {
          asked.push(page);
          return sample.customers(id, page);
        },
      },
    });
    const action = byCustomer({ offset: 20 });
    await act(owner, form(action, { page: '0', find: '' }));
    const found = formOf(await act(owner, form(action, { page: '20', find: ' 客户3 ' })));
    expect(found.action).toEqual({ ...action, offset: 0, text: '客户3' });
    const none = formOf(await act(owner, form(action, { page: '20', find: '没有' })));
    expect(JSON.stringify(none.blocks)).toContain('没有编号或名称含「没有」的客户');
    expect(none.action).toEqual({ ...action, offset: 0 });
    expect(asked).toEqual([
      { offset: 0, text: '', limit: 20 },
      { offset: 0, text: '客户3', limit: 20 },
      { offset: 0, text: '没有', limit: 20 },
      { offset: 0, text: '', limit: 20 },
    ]);
  });

  it('keeps what was decided from page to page and through a search, and takes back what is left again', async () => {
    const { act, called } = createTestInteract();
    const start = byCustomer({ offset: 0 });
    const decided = { 'customer-1': 'keep-first', 'customer-2': 'keep-second' };
    const second = formOf(await act(owner, form(start, { page: '20', find: '', ...decided })));
    expect(second.action).toMatchObject({
      offset: 20,
      decided: { 'keep-first': [1], 'keep-second': [2] },
    });
    expect(JSON.stringify(second.blocks)).toContain('其他页上已选好 2 位');
    const back = formOf(
      await act(owner, form(second.action, { page: '0', find: '', 'customer-21': 'keep-first' })),
    );
    expect(back.fields.filter((field) => field.kind === 'select').slice(1, 4)).toMatchObject([
      { id: 'customer-1', initial: 'keep-first' },
      { id: 'customer-2', initial: 'keep-second' },
      { id: 'customer-3', initial: 'leave' },
    ]);
    const fields = { page: '0', find: '', 'customer-1': 'leave', 'customer-2': 'keep-second' };
    const previewed = formOf(await act(owner, form(back.action, fields)));
    await act(owner, form(previewed.action));
    expect(called).toMatchObject([
      {
        input: {
          choice: {
            resolutions: [
              { customerId: 21, resolution: 'keep-first' },
              { customerId: 2, resolution: 'keep-second' },
            ],
          },
        },
      },
    ]);
  });

  it('asks to confirm when as many are decided as a form carries, and when the page asked for is no more', async () => {
    const { act } = createTestInteract();
    const full = Array.from({ length: carriedDecisionsMax }, (_, index) => index + 100);
    const action = byCustomer({ offset: 0, decided: { remove: full } });
    expect(formOf(await act(owner, form(action, { page: '20' }))).action.kind).toBe('confirm-fix');
    const some = byCustomer({ offset: 0, decided: { remove: [101] } });
    expect(formOf(await act(owner, form(some, { page: '900' }))).action.kind).toBe('confirm-fix');
  });

  it('ends after the last customer', async () => {
    const { act } = createTestInteract();
    expect(await act(owner, form(byCustomer({ offset: 20 })))).toMatchObject({ kind: 'refused' });
  });

  it.each([
    '',
    'not json',
    'null',
    '{"customers":1,"choice":{"kind":"all","resolution":"drop-table"}}',
    '{"customers":-1,"choice":{"kind":"all","resolution":"remove"}}',
    JSON.stringify({
      customers: 37,
      choice: {
        kind: 'by-customer',
        resolutions: Array.from({ length: 81 }, (_, index) => ({
          customerId: index + 1,
          resolution: 'remove',
        })),
      },
    }),
  ])('does nothing for a confirmation %j', async (choice) => {
    const { act, called } = createTestInteract();
    const reply = await act(owner, form({ kind: 'confirm-fix', warningId, choice }));
    expect(reply.kind).toBe('refused');
    expect(called).toEqual([]);
  });

  it('refuses a resolution that the warning does not offer', async () => {
    const { act, called } = createTestInteract();
    const choice = JSON.stringify({ customers: 37, choice: { kind: 'all', resolution: 'add' } });
    const reply = await act(owner, form({ kind: 'confirm-fix', warningId, choice }));
    expect(reply).toMatchObject({ kind: 'refused' });
    expect(called).toEqual([]);
  });
});

describe('forms', () => {
  it('takes a day as its end where the person lives', () => {
    expect(endOfDayMs('2026-12-31', 'Asia/Shanghai')).toBe(Date.UTC(2026, 11, 31, 16));
    expect(endOfDayMs('2026-10-25', 'Europe/London')).toBe(Date.UTC(2026, 9, 26));
    for (const day of ['2026-02-30', '31.12.2026', '', '2026-12-31T00:00', '0000-00-00']) {
      expect(endOfDayMs(day, 'Asia/Shanghai')).toBeNull();
    }
  });

  const refusedForms: readonly [FormAction, Record<string, string>][] = [
    [
      { kind: 'except', warningId },
      { until: '2026-11-21', reason: 'x' },
    ],
    [
      { kind: 'except', warningId },
      { until: 'tomorrow', reason: 'x' },
    ],
    [
      { kind: 'except', warningId },
      { until: '2026-12-31', reason: '  ' },
    ],
    [{ kind: 'dismiss', warningId }, { comment: 'x' }],
    [
      { kind: 'dismiss', warningId },
      { reason: 'other', comment: '' },
    ],
    [{ kind: 'snooze', warningId }, { hours: '1000000' }],
    [{ kind: 'reassign', warningId }, { person: 'nobody' }],
    [{ kind: 'comment', warningId }, { comment: ' ' }],
    [{ kind: 'vote', requestId: 5, ballot: 'reject' }, { comment: '' }],
    [{ kind: 'request-tag', similarSeen: true }, { name: '高净值客户' }],
    [
      { kind: 'request-merge', similarSeen: true },
      { from: 'no-such-tag', into: 'high-value', reason: 'x' },
    ],
  ];
  it.each(refusedForms)('%j with %j does nothing and says why', async (action, fields) => {
    const { act, called } = createTestInteract();
    const reply = await act(owner, form(action, fields));
    expect(reply.kind).toBe('refused');
    expect(called).toEqual([]);
  });

  const doneForms: readonly [FormAction, Record<string, string>, string, unknown][] = [
    [
      { kind: 'except', warningId },
      { until: '2026-12-31', reason: ' 法务确认 ' },
      'exceptWarning',
      { warningId, untilMs: Date.UTC(2026, 11, 31, 16), reason: '法务确认' },
    ],
    [
      { kind: 'dismiss', warningId },
      { reason: 'rule-wrong' },
      'dismissWarning',
      { warningId, reason: 'rule-wrong', comment: '' },
    ],
    [
      { kind: 'snooze', warningId },
      { hours: '2' },
      'snoozeWarning',
      { warningId, untilMs: sampleNowMs + 2 * 3_600_000 },
    ],
    [
      { kind: 'reassign', warningId },
      { person: 'lin-tao' },
      'reassignWarning',
      { warningId, toCode: 'lin-tao' },
    ],
    [
      { kind: 'comment', warningId },
      { comment: '看过了' },
      'commentOnWarning',
      { warningId, text: '看过了' },
    ],
    [
      { kind: 'vote', requestId: 5, ballot: 'approve' },
      {},
      'voteOnRequest',
      { requestId: 5, ballot: 'approve', comment: '' },
    ],
  ];
  it.each(doneForms)('%j with %j runs %s', async (action, fields, name, input) => {
    const { act, called } = createTestInteract();
    expect((await act(owner, form(action, fields))).kind).toBe('done');
    expect(called).toEqual([{ name, input }]);
  });

  it('shows tags that may mean the same before the committee is asked', async () => {
    const { act, called } = createTestInteract({
      views: {
        previewRequest: async () => {
          const {
            request: { proposal },
            items: _,
            tally: __,
            messages: ___,
            fix: ____,
            ...preview
          } = buildRequestView({
            similar: [
              { code: 'vip', name: sampleTags.vip.name, customers: 388, why: 'name-alike' },
            ],
          });
          return { kind: 'sound', proposal, preview };
        },
      },
    });
    const fields = {
      name: '贵宾客户',
      nameEn: 'VIP customer',
      code: 'vip-customer',
      definition: '消费最高的客户',
      level: 'main',
      category: 'transaction',
      reason: '活动需要',
    };
    const action = { kind: 'request-tag', similarSeen: false } as const;
    const shown = formOf(await act(owner, form(action, fields)));
    expect(JSON.stringify(shown.blocks)).toContain('VIP客户');
    expect(shown.fields.map((field) => field.initial)).toContain('贵宾客户');
    expect(called).toEqual([]);
    expect((await act(owner, form(shown.action, fields))).kind).toBe('done');
    expect(called).toMatchObject([
      { name: 'submitRequest', input: { proposal: { code: 'vip-customer' }, reason: '活动需要' } },
    ]);
  });

  it('keeps a request for later as far as it is written, and says where to go on with it', async () => {
    const { act, called } = createTestInteract({
      results: { keepDraft: { kind: 'done', draftId: 12 } },
    });
    const written = { tag: 'vip', name: '贵宾', reason: '' };
    const action = { kind: 'request-change', what: 'rename', tag: '', similarSeen: false } as const;
    const reply = await act(owner, form(action, { ...written, next: 'draft' }));
    expect(reply).toMatchObject({
      kind: 'done',
      text: expect.stringContaining('https://tagwarden.example.com/requests/new?draft=12'),
    });
    expect(called).toEqual([
      { name: 'keepDraft', input: { id: null, kind: 'rename', fields: written } },
    ]);
  });

  it('tells of a request made for a long exception as of something done', async () => {
    const refusal = { kind: 'committee-decides', daysMax: 90, requestId: 8 };
    const { act } = createTestInteract({
      results: { exceptWarning: { kind: 'refused', refusal } },
    });
    const action = { kind: 'except', warningId } as const;
    const reply = await act(owner, form(action, { until: '2028-01-01', reason: '集团客户' }));
    expect(reply).toMatchObject({ kind: 'done', text: expect.stringContaining('#8') });
  });
});

describe('words', () => {
  it('gives a one-time link to the console', async () => {
    const link = { kind: 'done', token: 'a/b', expiresAtMs: sampleNowMs + 900_000 };
    const { act } = createTestInteract({ results: { createSignInLink: link } });
    const reply = await act(owner, words('登录'));
    expect(JSON.stringify(reply)).toContain('https://tagwarden.example.com/sign-in/a%2Fb');
  });

  it('joins a scan that runs', async () => {
    const { act } = createTestInteract({
      results: { startScan: { kind: 'unchanged', scanId: 3 } },
    });
    expect(await act(owner, words('扫描'))).toMatchObject({
      kind: 'done',
      text: expect.stringContaining('#3'),
    });
  });

  it('asks again about a tag where there is no such customer', async () => {
    const refusal = { kind: 'not-found', what: 'customer', id: '高价值客户' };
    const { act, called } = createTestInteract({
      results: { checkTags: { kind: 'refused', refusal } },
    });
    const reply = await act(owner, words('检查 高价值客户 +黑名单'));
    expect(called.map((command) => command.input)).toEqual([
      { subject: { kind: 'customer', ref: '高价值客户' }, add: '黑名单' },
      { subject: { kind: 'tags', tags: ['高价值客户'] }, add: '黑名单' },
    ]);
    expect(reply).toMatchObject({ kind: 'refused', text: expect.stringContaining('高价值客户') });
  });
});

describe('what goes wrong', () => {
  it('is told by a reference and logged without what the error quotes', async () => {
    const error = new Error('Failed query: insert … params: 华东机电, secret');
    const { act, logged } = createTestInteract({ results: { claimWarning: error } });
    const reply = await act(owner, button({ kind: 'claim', warningId }));
    const reference = String(logged[0]?.fields['reference']);
    expect(reply).toMatchObject({ kind: 'refused', text: expect.stringContaining(reference) });
    expect(JSON.stringify(logged)).not.toMatch(/华东机电|secret/u);
    expect(logged[0]?.fields).toMatchObject({ personCode: 'li-lei', kind: 'claim' });
  });

  it('stays outside for somebody who has left', async () => {
    const { act, called } = createTestInteract();
    const reply = await act({ ...owner, status: 'left' }, button({ kind: 'claim', warningId }));
    expect(reply.kind).toBe('refused');
    expect(called).toEqual([]);
  });
});

it.each(['zh-CN', 'en'] as const)('forms read as they should in %s', async (locale) => {
  const forms = Object.entries(await formSamples(locale)).map(
    ([title, asked]) => `## ${title}\n${formText(asked)}`,
  );
  await expect(forms.join('\n')).toMatchFileSnapshot(
    `forms.golden/forms.${locale.toLowerCase()}.txt`,
  );
});
