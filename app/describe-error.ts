/** What a log says of an error. */
export interface DescribedError {
  readonly name: string;
  /** A database's or system's code, such as 23505 or ECONNREFUSED. */
  readonly code?: string;
  readonly message?: string;
  /** Where it was thrown, without the message. */
  readonly at: readonly string[];
  readonly cause?: DescribedError;
}

const framesMax = 12;
const causesMax = 5;
const messageCharsMax = 500;

/**
 * An error for the log. Databases put values into their messages and query builders put parameters there: of those
 * only the code and the statement are kept, so that no customer's data gets into a log.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { name: typeof error, at: [] };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const message = safeMessage(error);
  const hasCause = error.cause !== undefined && depth < causesMax;
  return {
    name: error.name,
    ...(code === null ? {} : { code }),
    ...(message === null ? {} : { message }),
    at: frames(error.stack ?? ''),
    ...(hasCause ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

/** What PostgreSQL says may hold a value; what drizzle says holds the statement and then its parameters. */
function safeMessage(error: Error): string | null {
  if (error.name === 'PostgresError') return null;
  const [withoutParameters = ''] = error.message.split('\nparams:');
  return withoutParameters.slice(0, messageCharsMax);
}

function frames(stack: string): readonly string[] {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, framesMax);
}
