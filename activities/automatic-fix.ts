import type { Database } from '../db/client.ts';
import { readReach, recordAutomaticFix, wasTakenBack } from '../db/stores/automatic-fixes.ts';
import { readCurrentKnowledge } from '../db/stores/current-knowledge.ts';
import { previewFix } from '../db/stores/fix-preview.ts';
import { loadWarning } from '../db/stores/warnings.ts';
import { whileAlive } from './heartbeat.ts';
import { decideAutomaticFix, type AutomaticDecision } from '../domain/automatic-fix.ts';

export interface AutomaticFixDependencies {
  readonly database: Database;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type AutomaticFixActivities = ReturnType<typeof createAutomaticFixActivities>;

/** For so long what somebody took back is not done again without asking. */
const takenBackWithinMs = 30 * 86_400_000;

/** What rules do by themselves: a dry run first, whose report is kept; the fix follows where it is within the limits. */
export function createAutomaticFixActivities({ database, now }: AutomaticFixDependencies) {
  /** Answers what is to come of a warning; null: its rule does nothing by itself, or there is nothing to do. */
  async function tryAutomaticFix(input: {
    readonly warningId: number;
  }): Promise<{ readonly decision: AutomaticDecision | null }> {
    const [warning, { dictionary, people }] = await Promise.all([
      loadWarning(database.query, input.warningId),
      readCurrentKnowledge(database),
    ]);
    const rule = dictionary.rules.find(({ code }) => code === warning?.ruleCode);
    if (warning === null || rule?.autoFix === undefined) return { decision: null };
    const owner = people.get(rule.ownerCode ?? '') ?? people.get(warning.ownerCode) ?? null;
    const preview = await whileAlive(() =>
      previewFix(database, warning.id, { kind: 'recommended' }, owner),
    );
    if (preview === null || preview.customers === 0) return { decision: null };
    const { customers, leftAsTheyAre } = preview;
    const reach = await readReach(database.sql, rule.id);
    const nowMs = now();
    const sinceMs = nowMs - takenBackWithinMs;
    const takenBack = await wasTakenBack(database.sql, { ruleId: rule.id, sinceMs });
    const dryRun = { customers, leftAsTheyAre, ...reach };
    const decision = decideAutomaticFix(rule.autoFix, dryRun, {
      hasRight: preview.mayNotUse === null,
      wasTakenBack: takenBack,
    });
    const { customersMax, shareMax } = rule.autoFix;
    const report = { ...dryRun, decision, customersMax, shareMax, atMs: nowMs };
    await recordAutomaticFix(database, warning.id, report);
    return { decision };
  }

  return { tryAutomaticFix };
}
