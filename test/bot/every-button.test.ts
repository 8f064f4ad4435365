import { describe, expect, it } from 'vitest';
import type { Action } from '../../bot/actions.ts';
import { warningCard } from '../../bot/cards/warning.ts';
import { decodeClick } from '../../bot/feishu/click.ts';
import { renderCard as renderForFeishu } from '../../bot/feishu/render.ts';
import { decodeAction, renderCard as renderForSlack } from '../../bot/slack/render.ts';
import type { WarningView } from '../../bot/views.ts';
import { permission, type WarningAction } from '../../domain/rights.ts';
import type { WarningState } from '../../domain/warning.ts';
import { clickables as onFeishu } from '../support/feishu-reader.ts';
import type { FeishuNode } from '../support/feishu-server.ts';
import { createTestInteract } from '../support/interact.ts';
import { clickables as onSlack } from '../support/slack-reader.ts';
import type { SlackNode } from '../support/slack-server.ts';
import {
  buildFixView,
  buildWarningView,
  sampleNowMs,
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
const cases = Object.entries(states).flatMap(([state, all]) =>
  all.flatMap((overrides, index) =>
    readers.map((reader) => [`${state} ${index + 1}`, reader, overrides] as const),
  ),
);

/** The right that a button stands for; null: looking is free. */
function rightOf({ kind }: Action): WarningAction | null {
  if (kind === 'still-on-it') return 'claim';
  if (kind.startsWith('show-') || kind === 'turn-off-auto-fix') return null;
  return kind.replace('open-', '') as WarningAction;
}

function actionsFor(view: WarningView, reader: string) {
  const card = warningCard(view, samplePerson(reader), {
    publicUrl: samplePublicUrl,
    nowMs: sampleNowMs,
  });
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

const sorted = (actions: readonly unknown[]) =>
  actions.map((action) => JSON.stringify(action)).toSorted();

describe('every button of a warning', () => {
  it.each(cases)(
    '%s, for %s, comes back from both platforms and is let through',
    async (_state, reader, overrides) => {
      const view = buildWarningView(overrides);
      const { drawn, slack, feishu } = actionsFor(view, reader);
      expect(sorted(slack)).toEqual(sorted(drawn));
      expect(sorted(feishu)).toEqual(sorted(drawn));
      const { act } = createTestInteract({ views: { warning: async () => view } });
      for (const action of drawn) {
        const reply = await act(samplePerson(reader), { kind: 'button', action });
        expect(['form', 'card', 'done'], action.kind).toContain(reply.kind);
        if (!action.kind.startsWith('open-') && !action.kind.startsWith('show-')) {
          const right = rightOf(action);
          if (right === null) continue;
          const { kind } = permission(samplePerson(reader), view.warning, right, view.deputyCode);
          expect(kind, action.kind).toBe('allowed');
        }
      }
    },
  );

  it.each(cases)(
    '%s: what %s may not do is refused where another one may',
    async (_state, reader, overrides) => {
      const view = buildWarningView(overrides);
      const own = sorted(actionsFor(view, reader).drawn);
      const others = readers.flatMap((other) => actionsFor(view, other).drawn);
      const { act } = createTestInteract({ views: { warning: async () => view } });
      for (const action of others) {
        const right = rightOf(action);
        if (own.includes(JSON.stringify(action)) || right === null) continue;
        const { kind } = permission(samplePerson(reader), view.warning, right, view.deputyCode);
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
