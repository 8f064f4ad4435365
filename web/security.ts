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

/** The peer's address; behind a proxy it is the proxy's. Forwarding headers are not believed. */
export function peerAddress(context: Context): string {
  const { incoming } = (context.env ?? {}) as {
    incoming?: { socket?: { remoteAddress?: string } };
  };
  return incoming?.socket?.remoteAddress ?? 'unknown';
}
