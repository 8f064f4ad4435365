import { assertNever } from '../../domain/assert-never.ts';
import type { Locale } from '../../domain/locale.ts';
import type { RequestProposal } from '../../domain/request.ts';
import { topicOf } from '../../domain/requests/topic.ts';
import { requestWords } from '../texts/request-words.ts';
import { nameIn, shorten, textsFor } from '../texts/texts.ts';
import type { RequestView } from '../views.ts';
import type { Pen } from './context.ts';

/** What is asked for in a few words: the tags, the rule or the warning. `tagName`: of a tag that is there. */
export function requestSubject(
  proposal: RequestProposal,
  locale: Locale,
  tagNameOf: (code: string) => string,
): string {
  const { what } = textsFor(locale).request;
  switch (proposal.kind) {
    case 'create-tag':
      return nameIn(locale, proposal.name);
    case 'change-tag':
      return proposal.after.name === undefined
        ? tagNameOf(proposal.code)
        : what.merge(
            nameIn(locale, proposal.before.name ?? proposal.after.name),
            nameIn(locale, proposal.after.name),
          );
    case 'merge-tags':
      return what.merge(tagNameOf(proposal.fromCode), tagNameOf(proposal.intoCode));
    case 'split-tag':
      return what.merge(
        tagNameOf(proposal.code),
        [proposal.met, proposal.unmet].map(({ name }) => nameIn(locale, name)).join(' + '),
      );
    case 'deprecate-tag':
      return proposal.successorCode === null
        ? tagNameOf(proposal.code)
        : what.merge(tagNameOf(proposal.code), tagNameOf(proposal.successorCode));
    case 'activate-tag':
    case 'retire-tag':
      return tagNameOf(proposal.code);
    case 'change-rule':
      return nameIn(locale, proposal.after.name);
    case 'batch': {
      const { topic } = requestWords[locale];
      const [first] = proposal.items;
      const named = first === undefined ? '' : topic[topicOf(first)];
      return `${named} × ${proposal.items.length}`;
    }
    case 'exception':
      return what.exception(proposal.warningId);
    default:
      return assertNever(proposal);
  }
}

/** Of a tag that the proposal names; its code where it is not there. */
export function tagName(view: Pick<RequestView, 'tags'>, code: string, pen: Pen): string {
  const tag = view.tags.get(code);
  return tag === undefined ? shorten(code, 60) : nameIn(pen.reader.locale, tag.name);
}
