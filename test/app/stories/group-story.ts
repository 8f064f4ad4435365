import { describe, expect, test } from 'vitest';
import type { ChatGroup } from '../../../domain/chat-group.ts';
import type { Configuration } from '../../../domain/configuration.ts';
import type { SeenMessage, ThreadedMessage } from '../../support/channel-contract.ts';
import { until, type System } from '../../support/system.ts';

type Platform = 'slack' | 'feishu';

const title = '已销户 × 活跃标签';
/** Where the owner wants her cards. */
const chosen = { slack: 'C0GOVERN', feishu: 'oc_govern' } as const;
/** Where warnings are escalated to. */
const desk = { slack: 'C0DESK', feishu: 'oc_desk' } as const;

/** The company with two groups on the platform, one of them the first step of every escalation. */
export function withGroups(platform: Platform): (configuration: Configuration) => Configuration {
  const group = (
    code: string,
    name: ChatGroup['name'],
    places: Readonly<Record<Platform, string>>,
  ): ChatGroup => ({
    code,
    name,
    slackChannelId: platform === 'slack' ? places.slack : null,
    feishuChatId: platform === 'feishu' ? places.feishu : null,
    mention: ['high'],
    locale: 'zh-CN',
  });
  return (configuration) => {
    const { policy } = configuration;
    return {
      ...configuration,
      policy: {
        ...policy,
        groups: [
          group('governance', { 'zh-CN': '标签治理', en: 'Tag governance' }, chosen),
          group('desk', { 'zh-CN': '数据值班', en: 'Data desk' }, desk),
        ],
        escalation: [
          { on: 'claim-missed', afterMs: 0, to: { kind: 'group', code: 'desk' } },
          ...policy.escalation,
        ],
      },
    };
  };
}

/** Song Jia says in chat that her cards are to stand in the group. */
export async function chooseGroup(system: System): Promise<void> {
  const songJia = system.person('song-jia');
  await system.people.command('设置', songJia);
  await until(
    'the settings open',
    () => system.people.openForm(songJia),
    (form) => form?.fields.some(({ id }) => id === 'group') === true,
  );
  await system.people.submit({ group: 'group:governance', mention: 'yes' }, songJia);
  await until(
    'her choice is kept',
    () => system.database.sql`
      select from preference where person_code = 'song-jia' and group_code = 'governance'`,
    (rows) => rows.length === 1,
  );
}

/** A warning whose card stands in a group, and goes on to another one; the same on every platform. */
export function describeGroupStory(platform: Platform, systemOf: () => System): void {
  describe('Song Jia has her cards in a group', () => {
    const person = (code: string) => systemOf().person(code);
    const people = () => systemOf().people;
    const toldTo = async (code: string): Promise<string> =>
      (await people().privateTexts(person(code))).join('\n');
    const hears = (code: string, words: string) =>
      until(
        `${code} alone hears ${words}`,
        () => toldTo(code),
        (text) => text.includes(words),
      );
    const cardsIn = async (conversation: string): Promise<readonly ThreadedMessage[]> =>
      (await people().messagesIn(conversation)).filter(
        ({ text, under }) => under === null && text.includes(title),
      );
    const cardIn = async (conversation: string, ...facts: readonly string[]) => {
      const [card] = await until(
        `one card of ${title} stands in ${conversation} with ${facts.join(', ')}`,
        () => cardsIn(conversation),
        (cards) => cards.length === 1 && facts.every((fact) => cards[0]?.text.includes(fact)),
      );
      if (card === undefined) throw new Error('No card.');
      return card;
    };
    const threadSays = (card: SeenMessage, words: string) =>
      until(
        `the thread says ${words}`,
        async () =>
          (await people().messagesIn(card.ref.conversation))
            .filter(({ under }) => under === card.ref.message)
            .map(({ text }) => text),
        (lines) => lines.some((line) => line.includes(words)),
      );
    const formOf = (code: string, formTitle: string) =>
      until(
        `${code} sees the form ${formTitle}`,
        () => people().openForm(person(code)),
        (form) => form !== null && form.title === formTitle && form.fields.length > 0,
      );
    /** What is pressed is refused, and the platform is told again what the card is. */
    const isRefused = async (
      press: () => Promise<unknown>,
      { card, by, words }: { card: SeenMessage; by: string; words: string },
    ) => {
      const before = people().changesOf(card);
      const stood = await cardIn(card.ref.conversation);
      await press();
      await hears(by, words);
      await until(
        'the card was drawn anew',
        async () => people().changesOf(card),
        (changes) => changes > before,
      );
      const stands = await cardIn(card.ref.conversation);
      expect(stands.buttons).toEqual(stood.buttons);
      // Whoever was mentioned as it was posted is not again.
      for (const line of stands.text.split('\n')) expect(stood.text).toContain(line);
    };

    test('the card stands in the group, tells her, and names no customer', async () => {
      const card = await cardIn(chosen[platform], '待认领', '宋佳');
      expect(card.text).not.toContain('示例');
      const customers = await systemOf().database.sql<{ ref: string }[]>`
        select distinct c.ref from warning w
        join finding f on f.warning_id = w.id join mirror_customer c on c.id = f.customer_id
        where w.rule_code = 'account-closed-ends-activity'`;
      expect(customers.length).toBeGreaterThan(0);
      for (const { ref } of customers) expect(card.text).not.toContain(`（${ref}）`);
      expect(card.pings).toHaveLength(1);
      expect(card.buttons.slice(0, 3)).toEqual(['认领', '修复…', '不是冲突…']);
      const own = await people().cardsOf(person('song-jia'));
      expect(own.filter(({ text }) => text.includes(title))).toEqual([]);
    });

    test('whoever has no say is refused alone, and the card stays as it is', async () => {
      const card = await cardIn(chosen[platform], '待认领');
      await isRefused(() => people().click(card, '认领', person('tang-yan')), {
        card,
        by: 'tang-yan',
        words: '请找责任人宋佳',
      });
      const there = await people().messagesIn(chosen[platform]);
      expect(there.filter(({ text }) => text.includes('请找责任人'))).toEqual([]);
    });

    test('her click does it; a button of the card as it was is refused', async () => {
      const card = await cardIn(chosen[platform], '待认领');
      const claimAsItWas = people().aimAt(card, '认领');
      await people().click(card, '认领', person('song-jia'));
      const claimed = await cardIn(chosen[platform], '处理中', '认领人');
      expect(claimed.buttons).not.toContain('认领');
      await threadSays(claimed, '宋佳认领');
      await isRefused(() => claimAsItWas(person('luo-min')), {
        card: claimed,
        by: 'luo-min',
        words: '已由宋佳认领',
      });
    });

    test('escalated, it stands in the other group too, and the first one says so', async () => {
      const card = await cardIn(chosen[platform], '处理中');
      await people().click(card, '立即升级…', person('song-jia'));
      await formOf('song-jia', '立即升级');
      await people().submit({ reason: '要一起看' }, person('song-jia'));
      const there = await cardIn(desk[platform], '处理中');
      expect(there.text).not.toContain('示例');
      expect(there.pings).toEqual([]);
      const words = '宋佳提前升级，已交给「数据值班」群';
      expect(there.text).toContain(words);
      await threadSays(await cardIn(chosen[platform], words), '提前升级，交给「数据值班」群');
      const trail = await (await systemOf().browser('hu-bin')).get('/audit?action=warning.escal');
      expect(await trail.text()).toContain('「数据值班」群');
    });

    test('closed from there, it is closed in both, and what it offered before is refused', async () => {
      const there = await cardIn(desk[platform], '处理中');
      const fixAsItWas = people().aimAt(there, '修复…');
      await people().click(there, '不是冲突…', person('song-jia'));
      await formOf('song-jia', '不是冲突');
      await people().submit({ reason: 'rule-wrong' }, person('song-jia'));
      for (const conversation of [chosen[platform], desk[platform]]) {
        const closed = await cardIn(conversation, '判定为不是冲突。');
        expect(closed.buttons).not.toContain('修复…');
      }
      await threadSays(await cardIn(chosen[platform]), '宋佳关闭：不是冲突');
      await isRefused(() => fixAsItWas(person('song-jia')), {
        card: there,
        by: 'song-jia',
        words: '这条预警已由宋佳关闭',
      });
    });
  });
}
