import type { ActivityOptions } from '@temporalio/workflow';
import { taskQueues } from './messages.ts';

/** The database answers at once or is down; then nothing is lost by waiting for it. */
export const databaseOptions: ActivityOptions = {
  taskQueue: taskQueues.warnings,
  startToCloseTimeout: '20 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '30 seconds',
  },
};

/** Goes through a warning's customers in the database; a dry run that comes to no end is left to a person. */
export const dryRunOptions: ActivityOptions = {
  taskQueue: taskQueues.warnings,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** Puts cards into the queue and into the inbox, both in the database; platforms are the dispatcher's. */
export const deliveryOptions: ActivityOptions = {
  taskQueue: taskQueues.warnings,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '6 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
};

/** Writing to a source: one attempt may take hours as long as it shows life; a source that stays down is given up. */
export const fixWritingOptions: ActivityOptions = {
  taskQueue: taskQueues.scans,
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
};

/** A fix is verified however long the source stays away, unless only an admin can bring it back. */
export const verifyingOptions: ActivityOptions = {
  taskQueue: taskQueues.scans,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
};

/** Reads every customer once; a request goes to its vote without figures where that fails for so long. */
export const backTestOptions: ActivityOptions = {
  taskQueue: taskQueues.scans,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '3 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
};
