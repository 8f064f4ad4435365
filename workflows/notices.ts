import { patched, proxyActivities } from '@temporalio/workflow';
import type { AssessmentActivities } from '../activities/assessment.ts';
import type { DeliveryActivities } from '../activities/delivery.ts';
import type { ExceptionActivities } from '../activities/exceptions.ts';
import { databaseOptions, deliveryOptions } from './activity-options.ts';

const { findAssessmentNews, findNewsOfPoints } = proxyActivities<AssessmentActivities>({
  ...databaseOptions,
  startToCloseTimeout: '2 minutes',
});
const { findEndingExceptions } = proxyActivities<ExceptionActivities>({
  ...databaseOptions,
  startToCloseTimeout: '2 minutes',
});
const { deliver, remind } = proxyActivities<DeliveryActivities>(deliveryOptions);

/** Tells of what has come due by the hour and of exceptions that end soon, or of points just contested or decided. */
export async function notices(input: {
  /** null: of everything. */
  readonly pointsId: number | null;
}): Promise<void> {
  const { pointsId } = input;
  const subjects =
    pointsId === null ? await findAssessmentNews() : await findNewsOfPoints({ pointsId });
  // One reader's chat that is down keeps nobody else's news.
  await Promise.allSettled(subjects.map((subject) => deliver({ subject })));
  if (pointsId !== null || !patched('ending-exceptions')) return;
  const ending = await findEndingExceptions();
  await Promise.allSettled(
    ending.map(({ warningId: id, ...reminder }) =>
      remind({ subject: { kind: 'warning', id }, ...reminder }),
    ),
  );
}
