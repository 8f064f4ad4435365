import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { fileURLToPath } from 'node:url';

const path = (name: string) => fileURLToPath(new URL(`certificates/${name}`, import.meta.url));

/** Of an authority that nobody trusts who is not told to. */
export const testAuthorityPath = path('authority.pem');

/** A platform's server on loopback; `isSecure`: by TLS, with a certificate for *.slack.test and *.feishu.test. */
export function createWebServer(isSecure: boolean, listener: RequestListener): Server {
  if (!isSecure) return createServer(listener);
  return createSecureServer(
    { cert: readFileSync(path('server.pem')), key: readFileSync(path('server-key.pem')) },
    listener,
  );
}
