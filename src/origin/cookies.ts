/**
 * The origin's cookies: for the host that the client knows, whatever the origin calls itself.
 */
import { type Naming, veiledText } from './naming.ts';

const DOMAIN = /^\s*domain\s*(?:=|$)/i;

/** A `Set-Cookie` as a client may see it; null where that cannot be. */
export function veiledCookie(cookie: string, naming: Naming): string | null {
  const [pair = '', ...attributes] = cookie.split(';');
  const kept = attributes.filter((attribute) => !DOMAIN.test(attribute) || !tellsOfServer(attribute, naming));
  return veiledText([pair, ...kept].join(';'), naming);
}

/** Without its domain a cookie is the shop's host's alone. A domain above server and shop both tells nothing. */
function tellsOfServer(attribute: string, naming: Naming): boolean {
  const written = attribute.slice(attribute.indexOf('=') + 1).trim();
  const domain = written.replace(/^\./, '').replace(/\.$/, '').toLowerCase();
  const isServer = naming.hiding.names.some(({ hostname }) => hostname === domain && hostname !== naming.hostname);
  if (isServer || veiledText(domain, naming) !== domain) return true;
  const isAbove = (hostname: string) => hostname.endsWith(`.${domain}`);
  return (
    naming.hiding.names.some(({ hostname }) => isAbove(hostname)) &&
    !isAbove(naming.hostname) &&
    domain !== naming.hostname
  );
}
