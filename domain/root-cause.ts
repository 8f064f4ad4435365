import { wilsonInterval } from './wilson-interval.ts';

/** Customers of a warning with the same conflicting tags. */
export interface TagGroup {
  readonly tagIds: readonly number[];
  readonly customers: number;
}

/** How often something brings tags to customers outside the warning. */
export interface UsualShare {
  /** Of all tags that others carry, the part it brought; null: there are no others. */
  readonly ofAll: number | null;
  /** Others who carry a tag, and how many of them have it from there. Tags that nobody else carries may be left out. */
  readonly ofTag: ReadonlyMap<number, { readonly carriers: number; readonly brought: number }>;
}

/** A share of the usual one under which something did not bring a warning, however sure the figures are. */
const liftMin = 1.5;
/** Of fewer customers nothing can be told from chance. */
const customersMin = 3;
/** Others who carry a tag count as much as its share in all tagging does, once there are so many of them. */
const priorCarriers = 20;

/**
 * How many times as many customers of a warning have a conflicting tag from one place as would by chance, infinite where
 * none would; null where it is not most of them, or not surely more than chance: the lower end of the interval of its
 * share (Wilson, 95 %) has to lie above the share that is usual. What is usual of a tag that few others carry leans
 * on how much of all tagging is done there.
 */
export function liftOf(
  brought: number,
  groups: readonly TagGroup[],
  usual: UsualShare,
): number | null {
  const customers = groups.reduce((sum, group) => sum + group.customers, 0);
  const { ofAll } = usual;
  if (customers < customersMin || brought * 2 <= customers || ofAll === null) return null;
  const shareOfTag = (tagId: number): number => {
    const known = usual.ofTag.get(tagId);
    return (
      ((known?.brought ?? 0) + priorCarriers * ofAll) / ((known?.carriers ?? 0) + priorCarriers)
    );
  };
  const expected = groups.reduce((sum, { tagIds, customers: count }) => {
    const without = tagIds.reduce((rest, tagId) => rest * (1 - shareOfTag(tagId)), 1);
    return sum + count * (1 - without);
  }, 0);
  const usualPart = expected / customers;
  const lift = brought / expected;
  return wilsonInterval(brought, customers).low > usualPart && lift >= liftMin ? lift : null;
}
