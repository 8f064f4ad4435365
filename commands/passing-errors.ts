import { isUnavailable } from './temporal-errors.ts';

/**
 * Codes of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html: class 08, 57P01 to 57P03, too
 * many connections), of postgres.js and of the network when there is no connection, or none any more.
 */
const passingCodes =
  /^(?:08\w{3}|57P0[1-3]|53300|CONNECT\w*|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/u;
const causesMax = 5;

/** Whether the database or Temporal did not answer, and doing the same again is right. */
export function isPassing(error: unknown): boolean {
  let current: unknown = error;
  for (let depth = 0; depth < causesMax && current instanceof Error; depth += 1) {
    if (isUnavailable(current)) return true;
    if ('code' in current && typeof current.code === 'string' && passingCodes.test(current.code)) {
      return true;
    }
    current = current.cause;
  }
  return false;
}
