import { proxyActivities } from '@temporalio/workflow';
import type { DeliveryActivities } from '../activities/delivery.ts';
import type { DigestActivities } from '../activities/digest.ts';
import { databaseOptions, deliveryOptions } from './activity-options.ts';

const { listDueReaders, makeDigest } = proxyActivities<DigestActivities>({
  ...databaseOptions,
  startToCloseTimeout: '2 minutes',
});
const { deliver } = proxyActivities<DeliveryActivities>(deliveryOptions);

/**
 * Makes and sends weekly digests: to one person who asked, or to everybody for whom it is the hour.
 * Returns the digests' ids.
 */
export async function digest(input: {
  readonly personCode: string | null;
  /** What asked for it, so that done again after a crash it makes no second one. @default none */
  readonly act?: { readonly through: string; readonly actId: string };
}): Promise<readonly number[]> {
  const readers = input.personCode === null ? await listDueReaders() : [input.personCode];
  const { act } = input;
  const isAskedFor = input.personCode !== null;
  const made: number[] = [];
  for (const personCode of readers) {
    made.push(await makeDigest({ personCode, isAskedFor, ...(act === undefined ? {} : { act }) }));
  }
  // One reader's chat that is down keeps nobody else's digest.
  await Promise.allSettled(
    made.map((id) => deliver({ subject: { kind: 'digest', id }, isAskedFor })),
  );
  return made;
}
