import { afterTag } from '../customer.ts';
import type { Actor } from '../dictionary.ts';
import { TagTable } from '../detect/tag-table.ts';
import type { Tag } from '../tag.ts';
import type { CompiledRule } from './rule-kind.ts';

const may = 1;
const mayNot = -1;
const cannotTell = 0;

/**
 * Finds tags that somebody put on who may not, unless somebody who may put them on too, in whichever source. `mayUse`
 * answers null where that cannot be told; it is asked once for each actor and each different `rightOf` a tag.
 */
export function compilePutOnBy(input: {
  readonly ruleId: number;
  readonly tags: readonly Tag[];
  readonly actors: readonly Actor[];
  readonly rightOf: (tag: Tag) => string;
  readonly mayUse: (tag: Tag, actor: Actor) => boolean | null;
}): CompiledRule {
  const { ruleId, tags, actors, rightOf, mayUse } = input;
  const places = new Map<string, number>();
  const rights: TagTable[] = [];
  const placeOf = (tag: Tag): number => {
    const right = rightOf(tag);
    const known = places.get(right);
    if (known !== undefined) return known;
    places.set(right, rights.length);
    rights.push(
      new TagTable(
        actors.map((actor) => [actor.id, asNumber(mayUse(tag, actor))]),
        0,
      ),
    );
    return rights.length - 1;
  };
  const placeOfTag = new TagTable(
    tags.map((tag) => [tag.id, placeOf(tag)]),
    -1,
  );
  return {
    ruleId,
    trigger: { kind: 'tags', tagIds: tags.map((tag) => tag.id), atLeast: 1 },
    check(customer, _nowSeconds, report) {
      let position = 0;
      while (position < customer.count) {
        const next = afterTag(customer, position);
        const tagId = customer.tagIds[position] ?? 0;
        const right = rights[placeOfTag.get(tagId)];
        if (right !== undefined) {
          let worst = cannotTell;
          for (let entry = position; entry < next; entry += 1) {
            const answer = right.get(customer.actorIds[entry] ?? 0);
            if (answer === may) worst = may;
            else if (answer === mayNot && worst === cannotTell) worst = mayNot;
          }
          if (worst === mayNot) report(ruleId, tagId, 0);
        }
        position = next;
      }
      return Number.POSITIVE_INFINITY;
    },
  };
}

function asNumber(answer: boolean | null): number {
  if (answer === null) return cannotTell;
  return answer ? may : mayNot;
}
