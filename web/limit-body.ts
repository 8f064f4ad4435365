import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/**
 * Refuses bodies of more than so many bytes. One that declares its length is judged by that, which Node holds it to:
 * looking at the body itself would make the server build the whole Web request for each call.
 */
export function limitBody(options: {
  /** For all paths but those of `larger`. */
  readonly bytesMax: number;
  /** Bytes by path, for posts of files. @default none */
  readonly larger?: ReadonlyMap<string, number>;
  readonly onTooLarge: (context: Context) => Response;
}): MiddlewareHandler {
  const { onTooLarge } = options;
  return async (context, next) => {
    const bytesMax = options.larger?.get(context.req.path) ?? options.bytesMax;
    const length = context.req.header('content-length');
    if (length === undefined || context.req.header('transfer-encoding') !== undefined) {
      return bodyLimit({ maxSize: bytesMax, onError: onTooLarge })(context, next);
    }
    return Number(length) <= bytesMax ? next() : onTooLarge(context);
  };
}
