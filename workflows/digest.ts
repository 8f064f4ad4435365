import { proxyActivities } from '@temporalio/workflow';
import type { DeliveryActivities } from '../activities/delivery.ts';
import type { DigestActivities } from '../activities/digest.ts';

const { listDueReaders, makeDigest } = proxyActivities<DigestActivities>({
  startToCloseTimeout: '2 minutes',
});
const { deliver } = proxyActivities<DeliveryActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '90 seconds',
});

/**
 * Makes and sends weekly digests: to one person who asked, or to everybody for whom it is the hour.
 * Returns the digests' ids.
 */
export async function digest(input: {
  readonly personCode: string | null;
}): Promise<readonly number[]> {
  const readers = input.personCode === null ? await listDueReaders() : [input.personCode];
  const made: number[] = [];
  for (const personCode of readers) {
    const id = await makeDigest({ personCode });
    made.push(id);
    await deliver({ subject: { kind: 'digest', id } });
  }
  return made;
}
