import type { DeliveryPurpose } from '../channel.ts';
import type { Person } from '../../domain/person.ts';
import { severities, type Severity } from '../../domain/severity.ts';
import { plain, strong, type Block, type Card, type Tint } from '../card.ts';
import { nameIn } from '../texts/texts.ts';
import type { FloodView } from '../views.ts';
import { createPen, warningUrl, type CardContext, type Pen } from './context.ts';

const tints: Readonly<Record<Severity, Tint>> = { high: 'red', medium: 'orange', low: 'blue' };
const ruleNameCharsMax = 60;

/** Why a reader gets it. */
export type FloodReason = 'opened' | 'escalated' | 'claim' | 'close' | 'repeat';

export function floodReason(purpose: DeliveryPurpose): FloodReason {
  if (purpose.startsWith('reminder-claim-')) return 'claim';
  if (purpose.startsWith('reminder-close-')) return 'close';
  if (purpose.startsWith('reminder-repeat-')) return 'repeat';
  return purpose === 'owner' ? 'opened' : 'escalated';
}

/** Many warnings of one scan in one card: how many of what, the worst, and where they all are. */
export function floodCard(
  flood: { readonly view: FloodView; readonly reason: FloodReason },
  reader: Person,
  context: CardContext,
): Card {
  const { view, reason } = flood;
  const pen = createPen(reader, context);
  const { texts } = pen;
  const words = texts.flood;
  const worst = severities.find((severity) => view.bySeverity[severity] > 0);
  const title = words.title[reason](view.warnings);
  const status = view.standing === 0 ? words.allClosed : words.left(view.standing);
  return {
    locale: reader.locale,
    tint: worst === undefined ? 'green' : tints[worst],
    title,
    status,
    blocks: view.standing === 0 ? [text(words.allClosedWords(view.warnings))] : blocks(view, pen),
    buttons:
      view.standing === 0
        ? []
        : [
            {
              label: texts.button.inbox,
              style: 'primary',
              action: { kind: 'show-inbox' },
              confirm: null,
            },
          ],
    menu: [],
    outcome: null,
    url: listUrl(view, pen),
    summary: `${title}${texts.colon}${status}`,
  };
}

function blocks(view: FloodView, pen: Pen): readonly Block[] {
  const { texts, format } = pen;
  const words = texts.flood;
  const counted = severities.filter((severity) => view.bySeverity[severity] > 0);
  const due = (label: string, atMs: number | null) =>
    atMs === null ? [] : [{ label, value: [plain(format.dateTime(atMs))] }];
  return [
    { kind: 'text', text: [strong(words.standing(view.standing, view.unclaimed))] },
    {
      kind: 'facts',
      facts: [
        {
          label: words.bySeverity,
          value: [
            plain(
              counted
                .map((one) => `${texts.severity[one]} ${format.number(view.bySeverity[one])}`)
                .join(texts.clauseSeparator),
            ),
          ],
        },
        ...due(words.firstClaimDue, view.claimDueAtMs),
        ...due(words.firstCloseDue, view.closeDueAtMs),
      ],
    },
    ...listBlocks(view, pen),
    { kind: 'note', text: [plain(words.why)] },
  ];
}

function listBlocks(view: FloodView, pen: Pen): readonly Block[] {
  if (view.byRule.length === 0) return [];
  const { texts } = pen;
  const words = texts.flood;
  const rulesShown = view.byRule.reduce((sum, rule) => sum + rule.warnings, 0);
  return [
    {
      kind: 'list',
      title: words.byRule,
      items: view.byRule.map(({ ruleCode, ruleName, warnings }) => [
        {
          kind: 'link',
          text: nameIn(pen.reader.locale, ruleName, ruleNameCharsMax),
          url: `${listUrl(view, pen)}&rule=${encodeURIComponent(ruleCode)}`,
        },
        plain(`${texts.clauseSeparator}${words.count(warnings)}`),
      ]),
      more: view.standing > rulesShown ? words.more(view.standing - rulesShown) : null,
    },
    {
      kind: 'list',
      title: words.worst,
      items: view.worst.map(({ warningId, ruleName, severity, customers }) => [
        plain(`${texts.severity[severity]} · `),
        {
          kind: 'link',
          text: nameIn(pen.reader.locale, ruleName, ruleNameCharsMax),
          url: warningUrl(pen, warningId),
        },
        plain(`${texts.clauseSeparator}${texts.customers(customers)}`),
      ]),
      more:
        view.standing > view.worst.length ? words.more(view.standing - view.worst.length) : null,
    },
  ];
}

function listUrl(view: FloodView, pen: Pen): string {
  return `${pen.publicUrl}/warnings?together=${view.id}`;
}

function text(words: string): Block {
  return { kind: 'text', text: [plain(words)] };
}
