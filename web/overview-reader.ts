import { readOverview, type Overview } from '../db/stores/overview.ts';
import type { WarningScope } from '../db/stores/warning-figures.ts';
import type { Database } from '../db/client.ts';
import { businessLine, type Person } from '../domain/person.ts';
import type { Knowledge } from './visibility.ts';

/** Everybody's warnings, the reader's own business line, or one department by code. */
export type OverviewOf =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'mine' }
  | { readonly kind: 'department'; readonly code: string };

export type ReadOverview = (
  of: OverviewOf,
  reader: Person,
  knowledge: Knowledge,
) => Promise<Overview>;

/** For so long all readers of the same figures share one count; the page says as of when it is. */
const keptMs = 20_000;
const keptMax = 100;

/** The figures of the overview, the same for the console and the API. */
export function createOverviewReader(database: Database, now: () => number): ReadOverview {
  const kept = new Map<string, { readonly atMs: number; readonly overview: Promise<Overview> }>();
  return (of, reader, knowledge) => {
    const scope = {
      ownerCodes: ownersOf(of, reader, knowledge.people),
      reader: readerOf(reader, knowledge),
    };
    const key = JSON.stringify(scope);
    const nowMs = now();
    const known = kept.get(key);
    if (known !== undefined && nowMs - known.atMs < keptMs) return known.overview;
    if (kept.size >= keptMax) kept.clear();
    const overview = readOverview(database, scope, nowMs);
    kept.set(key, { atMs: nowMs, overview });
    overview.catch(() => kept.delete(key));
    return overview;
  };
}

/** Null where nothing is hidden, so that all of those readers share their figures. */
function readerOf({ code }: Person, { hidden }: Knowledge): WarningScope['reader'] {
  return hidden.ruleIds.length === 0 ? null : { personCode: code, hiddenRuleIds: hidden.ruleIds };
}

function ownersOf(
  of: OverviewOf,
  reader: Person,
  people: ReadonlyMap<string, Person>,
): readonly string[] | null {
  switch (of.kind) {
    case 'everybody':
      return null;
    case 'mine':
      return businessLine(reader, people);
    case 'department':
      return [...people.values()]
        .filter((person) => person.departmentCode === of.code)
        .map((person) => person.code);
  }
}
