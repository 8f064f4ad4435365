import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeenForm, SeenMessage } from '../../support/channel-contract.ts';
import { chooseGroup, describeGroupStory, withGroups } from './group-story.ts';
import { startSystem, until, type StartPlatform, type System } from '../../support/system.ts';

const title = '高价值客户 × 黑名单';
/** What every customer of the source is called, with their number. */
const tellingName = '露馅机电';

interface Platform {
  readonly name: string;
  /** In the audit trail. */
  readonly code: 'slack' | 'feishu';
  /** How events come: `socket`, two servers hold connections, which break and are opened anew. @default http */
  readonly over?: 'http' | 'socket';
}

/** An owner resolves a conflict from chat; the same on every platform and over both kinds of connection. */
export function describeOwnerStory(platform: Platform, startPlatform: StartPlatform): void {
  const servers = platform.over === 'socket' ? 2 : 1;

  describe(`Li Lei resolves high value × blacklist on ${platform.name}`, () => {
    let system: System;
    const liLei = () => system.person('li-lei');

    beforeAll(async () => {
      system = await startSystem({
        startPlatform,
        servers,
        configure: withGroups(platform.code),
      });
      await chooseGroup(system);
      await system.crm`update crm.customer set name = ${tellingName} || id`;
      await system.scan();
    });
    afterAll(() => system?.stop());

    const cards = async (): Promise<readonly SeenMessage[]> =>
      (await system.people.cardsOf(liLei())).filter(({ text }) => text.includes(title));
    const card = async (): Promise<SeenMessage> => {
      const [first] = await cards();
      if (first === undefined) throw new Error('Li Lei has no card.');
      return first;
    };
    const cardThat = (what: string, isSo: (seen: SeenMessage) => boolean) =>
      until(`the card ${what}`, card, isSo);
    const untilConnectedAnew = (times: number) =>
      until(
        'every server is connected',
        async () => [system.connections.socketsOpened(), system.connections.sockets.size],
        ([opened = 0, open]) => opened >= times && open === servers,
      );
    const inbox = async (): Promise<string> => (await browser.get('/inbox')).text();
    const toldTo = async (code: string): Promise<string> =>
      (await system.people.privateTexts(system.person(code))).join('\n');
    const conflicting = async (): Promise<readonly string[]> => {
      const rows = await system.crm<{ id: string }[]>`
        select c.customer_id::text as id
        from crm.customer_tag c join crm.tag t on t.id = c.tag_id
        where t.name in ('高价值客户', '黑名单')
        group by c.customer_id having count(*) = 2 order by c.customer_id`;
      return rows.map(({ id }) => id);
    };
    const wearing = async (customerId: string): Promise<readonly string[]> => {
      const rows = await system.crm<{ name: string }[]>`
        select t.name from crm.customer_tag c join crm.tag t on t.id = c.tag_id
        where c.customer_id = ${customerId} order by t.name`;
      return rows.map(({ name }) => name);
    };
    const countImported = async (): Promise<number> => {
      const [row] = await system.crm<{ count: number }[]>`
        select count(distinct customer_id)::int as count
        from crm.customer_tag c join crm.tag t on t.id = c.tag_id
        where t.name = '黑名单' and c.import_batch like '风控名单%'
          and c.customer_id::text = any(${[...conflictingAtFirst]})`;
      return row?.count ?? 0;
    };
    let browser: Awaited<ReturnType<System['browser']>>;
    let conflictingAtFirst: readonly string[] = [];
    let changedMeanwhile = '';

    test('one red card stands before him, with everything he has to know', async () => {
      browser = await system.browser('li-lei');
      conflictingAtFirst = await conflicting();
      const [seen] = await until('a card came', cards, (all) => all.length > 0);
      const count = conflictingAtFirst.length;
      expect(count).toBeGreaterThan(30);
      expect(await cards()).toHaveLength(1);
      if (seen === undefined) return;
      expect(seen.text).toContain(`严重 · ${title}`);
      expect(seen.text).toContain('待认领');
      expect(seen.text).toContain(`${count} 位客户同时带有「高价值客户」和「黑名单」。`);
      expect(seen.text).toContain('「黑名单」生效后，「高价值客户」应移除。');
      for (const fact of [
        '李雷',
        '韩梅梅',
        '认领截止',
        '关闭截止',
        '示例',
        `…另有 ${count - 3} 位`,
      ]) {
        expect(seen.text).toContain(fact);
      }
      expect(seen.text).toMatch(/高价值客户 ← .+，.+，\d{4}-\d{2}-\d{2}/);
      expect(seen.text).toContain(
        `可能原因：${count} 位中有 ${await countImported()} 位来自导入「风控名单`,
      );
      expect(seen.buttons.slice(0, 3)).toEqual(['认领', '修复…', '不是冲突…']);
      expect(seen.pings).toEqual([]);
      await until('it stands in the inbox too', inbox, (page) => page.includes(title));
    });

    test('a forged click is shut out, and the audit trail says so', async () => {
      const sent = await system.people.forgeClick(await card(), '认领', liLei());
      expect(sent.status).toBe(401);
      const refused = await until(
        'the refusal is written down',
        () => system.database.sql<{ through: string }[]>`
          select through from audit_row where action = 'door.refused'`,
        (rows) => rows.length > 0,
      );
      expect(refused).toEqual([{ through: platform.code }]);
      expect((await card()).text).toContain('待认领');
    });

    test('whoever has no say hears so alone, and the attempt is written down', async () => {
      const before = await card();
      await system.people.click(before, '认领', system.person('tang-yan'));
      await until(
        'Tang Yan hears whose it is',
        () => toldTo('tang-yan'),
        (text) => text.includes('李雷'),
      );
      const refused = await system.database.sql`
        select actor_code, through from audit_row where action = 'warning.refused'`;
      expect(refused).toEqual([{ actor_code: 'tang-yan', through: platform.code }]);
      expect(await card()).toEqual(before);
    });

    test('somebody unknown hears how to be known', async () => {
      await system.people.click(await card(), '认领', null);
      const told = await until(
        'the stranger hears',
        () => system.people.privateTexts(null),
        (texts) => texts.length > 0,
      );
      expect(told.join('\n')).toMatch(/管理员|data admin/i);
      expect((await card()).text).toContain('待认领');
    });

    test.runIf(platform.over === 'socket')(
      'words that were taken in when the connection broke come again, and are answered once',
      async () => {
        expect(system.connections.sockets.size).toBe(servers);
        const before = await system.people.privateTexts(liLei());
        system.connections.loseNextAnswer();
        await system.people.say('帮助', liLei());
        await until(
          'he is answered',
          () => system.people.privateTexts(liLei()),
          (texts) => texts.length > before.length,
        );
        await untilConnectedAnew(servers + 1);
        // What comes after them is done: so is whatever they were to bring.
        await system.people.say('帮助', liLei());
        await until(
          'he is answered again',
          () => system.people.privateTexts(liLei()),
          (texts) => texts.length >= before.length + 2,
        );
        expect(await system.people.privateTexts(liLei())).toHaveLength(before.length + 2);
        system.connections.refreshConnections();
        await untilConnectedAnew(2 * servers + 1);
      },
    );

    test('he claims it; the card says so wherever it stands; the same click again does nothing', async () => {
      const sent = await system.people.click(await card(), '认领', liLei());
      expect(sent.status).toBe(200);
      const seen = await cardThat('says who has it', ({ text }) => text.includes('处理中'));
      expect(seen.text).toContain('认领人');
      expect(seen.buttons).not.toContain('认领');
      await until('the inbox says so too', inbox, (page) => page.includes('处理中'));
      await sent.again();
      const claims = await system.database.sql`
        select actor_code, through from audit_row where action = 'warning.claimed'`;
      expect(claims).toEqual([{ actor_code: 'li-lei', through: platform.code }]);
      expect(await cards()).toHaveLength(1);
    });

    test('whoever clicks second hears who was first', async () => {
      const api = await system.api('han-meimei');
      const [warning] = await system.database.sql<{ id: number }[]>`
        select id from warning where rule_code = 'high-value-x-blacklist'`;
      const answer = await api('POST', `/warnings/${warning?.id}/claim`);
      expect(answer.status).toBe(409);
      expect(JSON.stringify(answer.body)).toMatch(/李雷|Li Lei|li-lei/);
    });

    test('he decides for two of them one by one, on one page and by search, each otherwise', async () => {
      const formThat = (what: string, isSo: (open: SeenForm) => boolean) =>
        until(
          `the form ${what}`,
          () => system.people.openForm(liLei()),
          (open) => open !== null && isSo(open),
        );
      const refOf = ({ label = '' }: { readonly label?: string }): string =>
        /（(?<ref>\d+)）$/.exec(label)?.groups?.['ref'] ?? '';
      const total = conflictingAtFirst.length;

      await system.people.click(await card(), '修复…', liLei());
      await formThat('is there', ({ title: open }) => open === '修复冲突');
      await system.people.submit({ resolution: 'by-customer' }, liLei());
      const first = await formThat('asks one by one', ({ fields }) => fields.length === 22);
      expect(first?.text).toContain(`第 1–20 位，共 ${total} 位`);
      const [keepsValue, found] = first?.fields.slice(2) ?? [];
      await system.people.submit({ [keepsValue?.id ?? '']: 'keep-first', page: '20' }, liLei());
      const second = await formThat('shows the next', ({ text }) => text.includes('第 21–'));
      expect(second?.text).toContain('其他页上已选好 1 位');
      expect(second?.fields).toHaveLength(Math.min(total - 20, 20) + 2);
      await system.people.submit({ find: refOf(found ?? {}) }, liLei());
      const searched = await formThat('shows who was found', ({ fields }) =>
        fields.every(
          ({ id, label }) => !id.startsWith('customer-') || label.includes(refOf(found ?? {})),
        ),
      );
      expect(searched?.fields.map(({ id }) => id)).toContain(found?.id);
      await system.people.submit({ [found?.id ?? '']: 'keep-second' }, liLei());
      const preview = await formThat(
        'says what will change',
        ({ title: open }) => open === '确认修复',
      );
      expect(preview?.text).toContain('2 位客户会被修改');
      for (const name of ['高价值客户', '黑名单']) {
        expect(preview?.text).toContain(`移除「${name}」：1 位客户`);
      }
      await system.people.submit({}, liLei());
      await cardThat('says what was done', ({ text }) => text.includes('上次修复：2 位已修改'));
      const [kept, lost] = [
        await wearing(refOf(keepsValue ?? {})),
        await wearing(refOf(found ?? {})),
      ];
      expect([kept.includes('高价值客户'), kept.includes('黑名单')]).toEqual([true, false]);
      expect([lost.includes('高价值客户'), lost.includes('黑名单')]).toEqual([false, true]);
      conflictingAtFirst = await conflicting();
      expect(conflictingAtFirst).toHaveLength(total - 2);
      await cardThat('can be fixed again', ({ buttons }) => buttons.includes('修复…'));
    });

    test('he asks to fix it, and what the rule recommends is marked', async () => {
      await system.people.click(await card(), '修复…', liLei());
      const form = await until(
        'the form opens',
        () => system.people.openForm(liLei()),
        (open) => open !== null && open.fields.length > 0,
      );
      expect(form?.title).toBe('修复冲突');
      const [choice] = form?.fields ?? [];
      expect(choice?.options).toHaveLength(4);
      expect(choice?.options[0]).toContain('保留「黑名单」，移除「高价值客户」');
    });

    test('he sees exactly what will change before anything does', async () => {
      if (platform.over === 'socket') {
        system.connections.cutConnections();
        await untilConnectedAnew(3 * servers + 1);
      }
      await system.people.submit({ resolution: 'keep-second' }, liLei());
      const preview = await until(
        'the preview is there',
        () => system.people.openForm(liLei()),
        (open) => open?.title === '确认修复',
      );
      expect(preview?.text).toContain(`${conflictingAtFirst.length} 位客户会被修改`);
      expect(preview?.text).toContain(`移除「高价值客户」：${conflictingAtFirst.length} 位客户`);
      expect(await conflicting()).toEqual(conflictingAtFirst);
    });

    test('what he confirms is written, but for the customer that changed meanwhile', async () => {
      changedMeanwhile = conflictingAtFirst[5] ?? '';
      const before = await wearing(changedMeanwhile);
      await system.crm`
        insert into crm.customer_tag (customer_id, tag_id, tagged_at, tagged_by)
        select ${changedMeanwhile}, t.id, now(), '刘洋' from crm.tag t
        where t.name = '海外客户' on conflict do nothing`;
      expect(await wearing(changedMeanwhile)).toHaveLength(before.length + 1);
      await system.people.submit({}, liLei());
      const done = `上次修复：${conflictingAtFirst.length - 1} 位已修改`;
      const seen = await cardThat('says what was done', ({ text }) => text.includes(done));
      expect(await conflicting()).toEqual([changedMeanwhile]);
      expect(await wearing(changedMeanwhile)).toEqual(
        expect.arrayContaining(['高价值客户', '黑名单', '海外客户']),
      );
      expect(seen.text).toContain(`${done}，1 位期间有变动、未改动。`);
      expect(seen.text).toContain('1 位客户同时带有「高价值客户」和「黑名单」。');
      expect(seen.text).toContain(`（${changedMeanwhile}）`);
    });

    test('he fixes the one that is left, and the card turns green', async () => {
      const ready = await cardThat('can be fixed again', ({ buttons }) =>
        buttons.includes('修复…'),
      );
      await system.people.click(ready, '修复…', liLei());
      await until(
        'the form opens',
        () => system.people.openForm(liLei()),
        (open) => open?.title === '修复冲突' && open.fields.length > 0,
      );
      await system.people.submit({ resolution: 'keep-second' }, liLei());
      await until(
        'the preview is there',
        () => system.people.openForm(liLei()),
        (open) => open?.title === '确认修复',
      );
      await system.people.submit({}, liLei());
      const seen = await cardThat('is done', ({ text }) => text.includes('已修复'));
      expect(seen.text).toContain('李雷于');
      expect(seen.buttons).toContain('撤销修复');
      expect(await conflicting()).toEqual([]);
    });

    test('he takes it back, and the conflict warns anew', async () => {
      await system.people.click(await card(), '撤销修复', liLei());
      await until('the customer is as before', conflicting, (ids) => ids.length > 0);
      expect(await conflicting()).toEqual([changedMeanwhile]);
      await cardThat('says that it was taken back', ({ text }) => text.includes('修复已撤销'));
      const both = await until('a second card came', cards, (all) => all.length === 2);
      expect(both[1]?.text).toContain('1 位客户同时带有');
      expect(both[1]?.text).toContain('待认领');
    });

    describeGroupStory(platform.code, () => system);

    test('no customer and no secret is in a history, a metric, a failure or the trail', async () => {
      expect((await cards())[0]?.text).toContain(tellingName);
      const histories = await historiesOf(system);
      // Its payloads are read, or nothing would ever be found in them.
      expect(histories.join('\n')).toContain('warningId');
      const { sql } = system.database;
      const told = {
        histories: histories.join('\n'),
        metrics: await (await system.http.request('/metrics')).text(),
        trail: JSON.stringify(await sql`select * from audit_row`),
        failures: JSON.stringify([
          await sql`select error from delivery`,
          await sql`select error from scan`,
          await sql`select detail from fix_item`,
        ]),
      };
      const secrets = Object.entries(system.variables)
        .filter(([name]) => /TOKEN|SECRET|KEY/.test(name))
        .map(([, value]) => value);
      expect(secrets.length).toBeGreaterThan(0);
      const found = Object.entries(told).flatMap(([place, text]) =>
        [tellingName, ...secrets]
          .filter((one) => text.includes(one))
          .map((one) => `${place}: ${one}`),
      );
      expect(found).toEqual([]);
    });
  });
}

/** The history of every workflow there was, with what is in its payloads. */
async function historiesOf({ temporal }: System): Promise<readonly string[]> {
  const histories: string[] = [];
  for await (const { workflowId, runId } of temporal.workflow.list()) {
    const history = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    // The SDK's messages make base64 of what payloads hold.
    const text = JSON.stringify(history).replaceAll(
      /"data":"([A-Za-z0-9+/=]+)"/g,
      (_all, data: string) => Buffer.from(data, 'base64').toString(),
    );
    histories.push(text);
  }
  return histories;
}
