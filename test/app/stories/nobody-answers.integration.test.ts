import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSlack } from '../../support/slack-platform.ts';
import { startSystem, until, type System } from '../../support/system.ts';

const title = '高价值客户 × 黑名单';
/** Long enough that each stage can be seen on a busy machine, since every card is kept current. */
const claimWithinMs = 15_000;
const closeWithinMs = 45_000;
const votingWithinMs = 15_000;

let system: System;

beforeAll(async () => {
  system = await startSystem({
    startPlatform: startSlack,
    configure: (configuration) => {
      const { policy } = configuration;
      const high = { ...policy.severities.high, claimWithinMs, closeWithinMs };
      return {
        ...configuration,
        // Only what this story is about, so that the deadline finds nothing else to do.
        rules: configuration.rules.filter(({ code }) => code === 'high-value-x-blacklist'),
        policy: {
          ...policy,
          severities: { ...policy.severities, high },
          voting: { ...policy.voting, votingWithinMs },
        },
      };
    },
  });
  await system.scan();
});
afterAll(() => system?.stop());

describe('Nobody answers a severe warning', () => {
  const textsOf = async (code: string): Promise<readonly string[]> =>
    (await system.people.cardsOf(system.person(code)))
      .map(({ text }) => text)
      .filter((text) => text.includes(title));
  const hears = (code: string, words: string) =>
    until(
      `${code} reads ${words}`,
      () => textsOf(code),
      (texts) => texts.some((text) => text.includes(words)),
    );

  test('the owner has the card first, and alone', async () => {
    await hears('li-lei', '待认领');
    expect(await textsOf('zhang-wei')).toEqual([]);
  });

  test('the owner is reminded before the deadline', async () => {
    await hears('li-lei', '请认领');
  });

  test('the second line gets the card when the deadline passes, and the first card says so', async () => {
    await hears('han-meimei', '李雷未按时认领');
    await hears('li-lei', '已交给二级响应人');
  });

  test('the manager gets it after the next deadline; everybody has one card', async () => {
    await hears('zhang-wei', '业务线负责人');
    await hears('li-lei', '未按时关闭');
    await hears('han-meimei', '未按时关闭');
    const levels = await system.database.sql`
      select purpose, recipient_code, count(*)::int as cards from delivery
      where subject_kind = 'warning' and channel = 'slack' and purpose not like 'reminder-%'
      group by 1, 2 order by 1`;
    expect(levels).toEqual([
      { purpose: 'manager', recipient_code: 'zhang-wei', cards: 1 },
      { purpose: 'owner', recipient_code: 'li-lei', cards: 1 },
      { purpose: 'second-line', recipient_code: 'han-meimei', cards: 1 },
    ]);
    const trail = await system.database.sql`
      select action, actor_code from audit_row where action = 'warning.escalated'`;
    expect(trail).toEqual([
      { action: 'warning.escalated', actor_code: null },
      { action: 'warning.escalated', actor_code: null },
    ]);
  });
});

describe('Too few vote on a request', () => {
  const asked = '新建标签申请 · 高净值客户';
  const cardsOf = async (code: string): Promise<readonly string[]> =>
    (await system.people.cardsOf(system.person(code)))
      .map(({ text }) => text)
      .filter((text) => text.includes(asked) && text.includes('票数'));

  test('by the deadline nothing is applied, and everybody reads so', async () => {
    const api = await system.api('xu-na');
    const text = { 'zh-CN': '可投资资产不低于600万元的客户。', en: 'At least CNY 6 million.' };
    const answer = await api('POST', '/requests', {
      proposal: {
        kind: 'create-tag',
        code: 'high-net-worth',
        name: { 'zh-CN': '高净值客户', en: 'High net worth' },
        definition: text,
      },
      reason: '私行活动需要单独圈选',
    });
    expect(answer).toMatchObject({ status: 201, body: { state: 'voting' } });
    const { id } = answer.body as { id: number };
    for (const code of ['han-meimei', 'zhao-jing']) {
      const vote = await system.api(code);
      const cast = await vote('POST', `/requests/${id}/votes`, { ballot: 'approve', comment: '' });
      expect(cast).toMatchObject({ status: 200 });
    }
    for (const code of ['xu-na', 'han-meimei', 'lin-xiao']) {
      const cards = await until(
        `${code} reads how it ended`,
        () => cardsOf(code),
        (texts) => texts.some((seen) => seen.includes('没有生效')),
      );
      const ended = cards.filter((seen) => seen.includes('没有生效'));
      expect(ended).toEqual([expect.stringContaining('同意 2（需 3）')]);
      // Only members who stayed silent were reminded.
      expect(cards).toHaveLength(code === 'lin-xiao' ? 2 : 1);
    }
    expect(await system.database.sql`select from tag where code = 'high-net-worth'`).toHaveLength(
      0,
    );
  });
});
