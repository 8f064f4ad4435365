import type { WayOut } from '../../bot/way-out.ts';
import { createOpenId, openIdCallbackPath, type OpenIdSettings } from '../../web/open-id.ts';

/** Asks the provider what it offers. Answers with what to register there; rejects with what is wrong. */
export async function lookAtOpenIdProvider(
  settings: OpenIdSettings,
  { publicUrl, wayOut }: { readonly publicUrl: string; readonly wayOut: WayOut },
): Promise<string> {
  const openId = createOpenId(settings, {
    publicUrl,
    fetch: (url, init) => wayOut.fetch(url, init as Parameters<WayOut['fetch']>[1]),
    now: Date.now,
  });
  const begun = await openId.begin();
  const callback = publicUrl + openIdCallbackPath;
  if (begun.kind === 'begun') {
    return `${settings.name} answers; ${callback} has to be registered there for ${settings.clientId}.`;
  }
  throw new Error(
    begun.fault === 'misconfigured'
      ? `${settings.issuer} is not the issuer that answers there (${begun.code}): copy OIDC_ISSUER from its /.well-known/openid-configuration.`
      : `${settings.issuer} does not answer with its /.well-known/openid-configuration (${begun.code}): check OIDC_ISSUER, the proxy and the certificate.`,
  );
}
