import { randomBytes } from 'node:crypto';

/** What a fault is told by, in the log and to whoever met with it. */
export function newReference(): string {
  return randomBytes(4).toString('hex').toUpperCase();
}
