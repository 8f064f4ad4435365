import { ServiceError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { sendToWarning } from '../../commands/change-warning.ts';
import type { CommandContext } from '../../commands/context.ts';
import { buildWarning } from '../support/builders.ts';

const warning = buildWarning();
const by = { personCode: 'li-lei', through: 'inbox' } as const;

/** A Temporal whose first answers are errors. */
function contextThatFails(errors: readonly Error[]): CommandContext {
  const left = [...errors];
  const executeUpdate = async () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return { kind: 'done', warning };
  };
  const temporal = {
    withDeadline: (_deadlineMs: number, work: () => Promise<unknown>) => work(),
    workflow: { getHandle: () => ({ executeUpdate }) },
  };
  return { temporal } as unknown as CommandContext;
}

/** As the server answers when the task that was to take the Update failed. */
function grpcError(code: number): ServiceError {
  const cause = Object.assign(new Error(`grpc ${code}`), { code, details: '', metadata: {} });
  return new ServiceError('Workflow Update failed', { cause });
}

test('a click that meets the end of a run, whose last task failed, goes to the next one', async () => {
  const context = contextThatFails([grpcError(9)]);
  expect(await sendToWarning(context, by, warning, { kind: 'claim' })).toEqual({
    kind: 'done',
    warning,
  });
});

test('what Temporal does not take at all is said to be unavailable', async () => {
  for (const code of [9, 14]) {
    const context = contextThatFails([grpcError(code), grpcError(code), grpcError(code)]);
    expect(await sendToWarning(context, by, warning, { kind: 'claim' })).toEqual({
      kind: 'refused',
      refusal: { kind: 'unavailable' },
    });
  }
});
