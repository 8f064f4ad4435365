import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import type { Policy } from '../domain/policy.ts';
import { temporalConfig } from '../temporal.config.ts';
import type { ScanInput } from '../workflows/messages.ts';

const { scheduleIds, taskQueues } = temporalConfig;
/** When hardly anybody works and scans are done. */
const retentionCron = '40 4 * * *';

/** Makes Temporal's schedules what the policy says; harmless when they are. */
export async function ensureSchedules(client: Client, policy: Policy): Promise<void> {
  const { fullCron, incrementalCron, timeZone } = policy.scans;
  const schedules = [
    schedule(scheduleIds.fullScan, {
      spec: { cronExpressions: [fullCron], timezone: timeZone },
      action: scanAction('full'),
    }),
    schedule(scheduleIds.incrementalScan, {
      spec: { cronExpressions: [incrementalCron], timezone: timeZone },
      action: scanAction('incremental'),
    }),
    schedule(scheduleIds.digests, {
      spec: { calendars: [{ minute: 0, hour: '*' }] },
      action: {
        type: 'startWorkflow',
        workflowType: 'digest',
        taskQueue: taskQueues.warnings,
        args: [{ personCode: null }],
      },
    }),
    schedule(scheduleIds.notices, {
      spec: { calendars: [{ minute: 2, hour: '*' }] },
      action: {
        type: 'startWorkflow',
        workflowType: 'notices',
        taskQueue: taskQueues.warnings,
        args: [{ pointsId: null }],
      },
    }),
    schedule(scheduleIds.retention, {
      spec: { cronExpressions: [retentionCron], timezone: timeZone },
      action: {
        type: 'startWorkflow',
        workflowType: 'retention',
        taskQueue: taskQueues.scans,
        args: [],
      },
    }),
  ];
  const { review } = policy.cleanUp;
  if (review !== null) {
    schedules.push(
      schedule(scheduleIds.review, {
        spec: { cronExpressions: [review.cron], timezone: timeZone },
        action: {
          type: 'startWorkflow',
          workflowType: 'review',
          taskQueue: taskQueues.warnings,
          args: [{ startedBy: null }],
        },
      }),
    );
  }
  for (const options of schedules) await createOrUpdate(client, options);
  if (review === null) await remove(client, scheduleIds.review);
}

function scanAction(kind: ScanInput['kind']): ScheduleOptions['action'] {
  const input: ScanInput = { kind, requestedBy: null };
  return {
    type: 'startWorkflow',
    workflowType: 'scheduledScan',
    taskQueue: taskQueues.scans,
    args: [input],
  };
}

function schedule(
  scheduleId: string,
  options: Pick<ScheduleOptions, 'spec' | 'action'>,
): ScheduleOptions {
  return {
    scheduleId,
    ...options,
    // What was missed while the system was down an hour or more is made up for by the next run.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
  };
}

async function remove(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

async function createOrUpdate(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action, policies } = options;
    await client.schedule
      .getHandle(options.scheduleId)
      .update((previous) => ({ ...previous, spec, action, policies: policies ?? {} }));
  }
}
