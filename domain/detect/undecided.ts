import type { ReportUndecided } from '../rules/rule-kind.ts';

/** The customers of whom a rule could not tell, since attributes that decide are missing. */
export interface Undecided {
  readonly ruleId: number;
  readonly customers: number;
  /** Which attributes, on how many of them; most first. One customer may lack several. */
  readonly missing: readonly MissingAttribute[];
}

export interface MissingAttribute {
  readonly attributeCode: string;
  readonly customers: number;
}

export interface UndecidedTally {
  readonly report: ReportUndecided;
  /** By rule id. */
  readonly told: () => readonly Undecided[];
}

/** Counts what the detector tells of customers one by one. */
export function createUndecidedTally(): UndecidedTally {
  const byRule = new Map<number, { customers: number; readonly missing: Map<string, number> }>();
  return {
    report: (ruleId, missingAttributeCodes) => {
      let counted = byRule.get(ruleId);
      if (counted === undefined) {
        counted = { customers: 0, missing: new Map() };
        byRule.set(ruleId, counted);
      }
      counted.customers += 1;
      for (const code of missingAttributeCodes) {
        counted.missing.set(code, (counted.missing.get(code) ?? 0) + 1);
      }
    },
    told: () =>
      [...byRule]
        .map(([ruleId, { customers, missing }]) => ({
          ruleId,
          customers,
          missing: [...missing]
            .map(([attributeCode, count]) => ({ attributeCode, customers: count }))
            .sort(mostFirst),
        }))
        .sort((one, other) => one.ruleId - other.ruleId),
  };
}

function mostFirst(one: MissingAttribute, other: MissingAttribute): number {
  return other.customers - one.customers || (one.attributeCode < other.attributeCode ? -1 : 1);
}
