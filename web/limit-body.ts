import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/**
 * Refuses bodies of more than so many bytes. One that declares its length is judged by that, which Node holds it to:
 * looking at the body itself would make the server build the whole Web request for each call.
 */
export function limitBody(options: {
  readonly bytesMax: number;
  readonly onTooLarge: (context: Context) => Response;
}): MiddlewareHandler {
  const { bytesMax, onTooLarge } = options;
  const readAndCount = bodyLimit({ maxSize: bytesMax, onError: onTooLarge });
  return async (context, next) => {
    const length = context.req.header('content-length');
    if (length === undefined || context.req.header('transfer-encoding') !== undefined) {
      return readAndCount(context, next);
    }
    return Number(length) <= bytesMax ? next() : onTooLarge(context);
  };
}
