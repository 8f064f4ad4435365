import { proxyActivities } from '@temporalio/workflow';
import type { DeliveryActivities } from '../activities/delivery.ts';
import type { DigestActivities, DueDigest } from '../activities/digest.ts';
import type { DigestPeriod } from '../domain/digest.ts';
import { databaseOptions, deliveryOptions } from './activity-options.ts';

const { listDueReaders, makeDigest } = proxyActivities<DigestActivities>({
  ...databaseOptions,
  startToCloseTimeout: '2 minutes',
});
const { deliver } = proxyActivities<DeliveryActivities>(deliveryOptions);

/**
 * Makes and sends digests: to one person who asked, or to everybody for whom it is the hour. Or makes one to be read
 * where it was asked for.
 * Returns the digests' ids.
 */
export async function digest(input: {
  readonly personCode: string | null;
  /** @default what the person chose, else the week */
  readonly every?: DigestPeriod;
  /** @default true */
  readonly isSent?: boolean;
  /** What asked for it, so that done again after a crash it makes no second one. @default none */
  readonly act?: { readonly through: string; readonly actId: string };
}): Promise<readonly number[]> {
  const { act, every } = input;
  const asked = input.personCode === null ? null : { personCode: input.personCode, every };
  // Before digests had periods, people alone were listed: histories and workflows of then still hold that.
  const found: readonly (DueDigest | string)[] = asked === null ? await listDueReaders() : [];
  const due = asked === null ? found.map(asDigest) : [asked];
  const isAskedFor = input.personCode !== null;
  const made: number[] = [];
  for (const one of due) {
    made.push(
      await makeDigest({
        personCode: one.personCode,
        isAskedFor,
        ...(one.every === undefined ? {} : { every: one.every }),
        ...(act === undefined ? {} : { act }),
      }),
    );
  }
  if (input.isSent === false) return made;
  // One reader's chat that is down keeps nobody else's digest.
  await Promise.allSettled(
    made.map((id) => deliver({ subject: { kind: 'digest', id }, isAskedFor })),
  );
  return made;
}

function asDigest(found: DueDigest | string): DueDigest {
  return typeof found === 'string' ? { personCode: found, every: 'week' } : found;
}
