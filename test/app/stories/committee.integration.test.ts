import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeenMessage } from '../../support/channel-contract.ts';
import { startSlack } from '../../support/slack-platform.ts';
import { describeAutomaticTagging } from './automatic-tagging-story.ts';
import { describeLearning } from './learning-story.ts';
import { startSystem, until, type System } from '../../support/system.ts';

/** So low that a scan of the sample company has more for somebody. */
const floodCardsMax = 3;

let system: System;

beforeAll(async () => {
  system = await startSystem({
    startPlatform: startSlack,
    // It is the hour of the digest in Shanghai.
    configure: (configuration) => {
      const local = new Date(Date.now() + 8 * 3_600_000);
      const weekday = local.getUTCDay() === 0 ? 7 : local.getUTCDay();
      return {
        ...configuration,
        policy: {
          ...configuration.policy,
          grouping: {
            ...configuration.policy.grouping,
            flood: { cardsMax: floodCardsMax, singly: ['high'] },
          },
          digest: {
            ...configuration.policy.digest,
            weekday: weekday as 1 | 2 | 3 | 4 | 5 | 6 | 7,
            hour: local.getUTCHours(),
          },
        },
      };
    },
  });
  await system.scan();
});
afterAll(() => system?.stop());

const cardsOf = async (code: string, title: string): Promise<readonly SeenMessage[]> =>
  (await system.people.cardsOf(system.person(code))).filter(({ text }) => text.includes(title));

const cardOf = async (code: string, title: string, ...facts: readonly string[]) => {
  const [card] = await until(
    `${code} has one card of ${title} with ${facts.join(', ')}`,
    () => cardsOf(code, title),
    (cards) => cards.length === 1 && facts.every((fact) => cards[0]?.text.includes(fact)),
  );
  if (card === undefined) throw new Error('No card.');
  return card;
};

const formOf = (code: string, title: string) =>
  until(
    `${code} sees the form ${title}`,
    () => system.people.openForm(system.person(code)),
    (form) => form !== null && form.title === title && form.fields.length > 0,
  );

async function voteInSlack(code: string, title: string): Promise<void> {
  const person = system.person(code);
  await system.people.click(await cardOf(code, title), '同意…', person);
  await formOf(code, '同意这项申请');
  await system.people.submit({ comment: '口径清楚' }, person);
}

async function voteInInbox(code: string, requestId: number): Promise<void> {
  const browser = await system.browser(code);
  const page = await (await browser.get(`/requests/${requestId}`)).text();
  expect(page).toContain('open-vote');
  const asked = await browser.post('/act', {
    action: JSON.stringify({ kind: 'open-vote', requestId, ballot: 'approve' }),
  });
  expect(await asked.text()).toContain('同意这项申请');
  const cast = await browser.post('/act/form', {
    action: JSON.stringify({ kind: 'vote', requestId, ballot: 'approve' }),
    'field-comment': '同意',
  });
  expect(cast.status).toBe(303);
}

async function voteByApi(code: string, requestId: number) {
  const api = await system.api(code);
  return api('POST', `/requests/${requestId}/votes`, { ballot: 'approve', comment: '' });
}

async function newestRequest(kind: string): Promise<number> {
  const [row] = await until(
    `a request ${kind} is recorded`,
    () => system.database.sql<{ id: number }[]>`
      select id from request where proposal ->> 'kind' = ${kind} order by id desc limit 1`,
    (rows) => rows.length === 1,
  );
  return row?.id ?? 0;
}

describe('A scan finds more than anybody wants cards of', () => {
  interface Flood {
    readonly id: number;
    readonly owner: string;
    readonly warnings: number[];
  }
  let flood: Flood;

  test('its owner has one card of all of them, and those that are severe by themselves', async () => {
    const { sql } = system.database;
    const [largest] = await sql<Flood[]>`
      select f.id, f.owner_code as owner, array_agg(w.id order by w.id) as warnings
      from flood f join warning w on w.flood_id = f.id
      group by f.id order by count(*) desc, f.owner_code limit 1`;
    if (largest === undefined) throw new Error('Nobody has so many.');
    flood = largest;
    const { owner, warnings } = flood;
    expect(warnings.length).toBeGreaterThan(floodCardsMax);
    const card = await cardOf(owner, `一次扫描给你新增了 ${warnings.length} 条预警`);
    expect(card.text).toContain(`其中 ${warnings.length} 条待认领`);
    await until(
      'each of them is in the inbox',
      () => sql`
        select distinct subject_id from delivery
        where subject_kind = 'warning' and channel = 'inbox' and state = 'posted'
          and recipient_code = ${owner} and subject_id = any(${warnings}::int[])`,
      (rows) => rows.length === warnings.length,
    );
    const singly = await sql`
      select from delivery where subject_kind = 'warning' and channel = 'slack'
        and recipient_code = ${owner} and subject_id = any(${warnings}::int[])`;
    expect(singly).toEqual([]);
    const page = await (await system.browser(owner)).get(`/warnings?together=${flood.id}`);
    const list = await page.text();
    for (const id of warnings) expect(list).toContain(`/warnings/${id}`);
  });

  test('what is claimed in the inbox is counted on it', async () => {
    const { owner, warnings } = flood;
    const claim = await system.api(owner);
    expect(await claim('POST', `/warnings/${warnings[0]}/claim`)).toMatchObject({ status: 200 });
    await cardOf(
      owner,
      `一次扫描给你新增了 ${warnings.length} 条预警`,
      `其中 ${warnings.length - 1} 条待认领`,
    );
  });
});

describe('The committee approves a new tag in chat', () => {
  const title = '新建标签申请 · 高净值客户';
  let requestId = 0;

  test('a tagger asks for it; tags that may already mean this come first', async () => {
    const xuNa = system.person('xu-na');
    await system.people.command('申请标签', xuNa);
    await formOf('xu-na', '申请');
    await system.people.submit({ what: 'create' }, xuNa);
    await formOf('xu-na', '新建标签');
    const filled = {
      name: '高净值客户',
      nameEn: 'High net worth',
      code: 'high-net-worth',
      definition: '近12个月消费满50万元，且180天内有过下单。',
      category: 'transaction',
      reason: '私行活动需要单独圈选',
    };
    await system.people.submit(filled, xuNa);
    await until(
      'similar tags are shown',
      () => system.people.openForm(xuNa),
      (form) => form?.text.includes('高价值客户') === true,
    );
    expect(await system.database.sql`select from request`).toHaveLength(0);
    await system.people.submit({}, xuNa);
    requestId = await newestRequest('create-tag');
  });

  test('every member has one card with similar tags and the impact', async () => {
    for (const code of ['han-meimei', 'zhao-jing', 'lin-xiao', 'yang-fan', 'qian-xue']) {
      const card = await cardOf(code, title, '票数');
      expect(card.text).toContain('意思相近的标签');
      expect(card.text).toContain('影响');
      expect(card.buttons).toEqual(expect.arrayContaining(['同意…', '反对…', '弃权…']));
    }
    expect((await cardOf('xu-na', title)).buttons).toEqual(['撤回申请', '评论…', '记录']);
  });

  test('nobody votes on their own request', async () => {
    const answer = await voteByApi('xu-na', requestId);
    expect(answer.status).toBe(403);
    expect(await system.database.sql`select from vote`).toHaveLength(0);
  });

  test('one approves in Slack, one in the inbox, one by the API; every card is current', async () => {
    await voteInSlack('han-meimei', title);
    await cardOf('zhao-jing', title, '同意 1（需 3）');
    await voteInInbox('zhao-jing', requestId);
    await cardOf('qian-xue', title, '同意 2（需 3）');
    expect(await voteByApi('qian-xue', requestId)).toMatchObject({ status: 200 });
    for (const code of ['han-meimei', 'lin-xiao', 'yang-fan', 'xu-na']) {
      const card = await cardOf(code, title, '已生效');
      expect(card.text).toContain('同意 3（需 3）');
      expect(card.buttons).not.toContain('同意…');
    }
  });

  test('the tag is in the dictionary, with its version and its audit row', async () => {
    const [tag] = await system.database.sql`
      select t.status, v.reason from tag t join tag_version v on v.tag_code = t.code
      where t.code = 'high-net-worth'`;
    expect(tag).toMatchObject({ status: 'active', reason: `request ${requestId}` });
    const trail = await system.database.sql`
      select action from audit_row where subject_kind = 'request' and subject_id = ${requestId}
      order by id`;
    expect(trail.map(({ action }) => String(action))).toEqual([
      'request.submitted',
      'request.refused',
      'request.voted',
      'request.voted',
      'request.voted',
      'request.approved',
      'request.applied',
    ]);
  });
});

describe('A manager reads the digest', () => {
  const title = '标签周报';

  test('asked for in words, its numbers are those of the database', async () => {
    const zhangWei = system.person('zhang-wei');
    await system.people.say('周报', zhangWei);
    const card = await cardOf('zhang-wei', title);
    const [open] = await system.database.sql<{ high: number; all: number }[]>`
      select count(*) filter (where severity = 'high')::int as high, count(*)::int as all
      from warning where state <> 'closed' and owner_code in (
        select code from person where department_code = 'sales' or manager_code = 'zhang-wei')`;
    expect(open?.all).toBeGreaterThan(0);
    expect(card.text).toMatch(new RegExp(`严重.*未关闭 ${open?.high}`));
    expect(card.text).toMatch(new RegExp(`合计.*未关闭 ${open?.all}`));
  });

  test('its links lead to what they name', async () => {
    const [item] = await until(
      'the digest is in the inbox',
      () => system.database.sql<{ card: unknown }[]>`
        select i.card from inbox_item i join delivery d on d.id = i.delivery_id
        where d.subject_kind = 'digest' and i.person_code = 'zhang-wei'`,
      (items) => items.length > 0,
    );
    const paths = [
      ...JSON.stringify(item?.card).matchAll(/"url":"http:\/\/localhost(?<path>[^"]+)"/g),
    ];
    const browser = await system.browser('zhang-wei');
    expect(paths.length).toBeGreaterThan(1);
    for (const { groups } of paths) {
      expect((await browser.get(groups?.['path'] ?? '')).status).toBe(200);
    }
  });

  test('the schedule brings it to every manager once, at their hour', async () => {
    const run = (id: string) =>
      system.temporal.workflow.execute('digest', {
        workflowId: id,
        taskQueue: 'tagwarden-warnings',
        args: [{ personCode: null }],
      });
    await run('digest-of-the-hour');
    await cardOf('gao-feng', title);
    await run('digest-of-the-hour-again');
    await until(
      'every digest is delivered',
      () => system.database.sql<{ left: number }[]>`
        select count(*) as left from delivery where subject_kind = 'digest' and state <> 'posted'`,
      ([row]) => row?.left === 0,
    );
    expect(await cardsOf('gao-feng', title)).toHaveLength(1);
    expect(await cardsOf('li-lei', title)).toHaveLength(0);
  });
});

describe('The committee merges two tags', () => {
  const title = '合并标签申请 · VIP客户 → 高价值客户';
  const wearing = async (name: string): Promise<readonly string[]> => {
    const rows = await system.crm<{ id: string }[]>`
      select c.customer_id::text as id
      from crm.customer_tag c join crm.tag t on t.id = c.tag_id
      where t.name = ${name} order by c.customer_id`;
    return rows.map(({ id }) => id);
  };
  /** Every customer's every tag as the CRM has it. */
  const allOfCrm = async (): Promise<string> =>
    JSON.stringify(
      await system.crm`
        select customer_id::text, array_agg(tag_id order by tag_id)::text as tags
        from crm.customer_tag group by customer_id order by customer_id`,
    );
  const others = async (): Promise<string> =>
    JSON.stringify(
      await system.crm`
        select c.customer_id::text, c.tag_id::text
        from crm.customer_tag c join crm.tag t on t.id = c.tag_id
        where t.name not in ('VIP客户', '高价值客户') order by c.customer_id, c.tag_id`,
    );
  const statusOfVip = async () => {
    const [tag] = await system.database.sql`select status from tag where code = 'vip'`;
    return String(tag?.['status']);
  };
  let vipBefore: readonly string[] = [];
  let highBefore: readonly string[] = [];
  let allBefore = '';
  let othersBefore = '';

  test('asked for with words and a form in Slack', async () => {
    vipBefore = await wearing('VIP客户');
    highBefore = await wearing('高价值客户');
    expect(vipBefore.length).toBeGreaterThan(0);
    allBefore = await allOfCrm();
    othersBefore = await others();
    const xuNa = system.person('xu-na');
    await system.people.command('申请', xuNa);
    await formOf('xu-na', '申请');
    await system.people.submit({ what: 'merge' }, xuNa);
    await formOf('xu-na', '合并标签');
    await system.people.submit({ from: 'VIP客户', into: 'high-value', reason: '一个意思' }, xuNa);
    await until(
      'what a merge would do is shown',
      () => system.people.openForm(xuNa),
      (form) => form?.text.includes('会被修改') === true,
    );
    await system.people.submit({}, xuNa);
    const card = await cardOf('han-meimei', title);
    expect(card.text).toContain('影响');
  });

  test('until a quorum in chat approves, the CRM stays as it is and its owner hears nothing', async () => {
    await voteInSlack('han-meimei', title);
    await cardOf('qian-xue', title, '同意 1（需 3）');
    await voteInSlack('zhao-jing', title);
    await cardOf('qian-xue', title, '同意 2（需 3）');
    expect(await allOfCrm()).toBe(allBefore);
    expect(await cardsOf('li-lei', title)).toEqual([]);
  });

  test('once three approve, every customer of the CRM is re-tagged; requester and owner are told', async () => {
    await voteInSlack('qian-xue', title);
    const card = await cardOf('xu-na', title, '已生效');
    expect(await wearing('VIP客户')).toEqual([]);
    const both = [...new Set([...vipBefore, ...highBefore])].toSorted((a, b) => +a - +b);
    expect(await wearing('高价值客户')).toEqual(both);
    expect(await others()).toBe(othersBefore);
    expect(card.text).toContain(`${vipBefore.length} 位已修改`);
    expect(card.buttons).toContain('撤销合并');
    expect(await statusOfVip()).toBe('deprecated');
    expect((await cardOf('han-meimei', title)).buttons).not.toContain('撤销合并');
    const owners = await cardOf('li-lei', title, '已生效', `${vipBefore.length} 位已修改`);
    expect(owners.buttons).toEqual(['记录']);
    const browser = await system.browser('li-lei');
    await until(
      'the inbox of the owner says so too',
      async () => (await browser.get('/inbox?show=all')).text(),
      (page) => page.includes('你负责的标签或规则有变更'),
    );
  });

  test('whoever asked takes it back: customers and tag are as before, and nothing warns of it', async () => {
    const card = await cardOf('xu-na', title, '已生效');
    await system.people.click(card, '撤销合并', system.person('xu-na'));
    const after = await cardOf('xu-na', title, '合并已撤销');
    expect(after.buttons).not.toContain('撤销合并');
    expect(await allOfCrm()).toBe(allBefore);
    expect(await wearing('VIP客户')).toEqual(vipBefore);
    expect(await wearing('高价值客户')).toEqual(highBefore);
    expect(await statusOfVip()).toBe('active');
    await cardOf('han-meimei', title, '合并已撤销');
    await cardOf('li-lei', title, '合并已撤销');
    const flagged = await until(
      'the customers were looked at again',
      () => system.database.sql`
        select from finding f join rule r on r.id = f.rule_id join tag t on t.id = f.first_tag_id
        where r.kind = 'deprecated' and t.code = 'vip' and f.state = 'open'`,
      (rows) => rows.length === 0,
    );
    expect(flagged).toEqual([]);
    const trail = await system.database.sql`
      select action, actor_code from audit_row where subject_kind = 'tag' and subject_id = 'vip'
      order by id desc limit 2`;
    expect(trail).toEqual([
      { action: 'tag.restored', actor_code: 'xu-na' },
      { action: 'tag.deprecated', actor_code: 'xu-na' },
    ]);
  });
});

describe('The committee lets an exception hold for longer', () => {
  const dayMs = 86_400_000;
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const exceptionsUntil = async (): Promise<readonly unknown[]> => {
    const rows = await system.database.sql<{ day: string }[]>`
      select distinct to_char((until_at - interval '1 second') at time zone 'Asia/Shanghai',
        'YYYY-MM-DD') as day
      from exception`;
    return rows.map((row) => row.day);
  };
  let longer = '';

  test('its owner is told before it ends, and asks with the button of that card', async () => {
    const [warning] = await system.database.sql<{ id: number }[]>`
      select id from warning
      where rule_code = 'high-value-x-blacklist' and state = 'open' and owner_code = 'li-lei'`;
    const endMs = Date.now() + 2 * dayMs;
    longer = day(endMs + 30 * dayMs);
    const api = await system.api('li-lei');
    const excepted = await api('POST', `/warnings/${warning?.id}/except`, {
      until: new Date(endMs).toISOString(),
      reason: '客户已申诉',
    });
    expect(excepted).toMatchObject({ status: 200, body: { result: 'done' } });
    const notices = await system.temporal.workflow.start('notices', {
      workflowId: `notices-${warning?.id}`,
      taskQueue: 'tagwarden-warnings',
      args: [{ pointsId: null }],
    });
    await notices.result();
    const card = await cardOf('li-lei', '例外快到期', '客户已申诉');
    const liLei = system.person('li-lei');
    await system.people.click(card, '申请延长…', liLei);
    await formOf('li-lei', '申请延长例外');
    await system.people.submit({ until: longer, reason: '申诉还没有结果' }, liLei);
    const asked = await cardOf('han-meimei', '例外申请', '申诉还没有结果');
    expect(asked.text).toContain('票数');
  });

  test('once three approve, it holds until then', async () => {
    expect(await exceptionsUntil()).not.toContain(longer);
    for (const code of ['han-meimei', 'zhao-jing', 'qian-xue']) await voteInSlack(code, '例外申请');
    await cardOf('li-lei', '例外申请', '已生效');
    expect(await exceptionsUntil()).toEqual([longer]);
  });
});

describe('A tagger checks before tagging', () => {
  async function highValueCustomer(): Promise<string> {
    const [row] = await system.crm<{ id: string }[]>`
      select c.customer_id::text as id
      from crm.customer_tag c join crm.tag t on t.id = c.tag_id
      group by c.customer_id
      having '高价值客户' = any(array_agg(t.name)) and '黑名单' <> all(array_agg(t.name))
      order by c.customer_id limit 1`;
    return row?.id ?? '';
  }

  test('the API refuses 黑名单 on a high-value customer, names the rule and says what to do', async () => {
    const api = await system.api('xu-na');
    const { status, body } = await api('POST', '/check', {
      customer: await highValueCustomer(),
      add: '黑名单',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      allowed: false,
      findings: expect.arrayContaining([
        expect.objectContaining({ ruleCode: 'high-value-x-blacklist' }),
      ]),
    });
    expect(JSON.stringify(body)).toContain('移除「高价值客户」');
  });

  test('words to the bot are answered the same', async () => {
    const xuNa = system.person('xu-na');
    await system.people.say(`检查 ${await highValueCustomer()} +黑名单`, xuNa);
    const told = await until(
      'Xu Na is answered',
      async () => (await system.people.privateTexts(xuNa)).join('\n'),
      (text) => text.includes('高价值客户 × 黑名单'),
    );
    expect(told).toContain('「黑名单」');
    expect(told).toContain('移除');
  });
});

describeAutomaticTagging(() => system);

describeLearning(() => system);
