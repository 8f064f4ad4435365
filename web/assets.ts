import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';

const files = {
  css: { name: 'console.css', type: 'text/css; charset=utf-8' },
  script: { name: 'console.js', type: 'text/javascript; charset=utf-8' },
  icon: { name: 'icon.svg', type: 'image/svg+xml' },
} as const;

interface Asset {
  /** Holds a hash of the content, so that browsers may keep it for ever. */
  readonly path: string;
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

function readAsset(file: { readonly name: string; readonly type: string }): Asset {
  const body = new Uint8Array(readFileSync(new URL(`./public/${file.name}`, import.meta.url)));
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { path: `/assets/${hash}/${file.name}`, type: file.type, body };
}

export const assets = {
  css: readAsset(files.css),
  script: readAsset(files.script),
  icon: readAsset(files.icon),
};

/** The console's own three files. */
export function createAssetRoutes(): Hono {
  const app = new Hono();
  for (const asset of Object.values(assets)) {
    app.get(asset.path, () => serve(asset, 'public, max-age=31536000, immutable'));
  }
  app.get('/favicon.ico', () => serve(assets.icon, 'public, max-age=86400'));
  return app;
}

function serve(asset: Asset, cacheControl: string): Response {
  return new Response(asset.body, {
    headers: { 'content-type': asset.type, 'cache-control': cacheControl },
  });
}
