import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { warningCard } from '../../bot/cards/warning.ts';
import type { Card } from '../../bot/card.ts';
import { ChannelError, type Channel, type MessageRef } from '../../bot/channel.ts';
import type { Form } from '../../bot/form.ts';
import type { InboundDependencies, Interaction, Reply } from '../../bot/interaction.ts';
import type { Person } from '../../domain/person.ts';
import { buildPerson } from './builders.ts';
import { createMemoryEvents } from './memory-events.ts';
import { buildWarningView, sampleNowMs, samplePerson, samplePublicUrl } from './views.ts';

/** Which parts of the contract a channel has. The rest does not apply, and is named in the report. */
export interface ContractTraits {
  /** There is a platform's server that can fail. */
  readonly server: boolean;
  /** Clicks come in through a door of this channel. */
  readonly inbound: boolean;
  /** It reaches single people; otherwise whole groups or systems. */
  readonly people: boolean;
  /** Cards are read there; otherwise data is. */
  readonly cards: boolean;
  /** A recipient may be unknown to the platform. */
  readonly unreachable: boolean;
  /** A refusal says when to try again; otherwise it says for certain that nothing was sent, as SMTP's do. */
  readonly retryAfter: boolean;
}

export function missingParts(traits: ContractTraits): readonly string[] {
  return Object.entries(traits)
    .filter(([, has]) => !has)
    .map(([part]) => part);
}

/** A posted card as the recipient reads it. */
export interface SeenMessage {
  readonly ref: MessageRef;
  /** Everything one can read, as displayed: unescaped, without what the platform takes as formatting. */
  readonly text: string;
  /** Labels of buttons and menu entries. */
  readonly buttons: readonly string[];
  /** Whoever or whatever the message would notify besides its recipient, such as <!channel>. */
  readonly pings: readonly string[];
}

/** A message among several people; `under` is the one in whose thread it stands, null for none. */
export interface ThreadedMessage extends SeenMessage {
  readonly under: string | null;
}

/** A form as the person who was asked sees it. */
export interface SeenForm {
  readonly title: string;
  readonly text: string;
  readonly fields: readonly {
    readonly id: string;
    readonly label: string;
    readonly options: readonly string[];
  }[];
}

export type PlatformFailure =
  /** Refused with "again after `retryAfterMs`". */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** HTTP 500, not carried out. */
  | { readonly kind: 'server-error' }
  /** Carried out, but the answer never comes. */
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'bad-token' }
  | { readonly kind: 'content-refused' };

/** What came of a request to the channel's door. */
export interface Sent {
  readonly status: number;
  /** Sends the very same bytes again. */
  readonly again: () => Promise<Sent>;
}

/** `by` null: somebody on the platform whom nobody is linked to. */
export interface InboundHarness {
  click(message: SeenMessage, label: string, by: Person | null): Promise<Sent>;
  /** A click whose signature does not fit. */
  forgeClick(message: SeenMessage, label: string, by: Person): Promise<Sent>;
  say(text: string, by: Person | null): Promise<Sent>;
  /** The form that is open before this person now; null for none. */
  openForm(by: Person): Promise<SeenForm | null>;
  /** Fills the open form in (option labels' values, texts, dates as YYYY-MM-DD) and submits it. */
  submit(values: Readonly<Record<string, string>>, by: Person): Promise<Sent>;
  /** What only this person got to read in answer, oldest first. */
  privateTexts(by: Person | null): Promise<readonly string[]>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

export interface ChannelHarness {
  readonly channel: Channel;
  /** What must never show in an error. */
  readonly secrets: readonly string[];
  /** Cards that the recipient has now, oldest first. */
  messages(): Promise<readonly SeenMessage[]>;
  /** The platform's next answer to a post or an update is this. Null where `traits.server` is false. */
  readonly failNext: ((failure: PlatformFailure) => void) | null;
  /** A conversation of several people that the bot is in. @default there are none */
  readonly group?: {
    readonly conversation: string;
    /** What stands there, oldest first. */
    messages(): Promise<readonly ThreadedMessage[]>;
  };
  /** Null where `traits.inbound` is false. */
  readonly inbound: InboundHarness | null;
  close(): Promise<void>;
}

export interface ContractPeople {
  /** Reachable; the platform knows them. */
  readonly recipient: Person;
  /** Also reachable, with other rights. */
  readonly other: Person;
  /** Has an id that the platform does not know. */
  readonly lost: Person;
}

export type ContractSetup = (
  dependencies: InboundDependencies,
  people: ContractPeople,
) => Promise<ChannelHarness>;

const people: ContractPeople = {
  recipient: samplePerson('li-lei'),
  other: samplePerson('wang-fang'),
  lost: buildPerson({
    code: 'lost',
    slackUserId: 'U0LOST',
    feishuOpenId: 'ou_lost',
    email: 'lost@example.com',
  }),
};

const unknownEverywhere = { slackUserId: null, feishuOpenId: null, email: null };

const deliveryId = '6f1c9d52-3f0e-4b7a-9d6e-2a6d0d3c1f10';
const otherDeliveryId = '0b8b9d1e-52f7-4a83-8c3e-7f1f5a0f7d11';
const sampleContext = { publicUrl: samplePublicUrl, nowMs: sampleNowMs };

/** Names that try to format, to ping, to break out and to overflow. */
export const hostileNames = [
  '<!channel> <!here> <@U0LOST>',
  '<at id=all></at>',
  '*bold* _it_ ~no~ `code` [link](https://evil.example) # head',
  '&lt;b&gt; & "quotes" </script><script>alert(1)</script>',
  'مرحبا بالعالم',
  '👩‍👩‍👧‍👦🏳️‍🌈',
] as const;

function openCard(): Card {
  return warningCard(buildWarningView(), people.recipient, sampleContext);
}

function claimedCard(): Card {
  const view = buildWarningView({
    warning: { state: { kind: 'claimed', by: 'wang-fang', atMs: sampleNowMs }, version: 2 },
  });
  return warningCard(view, people.recipient, sampleContext);
}

function hostileCard(name: string): Card {
  const [example] = buildWarningView().examples;
  if (example === undefined) throw new Error('The sample view has no example.');
  const view = buildWarningView({
    examples: [{ ...example, name }],
    cause: { kind: 'import', name, count: 1, of: 2 },
  });
  return warningCard(view, people.recipient, sampleContext);
}

/** Every kind of field; its submission must come back as it was filled in. */
export const sampleForm: Form = {
  locale: 'zh-CN',
  title: '判定为不是冲突',
  blocks: [{ kind: 'text', text: [{ kind: 'plain', text: '37 位客户 <!channel>' }] }],
  fields: [
    {
      kind: 'choice',
      id: 'reason',
      label: '原因',
      options: [
        { value: 'rule-wrong', label: '规则不对', hint: '计入规则的误报率' },
        { value: 'other', label: '其他', hint: '' },
      ],
      initial: 'rule-wrong',
    },
    {
      kind: 'select',
      id: 'person',
      label: '转给谁',
      options: [
        { value: 'han-meimei', label: '韩梅梅', hint: '' },
        { value: 'lin-tao', label: '林涛', hint: '' },
      ],
      initial: null,
    },
    {
      kind: 'text',
      id: 'comment',
      label: '说明',
      multiline: true,
      required: false,
      charsMax: 500,
      initial: '',
    },
    { kind: 'date', id: 'until', label: '到哪天', initial: '2026-12-01' },
  ],
  submitLabel: '提交',
  submitStyle: 'primary',
  action: { kind: 'dismiss', warningId: 12 },
};

const confirmForm: Form = {
  locale: 'zh-CN',
  title: '确认修复',
  blocks: [{ kind: 'text', text: [{ kind: 'plain', text: '36 位客户会被修改。' }] }],
  fields: [],
  submitLabel: '确认修复',
  submitStyle: 'danger',
  action: {
    kind: 'confirm-fix',
    warningId: 12,
    choice: JSON.stringify({ kind: 'all', resolution: 'keep-second' }),
  },
};

interface Interacted {
  readonly personCode: string;
  readonly through: string;
  readonly interaction: Interaction;
}

/** The suite that every channel passes; `setup` makes a fresh channel against its stand-in for each test. */
export function describeChannelContract(
  name: string,
  traits: ContractTraits,
  setup: ContractSetup,
): void {
  const skipped = missingParts(traits);
  describe(`channel contract: ${name}${skipped.length > 0 ? ` (without ${skipped.join(', ')})` : ''}`, () => {
    let harness: ChannelHarness;
    let interacted: Interacted[];
    let replies: (Reply | Error)[];
    let refusedAtDoor: string[];

    beforeEach(async () => {
      interacted = [];
      replies = [];
      refusedAtDoor = [];
      harness = await setup(
        {
          interact: async (person, through, interaction) => {
            interacted.push({ personCode: person.code, through, interaction });
            const reply = replies.shift() ?? { kind: 'done', text: '已认领' };
            if (reply instanceof Error) throw reply;
            return reply;
          },
          suggest: async () => [],
          findPerson: async (channel, platformUserId) =>
            Object.values(people).find(
              (person) => platformId(person, channel) === platformUserId,
            ) ?? null,
          events: createMemoryEvents().events,
          meet: async () => {},
          refuseAtDoor: async (_channel, reason) => {
            refusedAtDoor.push(reason);
          },
          now: () => Date.now(),
        },
        people,
      );
    });

    afterEach(async () => {
      await harness.close();
    });

    function expectToBeUsable(message: SeenMessage | undefined): void {
      const { interactive } = harness.channel.capabilities;
      if (interactive) expect(message?.buttons).toContain('认领');
      else expect(message?.text).toContain('在控制台查看');
    }

    const post = (card: Card, id = deliveryId, recipient = people.recipient) =>
      harness.channel.post({ deliveryId: id, recipient, card });

    describe('outbound', () => {
      it('has the parts it says it has', () => {
        expect(harness.failNext !== null).toBe(traits.server);
        expect(harness.inbound !== null).toBe(traits.inbound);
      });

      it.runIf(traits.cards)('posts a card with everything it says and every button', async () => {
        const card = openCard();
        const ref = await post(card);
        const [message, ...others] = await harness.messages();
        expect(others).toEqual([]);
        expect(message?.ref).toEqual(ref);
        expect(ref.channel).toBe(harness.channel.name);
        for (const words of cardWords(card)) expect(message?.text).toContain(words);
        const labels = harness.channel.capabilities.interactive ? cardLabels(card) : [];
        expect([...(message?.buttons ?? [])].sort()).toEqual(labels);
        expect(message?.pings).toEqual([]);
      });

      it.runIf(traits.cards)('shows two deliveries as two messages', async () => {
        await post(openCard());
        await post(openCard(), otherDeliveryId);
        expect(await harness.messages()).toHaveLength(2);
      });

      it('updates a card where it stands', async () => {
        if (!harness.channel.capabilities.update) return;
        const ref = await post(openCard());
        await harness.channel.update(ref, claimedCard());
        const messages = await harness.messages();
        expect(messages).toHaveLength(1);
        expect(messages[0]?.ref).toEqual(ref);
        expect(messages[0]?.text).toContain('处理中');
        expect(messages[0]?.text).toContain('王芳');
        expect(messages[0]?.text).not.toContain('待认领');
      });

      it('does not show one delivery twice when its outcome was unknown', async () => {
        const { capabilities } = harness.channel;
        if (!capabilities.idempotentPost && !capabilities.find) return;
        const first = await post(openCard());
        const again = capabilities.idempotentPost
          ? await post(openCard())
          : await harness.channel.find(deliveryId, people.recipient);
        expect(again).toEqual(first);
        expect(await harness.messages()).toHaveLength(1);
      });

      it('finds nothing where nothing was posted', async () => {
        if (!harness.channel.capabilities.find) return;
        expect(await harness.channel.find(otherDeliveryId, people.recipient)).toBeNull();
      });

      it('says in a group what it is told, below it what happened, and notifies only whom it should', async () => {
        const { group } = harness;
        const { groups } = harness.channel;
        expect(groups === null).toBe(group === undefined);
        if (groups === null || group === undefined) return;
        const { conversation } = group;
        const mentions = [people.recipient];
        const under = await groups.post({ deliveryId, conversation, card: openCard(), mentions });
        const text = '<!channel> <at id=all></at> 李雷认领了';
        const line = { deliveryId: otherDeliveryId, under, text };
        const ref = await groups.reply({ ...line, mentions: [] });
        const [card, below, ...others] = await group.messages();
        expect(others).toEqual([]);
        expect(card).toMatchObject({ ref: under, under: null });
        expect(card?.text).toContain('待认领');
        expect(card?.pings).toHaveLength(1);
        expect(below).toMatchObject({ ref, under: under.message, pings: [] });
        expect(below?.text).toContain(text);
        expect(await harness.messages()).toEqual([]);
        // A change of the card notifies nobody again.
        await harness.channel.update(under, claimedCard());
        expect((await group.messages())[0]).toMatchObject({ ref: under, pings: [] });
        if (harness.channel.capabilities.find) {
          expect(await groups.find(deliveryId, { conversation, under: null })).toEqual(under);
          expect(await groups.find(otherDeliveryId, { conversation, under })).toEqual(ref);
          expect(await groups.find(deliveryId, { conversation, under })).toBeNull();
        } else {
          expect(
            await groups.post({ deliveryId, conversation, card: openCard(), mentions }),
          ).toEqual(under);
          expect(await groups.reply({ ...line, mentions: [] })).toEqual(ref);
          expect(await group.messages()).toHaveLength(2);
        }
      });

      it('says that it is not in a group', async () => {
        const { groups } = harness.channel;
        if (groups === null) return;
        const lost = { deliveryId, conversation: 'nowhere', card: openCard(), mentions: [] };
        expect((await rejection(() => groups.post(lost))).kind).toBe('unreachable');
      });

      it('takes away a card in whose place another one comes', async () => {
        if (!harness.channel.capabilities.update || harness.channel.name === 'inbox') return;
        const ref = await post(openCard());
        expect(await harness.channel.retire(ref, 'zh-CN')).toBe('gone');
        expect(await harness.messages()).toEqual([]);
      });

      it.runIf(traits.people)('does not reach somebody who has left', () => {
        expect(harness.channel.reaches(people.recipient)).toBe(true);
        expect(harness.channel.reaches({ ...people.recipient, status: 'left' })).toBe(false);
      });

      it.runIf(traits.cards).each(hostileNames)(
        'shows %j literally and pings nobody',
        async (hostile) => {
          await post(hostileCard(hostile));
          const [message] = await harness.messages();
          expect(message?.text).toContain(hostile);
          expect(message?.pings).toEqual([]);
        },
      );

      it.runIf(traits.cards)(
        'cuts names of 500 characters and a flood of examples instead of failing',
        async () => {
          const [example] = buildWarningView().examples;
          if (example === undefined) throw new Error('The sample view has no example.');
          const long = '很长的名字👩‍👩‍👧‍👦'.repeat(80);
          const view = buildWarningView({
            rule: { ...buildWarningView().rule, name: { 'zh-CN': long, en: long } },
            examples: Array.from({ length: 200 }, () => ({ ...example, name: long, ref: long })),
            warning: { customers: 10_000 },
          });
          await post(warningCard(view, people.recipient, sampleContext));
          const [message] = await harness.messages();
          expectToBeUsable(message);
          expect(message?.text.length).toBeLessThan(5_000);
        },
      );

      it.runIf(traits.cards)(
        'posts a card that is larger than the platform allows, cut',
        async () => {
          const card = openCard();
          const huge: Card = {
            ...card,
            title: '标题'.repeat(500),
            blocks: [
              ...card.blocks,
              ...Array.from({ length: 120 }, (_, index) => ({
                kind: 'text' as const,
                text: [{ kind: 'plain' as const, text: `${index} ${'长'.repeat(4_000)}` }],
              })),
            ],
          };
          await post(huge);
          const [message] = await harness.messages();
          expectToBeUsable(message);
        },
      );
    });

    describeWhere(traits.unreachable, 'people who cannot be reached', () => {
      it('says that the platform does not know somebody', async () => {
        const error = await rejection(() => post(openCard(), deliveryId, people.lost));
        expect(error.kind).toBe('unreachable');
        expectNoSecret(error);
      });

      it('does not reach somebody without an id', () => {
        const unlinked = { ...people.recipient, ...unknownEverywhere };
        expect(harness.channel.reaches(unlinked)).toBe(false);
      });
    });

    describeWhere(traits.server, 'a failing platform', () => {
      const failures = [
        [{ kind: 'rate-limited', retryAfterMs: 7_000 }, 'rate-limited'],
        [{ kind: 'server-error' }, traits.retryAfter ? 'server' : 'not-sent'],
        [{ kind: 'no-answer' }, 'server'],
        [{ kind: 'bad-token' }, 'auth'],
        [{ kind: 'content-refused' }, 'invalid'],
      ] as const satisfies readonly (readonly [PlatformFailure, ChannelError['kind']])[];

      it.each(failures)('posting into %j is told apart', async (failure, kind) => {
        harness.failNext?.(failure);
        const error = await rejection(() => post(openCard()));
        expect(error.kind).toBe(kind);
        if (failure.kind !== 'rate-limited') expect(error.retryAfterMs).toBe(0);
        else if (traits.retryAfter) expect(error.retryAfterMs).toBe(7_000);
        else expect(error.retryAfterMs).toBeGreaterThan(0);
        expectNoSecret(error);
      });

      it.each(failures)('updating into %j is told apart', async (failure, kind) => {
        if (!harness.channel.capabilities.update) return;
        const ref = await post(openCard());
        harness.failNext?.(failure);
        const error = await rejection(() => harness.channel.update(ref, claimedCard()));
        expect(error.kind).toBe(kind);
        expectNoSecret(error);
      });

      it('works again after a failure', async () => {
        harness.failNext?.({ kind: 'rate-limited', retryAfterMs: 7_000 });
        await rejection(() => post(openCard()));
        await post(openCard());
        expect(await harness.messages()).toHaveLength(1);
      });

      it('does not double a post that arrived without an answer', async () => {
        harness.failNext?.({ kind: 'no-answer' });
        const { channel } = harness;
        const error = await rejection(() => post(openCard()));
        // A channel that cannot tell says so, and the queue does not try again by itself.
        if (!channel.capabilities.idempotentPost && !channel.capabilities.find) {
          expect(error.kind).toBe('server');
          expect(await harness.messages()).toHaveLength(1);
          return;
        }
        const found = channel.capabilities.find
          ? await channel.find(deliveryId, people.recipient)
          : await post(openCard());
        const messages = await harness.messages();
        expect(messages).toHaveLength(1);
        expect(messages[0]?.ref).toEqual(found);
      });
    });

    describeWhere(traits.inbound, 'inbound', () => {
      const inbound = () => {
        if (harness.inbound === null) throw new Error('The harness has no inbound part.');
        return harness.inbound;
      };
      const posted = async (): Promise<SeenMessage> => {
        await post(openCard());
        const [message] = await harness.messages();
        if (message === undefined) throw new Error('Nothing was posted.');
        return message;
      };

      it.each([...openCard().buttons, ...openCard().menu])(
        'brings the action of $label back as it was',
        async ({ label, action }) => {
          const sent = await inbound().click(await posted(), label, people.recipient);
          await inbound().settled();
          expect(sent.status).toBe(200);
          expect(interacted).toEqual([
            {
              personCode: people.recipient.code,
              through: harness.channel.name,
              interaction: { kind: 'button', action },
            },
          ]);
        },
      );

      it('takes the person for who they are on the platform', async () => {
        await inbound().click(await posted(), '认领', people.other);
        await inbound().settled();
        expect(interacted.map((one) => one.personCode)).toEqual([people.other.code]);
      });

      it('answers a refusal only to whoever clicked', async () => {
        replies = [{ kind: 'refused', text: '已经由韩梅梅认领。' }];
        await inbound().click(await posted(), '认领', people.other);
        await inbound().settled();
        expect((await inbound().privateTexts(people.other)).join()).toContain('已经由韩梅梅认领。');
        expect(await inbound().privateTexts(people.recipient)).toEqual([]);
        const [message] = await harness.messages();
        expect(message?.text).not.toContain('已经由韩梅梅认领。');
      });

      it('shows a private card privately', async () => {
        replies = [{ kind: 'card', card: { ...openCard(), title: '记录' } }];
        await inbound().click(await posted(), '记录', people.recipient);
        await inbound().settled();
        expect((await inbound().privateTexts(people.recipient)).join()).toContain('记录');
        expect(await harness.messages()).toHaveLength(1);
      });

      it('has a private sentence for an unexpected error, without its details', async () => {
        replies = [new Error('connect ECONNREFUSED secret-host')];
        const sent = await inbound().click(await posted(), '认领', people.recipient);
        await inbound().settled();
        expect(sent.status).toBe(200);
        const texts = (await inbound().privateTexts(people.recipient)).join();
        expect(texts).not.toBe('');
        expect(texts).not.toContain('secret-host');
      });

      it('has a private word for somebody nobody is linked to', async () => {
        const sent = await inbound().click(await posted(), '认领', null);
        await inbound().settled();
        expect(sent.status).toBe(200);
        expect(interacted).toEqual([]);
        expect((await inbound().privateTexts(null)).join()).toContain('Tagwarden');
      });

      it('refuses a forged click at the door', async () => {
        const sent = await inbound().forgeClick(await posted(), '认领', people.recipient);
        await inbound().settled();
        expect(sent.status).toBe(401);
        expect(interacted).toEqual([]);
        expect(refusedAtDoor).toHaveLength(1);
        for (const secret of harness.secrets) expect(refusedAtDoor.join()).not.toContain(secret);
      });

      it('does nothing twice when a click is sent again', async () => {
        const sent = await inbound().click(await posted(), '认领', people.recipient);
        await inbound().settled();
        await sent.again();
        await inbound().settled();
        expect(interacted).toHaveLength(1);
      });

      it('hands words over as they were said', async () => {
        await inbound().say('检查 C-10293 +黑名单 & <b>', people.recipient);
        await inbound().settled();
        expect(interacted.map((one) => one.interaction)).toEqual([
          { kind: 'words', text: '检查 C-10293 +黑名单 & <b>' },
        ]);
        expect(await inbound().privateTexts(people.recipient)).not.toEqual([]);
      });

      it('brings every kind of field of a form back', async () => {
        replies = [{ kind: 'form', form: sampleForm }];
        await inbound().click(await posted(), '不是冲突…', people.recipient);
        await inbound().settled();
        const form = await inbound().openForm(people.recipient);
        expect(form?.title).toContain(sampleForm.title);
        expect(form?.text).toContain('37 位客户 <!channel>');
        expect(form?.fields.map((field) => field.id)).toEqual(
          sampleForm.fields.map((field) => field.id),
        );
        const fields = {
          reason: 'other',
          person: 'lin-tao',
          comment: '第一行\n<@U0LOST> & *b*',
          until: '2026-12-24',
        };
        await inbound().submit(fields, people.recipient);
        await inbound().settled();
        expect(interacted.at(-1)?.interaction).toEqual({
          kind: 'form',
          action: sampleForm.action,
          fields,
        });
      });

      it('puts the next form in the place of the one that was submitted', async () => {
        replies = [
          { kind: 'form', form: sampleForm },
          { kind: 'form', form: confirmForm },
          { kind: 'done', text: '修复已开始。' },
        ];
        await inbound().click(await posted(), '修复…', people.recipient);
        await inbound().settled();
        await inbound().submit(
          { reason: 'other', person: 'lin-tao', comment: '说明', until: '2026-12-24' },
          people.recipient,
        );
        await inbound().settled();
        const form = await inbound().openForm(people.recipient);
        expect(form?.title).toContain(confirmForm.title);
        await inbound().submit({}, people.recipient);
        await inbound().settled();
        expect(interacted.at(-1)?.interaction).toEqual({
          kind: 'form',
          action: confirmForm.action,
          fields: {},
        });
        expect(await inbound().openForm(people.recipient)).toBeNull();
        expect((await inbound().privateTexts(people.recipient)).join()).toContain('修复已开始。');
      });

      it('never changes the shared card by itself', async () => {
        const before = await posted();
        replies = [{ kind: 'form', form: sampleForm }];
        await inbound().click(before, '修复…', people.recipient);
        await inbound().settled();
        expect(await harness.messages()).toEqual([before]);
      });
    });

    function expectNoSecret(error: Error): void {
      const said = `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)}`;
      for (const secret of harness.secrets) expect(said).not.toContain(secret);
      for (const customer of ['华东机电', 'C-10293']) expect(said).not.toContain(customer);
    }
  });
}

function platformId(person: Person, channel: Channel['name']): string | null {
  switch (channel) {
    case 'inbox':
      return person.code;
    case 'slack':
      return person.slackUserId;
    case 'feishu':
      return person.feishuOpenId;
    case 'email':
      return person.email;
  }
}

async function rejection(attempt: () => Promise<unknown>): Promise<ChannelError> {
  const outcome = await attempt().then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof ChannelError) return outcome;
  throw new Error('Expected a ChannelError.', { cause: outcome ?? 'It went through.' });
}

/** What must be readable of a card wherever it is shown. */
function cardWords(card: Card): readonly string[] {
  return [
    card.title,
    card.status,
    ...card.blocks.flatMap((block) => {
      switch (block.kind) {
        case 'text':
        case 'note':
          return block.text.map((inline) => ('text' in inline ? inline.text : inline.name));
        case 'facts':
          return block.facts.flatMap((fact) => [
            fact.label,
            ...fact.value.map((inline) => ('text' in inline ? inline.text : inline.name)),
          ]);
        case 'list':
          return [
            block.title,
            ...block.items.flatMap((item) =>
              item.map((inline) => ('text' in inline ? inline.text.trim() : inline.name)),
            ),
            block.more ?? '',
          ];
        case 'picture':
          return [block.title, block.alt];
        case 'divider':
          return [];
      }
    }),
  ];
}

function cardLabels(card: Card): readonly string[] {
  return [...card.buttons, ...card.menu].map((button) => button.label).sort();
}

/** A part of the contract, where the channel has it. */
function describeWhere(applies: boolean, name: string, body: () => void): void {
  if (applies) describe(name, body);
}
