import type { FloodView, WarningView } from '../views.ts';

/** A warning as everybody in a group may read it: how many and why, never which customers. */
export function warningForGroup(view: WarningView): WarningView {
  const { fix } = view;
  return { ...view, examples: [], fix: fix === null ? null : { ...fix, leftAlone: [] } };
}

/** Many warnings as everybody in a group may read them: rules may be about tags that not all of them may see. */
export function floodForGroup(view: FloodView): FloodView {
  return { ...view, byRule: [], worst: [] };
}
