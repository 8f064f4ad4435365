import pino, { type Logger } from 'pino';
import { describeError } from './describe-error.ts';
import type { LogLevel } from './env.ts';

/** JSON lines on stderr, with ids and counts only: never a secret, never a customer's data. */
export function createLogger(level: LogLevel, name: 'worker' | 'server' | 'start'): Logger {
  return pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { pid: process.pid },
      serializers: { error: (error: unknown) => describeError(error) },
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
