import { assertNever } from '../../domain/assert-never.ts';
import type { Contradiction } from '../../domain/requests/contradictions.ts';
import { topicOf } from '../../domain/requests/topic.ts';
import { maySeeTag } from '../../domain/rights.ts';
import { plain, type Block } from '../card.ts';
import { contradictionWords } from '../texts/contradictions.ts';
import { requestWords } from '../texts/request-words.ts';
import { nameIn, personName, shorten } from '../texts/texts.ts';
import type { RequestPreview } from '../views.ts';
import type { Pen } from './context.ts';
import { requestSubject } from './request-title.ts';

const shownMax = 8;

/** Where a proposal does not go together with what is there; of tags that are hidden from the reader nothing is said. */
export function contradictionBlocks(preview: RequestPreview, pen: Pen): readonly Block[] {
  const { moreItems } = pen.texts;
  const lines = contradictionsFor(preview, pen).map(({ words }) => words);
  if (lines.length === 0) return [];
  const shown = lines.slice(0, shownMax);
  return [
    {
      kind: 'list',
      title: contradictionWords[pen.reader.locale].title,
      items: shown.map((line) => [plain(line)]),
      more: lines.length > shown.length ? moreItems(lines.length - shown.length) : null,
    },
  ];
}

/** One sentence each, without a full stop, in the reader's words; what is hidden from the reader is left out. */
export function contradictionsFor(
  preview: RequestPreview,
  pen: Pen,
): readonly { readonly kind: Contradiction['kind']; readonly words: string }[] {
  return preview.contradictions
    .filter(({ sensitiveTags }) =>
      sensitiveTags.every((tag) => maySeeTag(pen.reader, tag, preview.people)),
    )
    .map(({ found }) => ({ kind: found.kind, words: contradictionLine(found, preview, pen) }));
}

function contradictionLine(found: Contradiction, preview: RequestPreview, pen: Pen): string {
  const { locale } = pen.reader;
  const words = contradictionWords[locale];
  const plainTag = (code: string) => {
    const tag = preview.tags.get(code);
    return tag === undefined ? shorten(code, 60) : nameIn(locale, tag.name);
  };
  const tag = (code: string) => pen.texts.quote(plainTag(code));
  const rule = (code: string) => {
    const known = preview.rules.get(code);
    return pen.texts.quote(known === undefined ? shorten(code, 60) : nameIn(locale, known.name));
  };
  const path = (codes: readonly string[]) => codes.map(tag).join(' → ');
  switch (found.kind) {
    case 'excluded-and-same':
    case 'removed-and-same': {
      const [one, other] = found.tagCodes;
      const saying = found.ruleCode === null ? null : rule(found.ruleCode);
      return found.kind === 'excluded-and-same'
        ? words.excludedAndSame(tag(one), tag(other), saying)
        : words.removedAndSame(tag(one), tag(other), saying);
    }
    case 'excluded-and-implied':
    case 'removed-and-implied': {
      const [one, other] = found.tagCodes;
      return found.kind === 'excluded-and-implied'
        ? words.excludedAndImplied(tag(found.tagCode), tag(one), tag(other))
        : words.removedAndImplied(tag(found.tagCode), tag(one), tag(other));
    }
    case 'removed-in-a-circle':
      return words.removedInACircle(path(found.tagCodes));
    case 'succeeded-in-a-circle':
      return words.succeededInACircle(path(found.tagCodes));
    case 'rule-needs-tag':
      return words.ruleNeedsTag(rule(found.ruleCode), tag(found.tagCode));
    case 'rule-needs-part':
      return words.ruleNeedsPart(
        rule(found.ruleCode),
        tag(found.tagCode),
        requestWords[locale].part[found.part],
      );
    case 'tag-needs-tag':
      return words.tagNeedsTag[found.as](tag(found.tagCode), tag(found.neededCode));
    case 'tag-out-of-use':
      return words.tagOutOfUse(tag(found.tagCode));
    case 'rule-twin':
      return words.ruleTwin(rule(found.ruleCode));
    case 'open-request':
    case 'applied-request': {
      const { requestId, proposal, requesterCode } = found;
      const state = found.kind === 'applied-request' ? 'applied' : found.state;
      const who = personName(requesterCode, preview.people, locale);
      const topic = requestWords[locale].topic[topicOf(proposal)];
      const subject = requestSubject(proposal, locale, plainTag);
      const title = `${topic}${pen.texts.colon}${subject}`;
      return words.otherRequest[state](`#${requestId}`, title, who);
    }
    default:
      return assertNever(found);
  }
}
