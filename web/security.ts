import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer, whatever it is. Pages are never kept by a cache. */
export function securityHeaders(isHttps: boolean): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    headers.set('content-security-policy', contentSecurityPolicy);
    headers.set('x-content-type-options', 'nosniff');
    headers.set('x-frame-options', 'DENY');
    // Not no-referrer: browsers would then send `Origin: null` with every form.
    headers.set('referrer-policy', 'same-origin');
    headers.set('cross-origin-opener-policy', 'same-origin');
    headers.set('cross-origin-resource-policy', 'same-origin');
    headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=()');
    if (isHttps) headers.set('strict-transport-security', 'max-age=31536000');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  };
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a request was meant for this server: its Host is the public one or, in the embedded mode, loopback.
 * Anything else may be a name that somebody pointed at this machine (DNS rebinding).
 */
export function isExpectedHost(request: Request, publicUrl: URL, embedded: boolean): boolean {
  const url = new URL(request.url);
  return url.host === publicUrl.host || (embedded && loopbackHosts.has(url.hostname));
}

/** Whether a POST comes from a page of this console, as far as the browser says. */
export function isSameOrigin(request: Request, publicUrl: URL, embedded: boolean): boolean {
  const origin = request.headers.get('origin');
  if (origin === null) {
    const site = request.headers.get('sec-fetch-site');
    return site === null || site === 'same-origin' || site === 'none';
  }
  if (origin === publicUrl.origin) return true;
  if (!embedded || !URL.canParse(origin)) return false;
  return (
    loopbackHosts.has(new URL(origin).hostname) &&
    new URL(origin).host === new URL(request.url).host
  );
}

/** The token every form of a browser carries; derived, so that nothing more needs to be stored. */
export function csrfToken(browserToken: string): string {
  return createHash('sha256').update(`csrf|${browserToken}`).digest('hex');
}

/** A path of this console to go to after a POST; anything that could lead elsewhere becomes `fallback`. */
export function safePath(path: string | undefined, fallback: string): string {
  return path !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : fallback;
}

/** A link to follow: a path where it leads to this console; null for anything but http and https. */
export function safeUrl(url: string, publicUrl: string): string | null {
  const base = publicUrl.replace(/\/$/, '');
  if (url === base) return '/';
  if (url.startsWith(`${base}/`)) return safePath(url.slice(base.length), '/');
  if (url.startsWith('/')) return safePath(url, '/');
  return /^https?:\/\//i.test(url) ? url : null;
}

const keysMax = 10_000;

export interface RateLimit {
  /** Counts one more under a key, such as an address or a token's hash; milliseconds to wait, 0: go on. */
  waitMs(key: string, nowMs: number): number;
}

/** Counts by key in fixed windows. In memory: each server process counts for itself; attempts to get in are counted for all. */
export function createRateLimit(limit: {
  readonly attempts: number;
  readonly windowMs: number;
}): RateLimit {
  const windows = new Map<string, { readonly startedAtMs: number; attempts: number }>();
  return {
    waitMs: (key, nowMs) => {
      const window = windows.get(key);
      if (window === undefined || nowMs - window.startedAtMs >= limit.windowMs) {
        // Put in anew, so that the first of the map is the one that was begun longest ago.
        windows.delete(key);
        const [oldest] = windows.keys();
        if (windows.size >= keysMax && oldest !== undefined) windows.delete(oldest);
        windows.set(key, { startedAtMs: nowMs, attempts: 1 });
        return 0;
      }
      window.attempts += 1;
      return window.attempts <= limit.attempts ? 0 : window.startedAtMs + limit.windowMs - nowMs;
    },
  };
}

/** The peer's address; behind a proxy it is the proxy's. Forwarding headers are not believed. */
export function peerAddress(context: Context): string {
  const { incoming } = (context.env ?? {}) as {
    incoming?: { socket?: { remoteAddress?: string } };
  };
  return incoming?.socket?.remoteAddress ?? 'unknown';
}
