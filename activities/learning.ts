import { whileAlive } from './heartbeat.ts';

export interface LearningDependencies {
  /** Asks the committee to change rules that are wrong too often; how many. */
  readonly proposeRuleChanges: () => Promise<number>;
}

export type LearningActivities = ReturnType<typeof createLearningActivities>;

/** What decisions of people teach; repeated calls ask for nothing twice. */
export function createLearningActivities(dependencies: LearningDependencies) {
  return {
    proposeRuleChanges: (): Promise<number> => whileAlive(dependencies.proposeRuleChanges),
  };
}
