import type { Outlet } from '../../bot/outlet.ts';
import type { ProxySettings } from '../../bot/way-out.ts';
import type { Subscriber } from '../../domain/event.ts';

/** Whether a subscriber would be told, without telling anybody anything. Throws what is wrong. */
export async function lookAtSubscriber(
  subscriber: Subscriber,
  outlets: readonly Outlet[],
): Promise<string> {
  const outlet = outlets.find(({ name }) => name === subscriber.kind);
  await outlet?.probe(subscriber);
  const { kind, events, secretVariable } = subscriber;
  const signed =
    kind === 'wecom' || secretVariable !== null
      ? ''
      : ' What is sent is not signed: set secretVariable, unless the receiver cannot check it.';
  return `takes us; told of ${events.join(', ')}.${signed}`;
}

/** Which proxies are in force; never their passwords. */
export function describeProxies({ http, https, all, not }: ProxySettings): string {
  const named = [
    https === null ? null : `https through ${withoutPassword(https)}`,
    http === null ? null : `http through ${withoutPassword(http)}`,
    all === null ? null : `everything else, SMTP too, through ${withoutPassword(all)}`,
  ].filter((one) => one !== null);
  if (named.length === 0) return 'none; every platform is reached directly.';
  return `${named.join('; ')}${not === '' ? '' : `; directly: ${not}`}.`;
}

function withoutPassword(proxy: string): string {
  const url = new URL(proxy);
  return `${url.protocol}//${url.host}`;
}
