import { BlockList, connect as connectPlainly, isIP } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { Agent, Dispatcher, fetch, ProxyAgent } from 'undici';

/** Where calls to platforms leave the company, as HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say. */
export interface ProxySettings {
  /** For http and ws; a proxy's address such as http://user:password@proxy.example.com:3128. */
  readonly http: string | null;
  /** For https and wss. */
  readonly https: string | null;
  /** For everything else, such as SMTP. */
  readonly all: string | null;
  /**
   * Separated by commas or blanks: hosts (with their subdomains), host:port, addresses, IPv4 ranges such as
   * 10.0.0.0/8, or * for everything.
   */
  readonly not: string;
}

export interface WayOut {
  /** The proxy's address for a url; null: directly. */
  readonly proxyFor: (url: string | URL) => string | null;
  /** For undici's fetch and WebSocket. */
  readonly dispatcher: Dispatcher;
  readonly fetch: typeof fetch;
  /** For libraries that take an agent of node:http; undefined: no proxy is configured. */
  readonly agent: HttpsProxyAgent<string> | undefined;
  readonly close: () => Promise<void>;
}

const noProxies: ProxySettings = { http: null, https: null, all: null, not: '' };

/** How calls leave: each directly or through the proxy that is for its host. */
export function createWayOut(settings: ProxySettings = noProxies): WayOut {
  const isExempt = createExemptions(settings.not);

  function proxyFor(url: string | URL): string | null {
    const { protocol, hostname, port } = new URL(url);
    const isSecure = protocol === 'https:' || protocol === 'wss:';
    const isWeb = isSecure || protocol === 'http:' || protocol === 'ws:';
    const own = isSecure ? settings.https : isWeb ? settings.http : null;
    const proxy = own ?? settings.all;
    const host = hostname.replaceAll(/[[\]]/g, '').toLowerCase();
    const usualPort = isSecure ? '443' : '80';
    const isDirect = isThisMachine(host) || isExempt(host, port === '' ? usualPort : port);
    return isDirect ? null : proxy;
  }

  const dispatcher = new RoutingDispatcher(proxyFor);
  return {
    proxyFor,
    dispatcher,
    fetch: (url, init) => fetch(url, { ...init, dispatcher }),
    agent: createAgent(settings, proxyFor),
    close: () => dispatcher.end(),
  };
}

type ProxyFor = WayOut['proxyFor'];

function createAgent(settings: ProxySettings, proxyFor: ProxyFor) {
  const proxy = settings.https ?? settings.http ?? settings.all;
  return proxy === null ? undefined : new RoutingAgent(proxy, proxyFor);
}

/** Through the proxy, but for hosts that are reached directly. */
class RoutingAgent extends HttpsProxyAgent<string> {
  readonly #proxyFor: ProxyFor;

  constructor(proxy: string, proxyFor: ProxyFor) {
    super(proxy);
    this.#proxyFor = proxyFor;
  }

  override async connect(
    request: Parameters<HttpsProxyAgent<string>['connect']>[0],
    options: Parameters<HttpsProxyAgent<string>['connect']>[1],
  ): ReturnType<HttpsProxyAgent<string>['connect']> {
    const { host = 'localhost', port } = options;
    const protocol = options.secureEndpoint ? 'https' : 'http';
    if (this.#proxyFor(`${protocol}://${host}:${port}`) !== null) {
      return super.connect(request, options);
    }
    return options.secureEndpoint
      ? connectSecurely({ servername: host, ...options })
      : connectPlainly({ host, port });
  }
}

class RoutingDispatcher extends Dispatcher {
  readonly #proxyFor: (url: string | URL) => string | null;
  readonly #direct = new Agent();
  readonly #proxies = new Map<string, ProxyAgent>();

  constructor(proxyFor: (url: string | URL) => string | null) {
    super();
    this.#proxyFor = proxyFor;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const proxy = options.origin === undefined ? null : this.#proxyFor(options.origin);
    return this.#through(proxy).dispatch(options, handler);
  }

  #through(proxy: string | null): Dispatcher {
    if (proxy === null) return this.#direct;
    const known = this.#proxies.get(proxy) ?? new ProxyAgent(proxy);
    this.#proxies.set(proxy, known);
    return known;
  }

  async end(): Promise<void> {
    await Promise.all([this.#direct, ...this.#proxies.values()].map((one) => one.destroy()));
  }
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether NO_PROXY names a host. */
function createExemptions(list: string): (host: string, port: string) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  const ranges = new BlockList();
  const names: { readonly suffix: string; readonly port: string | null }[] = [];
  for (const entry of entries) {
    const range = /^(?<network>\d+\.\d+\.\d+\.\d+)\/(?<bits>\d{1,2})$/.exec(entry)?.groups;
    const { network = '', bits = '' } = range ?? {};
    if (isIP(network) === 4 && Number(bits) <= 32) {
      ranges.addSubnet(network, Number(bits));
      continue;
    }
    const named = /^\*?\.?(?<suffix>[^:]+)(?::(?<port>\d+))?$/.exec(entry)?.groups;
    names.push({ suffix: named?.['suffix'] ?? entry, port: named?.['port'] ?? null });
  }
  return (host, port) =>
    entries.includes('*') ||
    (isIP(host) === 4 && ranges.check(host)) ||
    names.some(
      (name) =>
        (name.port === null || name.port === port) &&
        (host === name.suffix || (isIP(host) === 0 && host.endsWith(`.${name.suffix}`))),
    );
}

/** Where nothing is configured: every call directly. Shared, since it holds connections. */
export const directWayOut: WayOut = createWayOut();
