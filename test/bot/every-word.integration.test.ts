import { afterEach, describe, expect, it } from 'vitest';
import { spellings, type Verb } from '../../bot/conversation.ts';
import { createFeishuInbound } from '../../bot/feishu/inbound.ts';
import type { InboundDependencies } from '../../bot/interaction.ts';
import { createSlackInbound } from '../../bot/slack/inbound.ts';
import { preferenceTexts } from '../../bot/texts/preferences.ts';
import { quietHoursFacts } from '../../bot/quiet-hours.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import { daysOf } from '../../domain/preference.ts';
import { locales, type Locale } from '../../domain/locale.ts';
import { readCard } from '../support/feishu-reader.ts';
import { startFeishuServer } from '../support/feishu-server.ts';
import { createTestInteract } from '../support/interact.ts';
import { createMemoryEvents } from '../support/memory-events.ts';
import { readBlocks } from '../support/slack-reader.ts';
import { startSlackServer, type SlackNode } from '../support/slack-server.ts';
import { sampleNowMs, samplePerson } from '../support/views.ts';

const token = 'xoxb-words';
const signingSecret = 'words-signing-secret';
const account = { appId: 'cli_0123456789abcdef', appSecret: 'words-app-secret' };
const keys = { encryptKey: 'words-encrypt-key', verificationToken: 'words-token' };

const results = {
  checkTags: { kind: 'checked', allowed: true, findings: [], advice: [] },
  createSignInLink: { kind: 'done', token: 'a', expiresAtMs: sampleNowMs + 900_000 },
};

/** What is said after a verb that is of no use alone. */
const said: Partial<Readonly<Record<Verb, string>>> = {
  check: 'C-10293 +黑名单',
  search: '高价值',
  'quiet-hours': '22:00-8:00',
  language: 'English',
};

const quietHours = { fromMinute: 1320, untilMinute: 480, days: daysOf('every-day') };

/** A phrase of the right answer in the asker's language. */
function answerTo(verb: Verb, locale: Locale): string {
  const texts = textsFor(locale);
  const answers: Readonly<Record<Verb, string>> = {
    inbox: texts.inbox.title,
    check: texts.check.title('C-10293', '黑名单'),
    request: texts.form.request.title,
    search: texts.search.title('高价值'),
    scan: texts.reply.scanStarted(1),
    digest: texts.reply.digestSent,
    assessment: texts.assessment.own,
    contest: texts.assessment.nothingToContest,
    preferences: preferenceTexts[locale].title,
    'quiet-hours': preferenceTexts[locale].quietSet(quietHoursFacts(quietHours)),
    language: preferenceTexts.en.languageSet,
    'sign-in': texts.signIn.title,
    help: texts.help.intro,
  };
  return answers[verb];
}

/** Verbs in one language with what follows them, and which verb each is. */
function wordsIn(locale: Locale): readonly (readonly [words: string, verb: Verb])[] {
  return Object.entries(spellings).flatMap(([name, all]) => {
    const verb = name as Verb;
    return all
      .filter((word) => /\p{Script=Han}/u.test(word) === (locale === 'zh-CN') || word === '?')
      .map((word) => [[word, ...(said[verb] ?? '').split(' ')].join(' ').trim(), verb] as const);
  });
}

interface Chat {
  /** Says it one way, and answers everything that the asker alone was shown then. */
  readonly say: (way: Way, words: string) => Promise<string>;
  /** What others could see. */
  readonly seenByOthers: () => readonly unknown[];
  readonly close: () => Promise<void>;
}

type Way = 'directly' | 'in a group' | 'by command or menu';
const ways: readonly Way[] = ['directly', 'in a group', 'by command or menu'];

function dependenciesFor(locale: Locale): InboundDependencies {
  const person = { ...samplePerson('li-lei'), locale };
  const { act } = createTestInteract({ results });
  return {
    interact: (asker, _through, interaction) => act(asker, interaction),
    suggest: async () => [],
    findPerson: async () => person,
    events: createMemoryEvents().events,
    meet: async () => {},
    refuseAtDoor: async () => {},
    now: () => Date.now(),
  };
}

async function startSlack(locale: Locale): Promise<Chat> {
  const userId = String(samplePerson('li-lei').slackUserId);
  const server = await startSlackServer({
    token,
    signingSecret,
    userIds: [userId],
    deliver: (request) => inbound.handle(request),
  });
  const inbound = createSlackInbound(dependenciesFor(locale), {
    token,
    signingSecret,
    apiUrl: server.apiUrl,
    onError: (error) => {
      throw error;
    },
  });
  const direct = server.conversationOf(userId);
  const isPrivate = ({ channel, onlyFor }: (typeof server.messages)[number]) =>
    channel === direct || onlyFor === userId;
  let sent = 0;
  return {
    say: async (way, words) => {
      const before = server.messages.length;
      server.views.clear();
      const message = { user: userId, text: words, ts: `1.${(sent += 1)}` };
      const event = { type: 'message', channel_type: 'im', channel: direct, ...message };
      if (way === 'directly') await server.sendEvent(event);
      else if (way === 'by command or menu') await server.sendCommand(words, userId);
      else {
        const text = `<@U0BOT> ${words}`;
        await server.sendEvent({ type: 'app_mention', channel: 'C0GENERAL', ...message, text });
      }
      await inbound.settled();
      const shown = server.messages.slice(before).filter(isPrivate);
      return [
        ...shown.map(({ blocks }) => readBlocks(blocks)),
        ...[...server.views.values()].map(({ view }) => JSON.stringify(view)),
      ].join('\n');
    },
    seenByOthers: () => server.messages.filter((message) => !isPrivate(message)),
    close: async () => {
      await inbound.stop();
      await server.close();
    },
  };
}

async function startFeishu(locale: Locale): Promise<Chat> {
  const openId = String(samplePerson('li-lei').feishuOpenId);
  const server = await startFeishuServer({
    ...account,
    ...keys,
    openIds: [openId],
    deliver: (request) => inbound.handleEvents(request),
  });
  const inbound = createFeishuInbound(dependenciesFor(locale), {
    ...account,
    ...keys,
    domain: server.origin,
    mode: 'webhook',
    onError: (error) => {
      throw error;
    },
  });
  const bot = { key: '@_user_1', name: 'Tagwarden', id: { open_id: 'ou_bot', user_id: '' } };
  const group: SlackNode = { chat_type: 'group', chat_id: 'oc_group', mentions: [bot] };
  return {
    say: async (way, words) => {
      const before = server.messages.length;
      if (way === 'directly') await server.send(server.messagePayload(words, openId));
      else if (way === 'in a group') {
        await server.send(server.messagePayload(`@_user_1 ${words}`, openId, group));
      } else {
        const event = { operator: { operator_id: { open_id: openId } }, event_key: words };
        await server.send(server.eventPayload('application.bot.menu_v6', event));
      }
      await inbound.settled();
      return server.messages
        .slice(before)
        .filter((message) => message.openId === openId)
        .map(({ card }) => readCard(card))
        .join('\n');
    },
    seenByOthers: () => server.messages.filter((message) => message.openId !== openId),
    close: async () => {
      await inbound.stop();
      await server.close();
    },
  };
}

const platforms = { Slack: startSlack, Feishu: startFeishu } as const;
let chat: Chat | null = null;
afterEach(async () => {
  await chat?.close();
  chat = null;
});

describe.each(Object.entries(platforms))('on %s', (_platform, start) => {
  it.each(locales.flatMap((locale) => ways.map((way) => [locale, way] as const)))(
    'every word in %s said %s has its answer, which nobody else sees',
    async (locale, way) => {
      chat = await start(locale);
      const words = wordsIn(locale);
      expect(new Set(words.map(([, verb]) => verb)).size).toBe(Object.keys(spellings).length);
      for (const [asked, verb] of words) {
        const answer = await chat.say(way, asked);
        expect(answer, asked).toContain(answerTo(verb, locale));
      }
      expect(chat.seenByOthers()).toEqual([]);
    },
  );

  it.each(locales)('what means nothing is answered with help in %s', async (locale) => {
    chat = await start(locale);
    for (const way of ways) {
      expect(await chat.say(way, '今天天气怎么样 xyzzy')).toContain(textsFor(locale).help.unknown);
    }
    expect(chat.seenByOthers()).toEqual([]);
  });

  it.each(locales)('help in %s is of words that are understood', async (locale) => {
    chat = await start(locale);
    const { help } = textsFor(locale);
    expect(new Set(help.commands.map(({ verb }) => verb))).toEqual(new Set(Object.keys(spellings)));
    for (const { words } of help.commands) {
      expect(await chat.say('directly', words), words).not.toContain(help.unknown);
    }
  });
});
