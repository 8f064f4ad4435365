import { expect, test } from 'vitest';
import { describeProxies } from '../../app/cli/subscriber-looks.ts';
import { readEnvironment } from '../../app/env.ts';
import { createWayOut } from '../../bot/way-out.ts';

const secure = 'http://secure.proxy:3128';
const open = 'http://open.proxy:3128';
const any = 'http://any.proxy:3128';

test.each([
  ['https://open.feishu.cn/open-apis', secure],
  ['wss://wss-primary.slack.com/link', secure],
  ['http://hooks.corp.example/tagwarden', open],
  ['ws://sockets.example', open],
  ['smtp://smtp.example.com:587', any],
  // This machine, always.
  ['http://localhost:8080', null],
  ['http://127.0.0.1:8080', null],
  ['http://[::1]:8080', null],
])('%s leaves through %s', (url, proxy) => {
  expect(createWayOut({ http: open, https: secure, all: any, not: '' }).proxyFor(url)).toBe(proxy);
});

test.each([
  ['corp.example', 'https://corp.example', true],
  ['corp.example', 'https://crm.corp.example', true],
  ['.corp.example', 'https://crm.corp.example', true],
  ['*.corp.example', 'https://crm.corp.example', true],
  ['corp.example', 'https://notcorp.example', false],
  ['CORP.example', 'https://Crm.Corp.Example', true],
  ['crm.corp.example:8443', 'https://crm.corp.example:8443', true],
  ['crm.corp.example:8443', 'https://crm.corp.example', false],
  ['crm.corp.example:443', 'https://crm.corp.example', true],
  ['10.0.0.0/8, 192.168.1.7', 'http://10.20.30.40', true],
  ['10.0.0.0/8, 192.168.1.7', 'http://192.168.1.7', true],
  ['10.0.0.0/8', 'http://11.0.0.1', false],
  ['0.0.1', 'http://10.0.0.1', false],
  ['example.org corp.example', 'https://corp.example', true],
  ['*', 'https://anything.example', true],
  ['', 'https://corp.example', false],
])('with NO_PROXY=%s, %s is reached directly: %s', (not, url, isDirect) => {
  const { proxyFor } = createWayOut({ http: open, https: open, all: null, not });
  expect(proxyFor(url)).toBe(isDirect ? null : open);
});

test('the proxies come from the environment, in either case, and doctor tells no password', () => {
  const { proxies } = readEnvironment({
    HTTPS_PROXY: 'http://user:secret@proxy.example.com:3128',
    http_proxy: 'proxy.example.com:8080',
    ALL_PROXY: 'socks5://socks.example.com:1080',
    no_proxy: '.corp.example',
  });
  expect(proxies).toEqual({
    https: 'http://user:secret@proxy.example.com:3128',
    http: 'http://proxy.example.com:8080',
    // Only programs that speak it can use it.
    all: null,
    not: '.corp.example',
  });
  expect(describeProxies(proxies)).toBe(
    'https through http://proxy.example.com:3128; http through http://proxy.example.com:8080; directly: .corp.example.',
  );
  expect(() => readEnvironment({ HTTPS_PROXY: 'ftp://secret@proxy.example.com' })).toThrow(
    /^HTTPS_PROXY should be an http proxy such as http:\/\/proxy.example.com:3128, but is something else\.$/,
  );
});
