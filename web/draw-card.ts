import type { Card } from '../bot/card.ts';
import { assessmentCard, pointsCard } from '../bot/cards/assessment.ts';
import { digestCard } from '../bot/cards/digest.ts';
import { reviewCard } from '../bot/cards/review.ts';
import { itemsFor } from '../domain/tag-review.ts';
import { requestCard } from '../bot/cards/request.ts';
import { warningCard } from '../bot/cards/warning.ts';
import { maySeeRequest, maySeeWarning, withoutHiddenTags } from '../bot/visibility.ts';
import type { DeliverySubject } from '../bot/channel.ts';
import { decideRefusal } from '../domain/assessment.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { WebDependencies } from './dependencies.ts';
import type { ReadKnowledge } from './visibility.ts';
import type { SignedIn } from './visitor.ts';

/** A subject's card as it is now, in the visitor's language; null where there is none for their eyes. */
export type DrawCard = (subject: DeliverySubject, visitor: SignedIn) => Promise<Card | null>;

export function createCardDrawer(
  dependencies: WebDependencies,
  readKnowledge: ReadKnowledge,
): DrawCard {
  const { views, publicUrl } = dependencies;
  return async (subject, visitor) => {
    const { person, nowMs } = visitor;
    const context = { publicUrl, nowMs, inConsole: true };
    switch (subject.kind) {
      case 'warning': {
        const [view, knowledge] = await Promise.all([
          views.warning(subject.id),
          readKnowledge(person),
        ]);
        if (view === null) return null;
        if (!maySeeWarning(person, view, knowledge)) return null;
        return warningCard(withoutHiddenTags(view, person, knowledge), person, context);
      }
      case 'request': {
        const [view, knowledge] = await Promise.all([
          views.request(subject.id),
          readKnowledge(person),
        ]);
        if (view === null || !maySeeRequest(person, view.request, knowledge)) return null;
        return requestCard(view, person, context);
      }
      case 'review': {
        const view = await views.review(subject.id);
        if (view === null) return null;
        const own = itemsFor(view.review, person, { people: view.people, atMs: nowMs });
        const as = own.length === 0 && person.roles.includes('data-admin') ? 'progress' : 'owner';
        return reviewCard({ view, as }, person, context);
      }
      // The inbox shows each of its warnings.
      case 'flood':
        return null;
      case 'assessment': {
        const view = await views.assessment(subject.id);
        return view?.reader.code === person.code ? assessmentCard(view, person, context) : null;
      }
      case 'points': {
        const view = await views.points(subject.id, person);
        if (view === null) return null;
        const refusal = decideRefusal(person, view.points, view.people);
        const isTheirs = view.points.personCode === person.code;
        const maySee = isTheirs || refusal?.kind !== 'may-not-decide';
        return maySee ? pointsCard(view, person, context) : null;
      }
      case 'digest': {
        const view = await views.digest(subject.id);
        return view?.readerCode === person.code ? digestCard(view, person, context) : null;
      }
      default:
        return assertNever(subject);
    }
  };
}
