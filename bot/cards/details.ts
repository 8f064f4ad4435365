import type { Person } from '../../domain/person.ts';
import { isAboutDictionary } from '../../domain/rules/registry.ts';
import { plain, type Block, type Card } from '../card.ts';
import type { WarningView } from '../views.ts';
import { createPen, warningUrl, type CardContext, type Pen } from './context.ts';
import {
  causeBlocks,
  exampleInlines,
  factsBlock,
  moreExamples,
  problemBlocks,
  warningCard,
} from './warning.ts';
import {
  affectedWords,
  resolutionWords,
  ruleFacts,
  statusWords,
  tagNames,
} from './warning-words.ts';

const examplesMax = 10;

/** More about a warning than its card says: why it matters, what to do, more customers. Private to the asker. */
export function detailsCard(view: WarningView, reader: Person, context: CardContext): Card {
  const pen = createPen(reader, context);
  const { details } = pen.texts;
  const title = details.title(view.warning.id);
  const card = warningCard(view, reader, context);
  return {
    ...card,
    title: `${title} · ${card.title}`,
    status: statusWords(view, pen),
    blocks: [
      ...problemBlocks(view, pen),
      adviceBlock(view, pen),
      ...resolutionBlocks(view, pen),
      factsBlock(view, pen),
      numbersBlock(view, pen),
      ...exampleBlocks(view, pen),
      ...causeBlocks(view.cause, pen),
    ],
    buttons: [],
    menu: [],
    url: warningUrl(pen, view.warning.id),
    summary: title,
  };
}

function adviceBlock(view: WarningView, pen: Pen): Block {
  const words = pen.texts.rule[view.rule.kind];
  const facts = ruleFacts(view, pen);
  const { details } = pen.texts;
  return {
    kind: 'facts',
    facts: [
      { label: details.why, value: [plain(words.why(facts))] },
      { label: details.advice, value: [plain(words.advice(facts))] },
    ],
  };
}

function resolutionBlocks(view: WarningView, pen: Pen): readonly Block[] {
  if (view.resolutions.length === 0) return [];
  const { texts } = pen;
  const names = tagNames(view, pen);
  return [
    {
      kind: 'list',
      title: texts.details.resolutions,
      items: view.resolutions.map((resolution, index) => [
        plain(
          `${texts.asLabel(resolutionWords(resolution, names, pen))}${index === 0 ? texts.parentheses(texts.recommended) : ''}`,
        ),
      ]),
      more: null,
    },
  ];
}

function numbersBlock(view: WarningView, pen: Pen): Block {
  const { warning, rule } = view;
  const { details } = pen.texts;
  const facts = [
    { label: details.opened, value: [plain(pen.format.dateTime(warning.openedAtMs))] },
    {
      label: isAboutDictionary(rule) ? details.tags : details.customers,
      value: [plain(affectedWords(view, warning.customers, pen))],
    },
    { label: details.ruleCode, value: [plain(rule.code)] },
  ];
  if (view.muted.length > 0) {
    const findings = view.muted.reduce((sum, muted) => sum + muted.findings, 0);
    facts.push({ label: details.muted, value: [plain(details.mutedFindings(findings))] });
  }
  if (warning.snoozes > 0) {
    facts.push({
      label: details.snoozes,
      value: [plain(details.snoozedTimes(warning.snoozes))],
    });
  }
  return { kind: 'facts', facts };
}

function exampleBlocks(view: WarningView, pen: Pen): readonly Block[] {
  if (view.examples.length === 0) return [];
  const shown = view.examples.slice(0, examplesMax);
  const more = Math.max(view.warning.customers, view.examples.length) - shown.length;
  return [
    {
      kind: 'list',
      title: pen.texts.card.examples,
      items: shown.map((example) => exampleInlines(example, pen)),
      more: more > 0 ? moreExamples(view, more, pen) : null,
    },
  ];
}
