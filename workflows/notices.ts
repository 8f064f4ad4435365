import { proxyActivities } from '@temporalio/workflow';
import type { AssessmentActivities } from '../activities/assessment.ts';
import type { DeliveryActivities } from '../activities/delivery.ts';
import { databaseOptions, deliveryOptions } from './activity-options.ts';

const { findAssessmentNews, findNewsOfPoints } = proxyActivities<AssessmentActivities>({
  ...databaseOptions,
  startToCloseTimeout: '2 minutes',
});
const { deliver } = proxyActivities<DeliveryActivities>(deliveryOptions);

/** Tells of what has come due by the hour, or of points that were just contested or decided. */
export async function notices(input: {
  /** null: of everything. */
  readonly pointsId: number | null;
}): Promise<void> {
  const { pointsId } = input;
  const subjects =
    pointsId === null ? await findAssessmentNews() : await findNewsOfPoints({ pointsId });
  // One reader's chat that is down keeps nobody else's news.
  await Promise.allSettled(subjects.map((subject) => deliver({ subject })));
}
