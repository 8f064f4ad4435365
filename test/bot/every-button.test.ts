import { describe, expect, it } from 'vitest';
import type { Action } from '../../bot/actions.ts';
import type { Card } from '../../bot/card.ts';
import { requestCard } from '../../bot/cards/request.ts';
import { warningCard } from '../../bot/cards/warning.ts';
import { decodeClick } from '../../bot/feishu/click.ts';
import { renderCard as renderForFeishu } from '../../bot/feishu/render.ts';
import { decodeAction, renderCard as renderForSlack } from '../../bot/slack/render.ts';
import type { RequestView, WarningView } from '../../bot/views.ts';
import {
  doorRefusal,
  standsInFor,
  talkRefusal,
  voteRefusal,
  withdrawalRefusal,
  type RequestState,
} from '../../domain/request.ts';
import { permission, type WarningAction } from '../../domain/rights.ts';
import type { WarningState } from '../../domain/warning.ts';
import { clickables as onFeishu } from '../support/feishu-reader.ts';
import type { FeishuNode } from '../support/feishu-server.ts';
import { createTestInteract } from '../support/interact.ts';
import { clickables as onSlack } from '../support/slack-reader.ts';
import type { SlackNode } from '../support/slack-server.ts';
import {
  buildFixView,
  buildRequestView,
  buildWarningView,
  sampleNowMs,
  samplePeople,
  samplePerson,
  samplePublicUrl,
} from '../support/views.ts';

const readers = ['li-lei', 'han-meimei', 'zhao-min', 'wang-fang', 'chen-jing', 'zhou-jie'] as const;
const atMs = sampleNowMs;

/** One of each state, and of each that offers something else; tsc fails where a state is missing. */
const states: Readonly<
  Record<WarningState['kind'], readonly Parameters<typeof buildWarningView>[0][]>
> = {
  open: [{}],
  claimed: [
    { warning: { state: { kind: 'claimed', by: 'li-lei', atMs } } },
    { warning: { state: { kind: 'claimed', by: 'han-meimei', atMs } } },
    { warning: { state: { kind: 'claimed', by: 'li-lei', atMs, answerByMs: atMs + 1 } } },
  ],
  fixing: [{ warning: { state: { kind: 'fixing', by: 'li-lei', fixId: 7 } } }],
  verifying: [{ warning: { state: { kind: 'verifying', by: 'li-lei', fixId: null } } }],
  closed: [
    {
      warning: { state: { kind: 'closed', reason: 'fixed', by: 'li-lei', atMs, fixId: 7 } },
      fix: buildFixView({ state: 'written', undoUntilMs: atMs + 1 }),
    },
    {
      warning: {
        state: { kind: 'closed', reason: 'not-a-conflict', by: 'li-lei', atMs, fixId: null },
      },
    },
  ],
};
const cases = casesOf(states, readers);

/** Each of each state with each reader. */
function casesOf<O, R extends string>(
  all: Readonly<Record<string, readonly O[]>>,
  who: readonly R[],
): readonly (readonly [state: string, reader: R, overrides: O])[] {
  return Object.entries(all).flatMap(([state, some]) =>
    some.flatMap((overrides, index) =>
      who.map((reader) => [`${state} ${index + 1}`, reader, overrides] as const),
    ),
  );
}

/** The right that a button stands for; null: looking is free. */
function rightOf({ kind }: Action): WarningAction | null {
  if (kind === 'still-on-it') return 'claim';
  if (kind.startsWith('show-') || kind === 'turn-off-auto-fix') return null;
  return kind.replace('open-', '') as WarningAction;
}

/** What is drawn, and what comes back from each platform when it is clicked. */
function clicksOn(card: Card) {
  const blocks = renderForSlack(card).blocks as unknown as SlackNode[];
  const slack = onSlack(blocks).map(({ click }) => {
    const option = click['selected_option'] as { readonly value: string } | undefined;
    return decodeAction(option?.value ?? String(click['value']));
  });
  const feishu = onFeishu(JSON.parse(JSON.stringify(renderForFeishu(card))) as FeishuNode).map(
    ({ action }) => {
      const decoded = decodeClick(action);
      return decoded.kind === 'button' ? decoded.action : null;
    },
  );
  return { drawn: [...card.buttons, ...card.menu].map(({ action }) => action), slack, feishu };
}

const context = { publicUrl: samplePublicUrl, nowMs: sampleNowMs };
const onWarning = (view: WarningView, reader: string) =>
  clicksOn(warningCard(view, samplePerson(reader), context));
const onRequest = (view: RequestView, reader: string) =>
  clicksOn(requestCard(view, samplePerson(reader), context));

const sorted = (actions: readonly unknown[]) =>
  actions.map((action) => JSON.stringify(action)).toSorted();

describe('every button of a warning', () => {
  it.each(cases)(
    '%s, for %s, comes back from both platforms and is let through',
    async (_state, reader, overrides) => {
      const view = buildWarningView(overrides);
      const { drawn, slack, feishu } = onWarning(view, reader);
      expect(sorted(slack)).toEqual(sorted(drawn));
      expect(sorted(feishu)).toEqual(sorted(drawn));
      const { act } = createTestInteract({ views: { warning: async () => view } });
      for (const action of drawn) {
        const reply = await act(samplePerson(reader), { kind: 'button', action });
        expect(['form', 'card', 'done'], action.kind).toContain(reply.kind);
        if (!action.kind.startsWith('open-') && !action.kind.startsWith('show-')) {
          const right = rightOf(action);
          if (right === null) continue;
          const { kind } = permission(samplePerson(reader), view.warning, right, {
            deputyCode: view.deputyCode,
            owner: view.people.get(view.warning.ownerCode),
          });
          expect(kind, action.kind).toBe('allowed');
        }
      }
    },
  );

  it.each(cases)(
    '%s: what %s may not do is refused where another one may',
    async (_state, reader, overrides) => {
      const view = buildWarningView(overrides);
      const own = sorted(onWarning(view, reader).drawn);
      const others = readers.flatMap((other) => onWarning(view, other).drawn);
      const { act } = createTestInteract({ views: { warning: async () => view } });
      for (const action of others) {
        const right = rightOf(action);
        if (own.includes(JSON.stringify(action)) || right === null) continue;
        const { kind } = permission(samplePerson(reader), view.warning, right, {
          deputyCode: view.deputyCode,
          owner: view.people.get(view.warning.ownerCode),
        });
        // Of several who may, only whoever claimed it is offered everything.
        if (kind === 'allowed') {
          expect(view.warning.state.kind, action.kind).toBe('claimed');
          continue;
        }
        if (!action.kind.startsWith('open-')) continue;
        const reply = await act(samplePerson(reader), { kind: 'button', action });
        expect(reply.kind, action.kind).toBe('refused');
      }
    },
  );
});

const requestReaders = [
  'zhou-jie',
  'han-meimei',
  'wang-fang',
  'jane-smith',
  'li-lei',
  'lin-tao',
  'chen-jing',
] as const;
type RequestOverrides = NonNullable<Parameters<typeof buildRequestView>[0]>;

const question = {
  id: 2,
  kind: 'question',
  by: 'han-meimei',
  text: '联名账户算不算？',
  atMs: atMs - 1,
} as const;
const terms = {
  seats: ['han-meimei', 'wang-fang', 'zhao-min', 'jane-smith'].map((code) => ({
    code,
    personCodes: [code],
  })),
  ownerCodes: ['zhao-min'],
  chair: { code: 'han-meimei', withinMs: 86_400_000 },
  consoleOnly: false,
} as const;
const away = new Map(samplePeople).set('han-meimei', {
  ...samplePerson('han-meimei'),
  deputyCode: 'lin-tao',
  absences: [{ fromMs: 0, untilMs: atMs + 1 }],
});
const recused = [{ by: 'jane-smith', ballot: 'recuse', comment: '', atMs: atMs - 1 }] as const;
const appliedAt = { kind: 'applied', atMs } as const;
const merged = {
  request: {
    proposal: { kind: 'merge-tags', fromCode: 'vip', intoCode: 'high-value' },
    state: appliedAt,
  },
} as const;

/** As above, of requests. */
const requestStates: Readonly<Record<RequestState['kind'], readonly RequestOverrides[]>> = {
  voting: [
    {},
    { messages: [question] },
    { request: { votes: recused } },
    { people: away },
    { request: { dueAtMs: atMs } },
    { request: { state: { kind: 'voting', chair: 'tie' }, terms } },
    { request: { terms: { ...terms, consoleOnly: true } } },
  ],
  applying: [{ request: { state: { kind: 'applying' } } }],
  applied: [
    { request: { state: appliedAt } },
    { ...merged, fix: buildFixView({ requestedBy: 'zhou-jie' }) },
    { ...merged, fix: buildFixView({ requestedBy: 'zhou-jie', undoUntilMs: atMs - 1 }) },
    { ...merged, fix: buildFixView({ requestedBy: 'zhou-jie', state: 'undone' }) },
  ],
  rejected: [{ request: { state: { kind: 'rejected', atMs, reason: 'votes' } } }],
  expired: [{ request: { state: { kind: 'expired', atMs } } }],
  withdrawn: [{ request: { state: { kind: 'withdrawn', atMs } } }],
  failed: [{ request: { state: { kind: 'failed', atMs, detail: 'tag vip is gone' } } }],
};
const requestCases = casesOf(requestStates, requestReaders);

/** Whatever stands on the card of anybody in any state. */
const everyRequestAction = [
  ...new Map(
    requestCases
      .flatMap(([, reader, overrides]) => onRequest(buildRequestView(overrides), reader).drawn)
      .map((action) => [JSON.stringify(action), action]),
  ).values(),
];

/** Why the domain refuses a button of a request to somebody; null where it does not. */
function refusalOf(action: Action, view: RequestView, reader: string) {
  const { request, fix, people } = view;
  const person = people.get(reader) ?? samplePerson(reader);
  if (action.kind === 'undo') {
    return person.roles.includes('data-admin') || fix?.requestedBy === reader
      ? null
      : { kind: 'not-responsible' };
  }
  if (!('requestId' in action)) throw new Error(`${action.kind} is on no request's card.`);
  switch (action.kind) {
    case 'open-vote': {
      const inPlaceOf = standsInFor(request, person, { people, atMs });
      const cast = { by: reader, ballot: action.ballot, atMs };
      return (
        voteRefusal(request, inPlaceOf === null ? cast : { ...cast, inPlaceOf }) ??
        doorRefusal(request, 'slack')
      );
    }
    case 'withdraw-request':
    case 'open-withdraw-request':
      return withdrawalRefusal(request, person, people);
    case 'open-ask':
      return talkRefusal(request, { person, kind: 'question', people });
    case 'open-answer':
      return talkRefusal(request, { person, kind: 'answer', people });
    case 'open-request-comment':
      return talkRefusal(request, { person, kind: 'comment', people });
    case 'show-request-history':
      return null;
  }
}

describe('every button of a request', () => {
  it.each(requestCases)(
    '%s, for %s, comes back from both platforms and is let through',
    async (_state, reader, overrides) => {
      const view = buildRequestView(overrides);
      const { drawn, slack, feishu } = onRequest(view, reader);
      expect(sorted(slack)).toEqual(sorted(drawn));
      expect(sorted(feishu)).toEqual(sorted(drawn));
      const { act } = createTestInteract({ views: { request: async () => view } });
      for (const action of drawn) {
        expect(refusalOf(action, view, reader), action.kind).toBeNull();
        const reply = await act(samplePerson(reader), { kind: 'button', action });
        expect(['form', 'card', 'done'], action.kind).toContain(reply.kind);
      }
    },
  );

  it.each(requestCases)(
    '%s: what %s may not do, and another one or another state may, is refused',
    async (_state, reader, overrides) => {
      const view = buildRequestView(overrides);
      const own = sorted(onRequest(view, reader).drawn);
      const { act } = createTestInteract({ views: { request: async () => view } });
      for (const action of everyRequestAction) {
        if (own.includes(JSON.stringify(action)) || !action.kind.startsWith('open-')) continue;
        const reply = await act(samplePerson(reader), { kind: 'button', action });
        const refusal = refusalOf(action, view, reader);
        const isOpen = action.kind !== 'open-answer' || view.messages.length > 0;
        expect(reply.kind, action.kind).toBe(refusal === null && isOpen ? 'form' : 'refused');
      }
    },
  );
});

it('a vote that the policy wants in the console is offered there and nowhere else', () => {
  const view = buildRequestView({ request: { terms: { ...terms, consoleOnly: true } } });
  const member = samplePerson('han-meimei');
  const ballots = (card: Card) =>
    [...card.buttons, ...card.menu].filter(({ action }) => action.kind === 'open-vote').length;
  expect(ballots(requestCard(view, member, context))).toBe(0);
  expect(ballots(requestCard(view, member, { ...context, inConsole: true }))).toBe(4);
});
