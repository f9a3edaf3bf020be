/**
 * The headers that lead a client somewhere: never to one of the merchant's servers, and never over plain http.
 */
import { isLoopback } from '../config/outbound-url.ts';
import { isOnThisMachine, isServer, type Naming, veiledText } from './naming.ts';

/** `5; url=/next`, with or without quotes (HTML, 4.2.5.3, "shared declarative refresh steps"). */
const REFRESH = /^(\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?)(["']?)(.*)$/is;
const LINK_TARGET = /<([^<>]*)>/g;

/** A URL, or a reference to one, as a client may see it; null where that cannot be. `base`: the URL that it asked for. */
export function veiledUrl(written: string, naming: Naming, base: string): string | null {
  const url = URL.parse(written, base);
  if (url === null) return veiledText(written, naming);
  const isPlain = url.protocol === 'http:' && !isNeighbour(url, naming);
  // Behind a proxy that ends TLS a shop may take itself for one of another port.
  if (isServer(url, naming) || (isPlain && url.hostname === naming.hostname)) leadToShop(url, naming);
  else if (isPlain) url.protocol = 'https:';
  else return veiledText(written, naming);
  return veiledText(url.href, naming);
}

export function veiledRefresh(written: string, naming: Naming, base: string): string | null {
  const [, before = '', quote = '', rest = ''] = REFRESH.exec(written) ?? [];
  const end = quote === '' ? -1 : rest.indexOf(quote);
  const target = end < 0 ? rest : rest.slice(0, end);
  const url = veiledUrl(target.trim(), naming, base);
  return url === null ? null : `${before}${quote}${url}${quote}`;
}

export function veiledLink(written: string, naming: Naming, base: string): string | null {
  let isWhole = true;
  const link = written.replaceAll(LINK_TARGET, (_, target: string) => {
    const url = veiledUrl(target, naming, base);
    isWhole &&= url !== null;
    return `<${url}>`;
  });
  return isWhole ? veiledText(link, naming) : null;
}

/** On a developer's machine: another server beside the origin, which may have no certificate. */
function isNeighbour(url: URL, naming: Naming): boolean {
  return isLoopback(url.hostname) && isOnThisMachine(naming);
}

function leadToShop(url: URL, { authority }: Naming): void {
  // In this order: the port of another scheme is not its own, and a host without a port leaves the port as it is.
  if (url.protocol === 'http:' || url.protocol === 'ws:') url.protocol = url.protocol === 'http:' ? 'https:' : 'wss:';
  url.username = '';
  url.password = '';
  url.port = '';
  url.host = authority;
}
