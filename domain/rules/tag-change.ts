import { hasTag, type CustomerTags } from '../customer.ts';
import type { TagChange } from '../fix.ts';

export const noChange: TagChange = { addTagIds: [], removeTagIds: [] };

/** The change that takes off those of `removeTagIds` the customer has and puts on those of `addTagIds` it lacks; 0 is no tag. */
export function changeOf(
  customer: CustomerTags,
  wanted: { readonly add?: readonly number[]; readonly remove?: readonly number[] },
): TagChange {
  return {
    addTagIds: (wanted.add ?? []).filter((tagId) => tagId !== 0 && !hasTag(customer, tagId)),
    removeTagIds: (wanted.remove ?? []).filter((tagId) => tagId !== 0 && hasTag(customer, tagId)),
  };
}
