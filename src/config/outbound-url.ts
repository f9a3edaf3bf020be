/**
 * Where Cordon may be told to send a request: https to a named host; http only to loopback and only in development.
 */
import ipaddr from 'ipaddr.js';

const PORTS = ['', '443', '8443'];
/** In the authority, also where nobody stands before it. */
const AT_SIGN = /^[^:]*:[\\/]*[^\\/?#]*@/;
/** Names of a machine or a network of one's own (RFC 6761, 6762, 7686, 8375, 9476, ICANN's collisions). */
const INNER_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|private|lan|corp|home|invalid|onion|alt|arpa)$/;
/** Where clouds keep their machines' credentials; those below `internal` are inner names. */
const METADATA = /^(?:metadata\.(?:goog|azure\.com|tencentyun\.com|packet\.net|platformequinix\.com))$/;
/** Names that are made to resolve to whatever address stands in them, or to loopback. */
const ADDRESS_NAME = /(?:^|\.)(?:nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|traefik\.me)$/;

/** What is wrong with the URL, or null. */
export function checkOutboundUrl(text: string, kind: 'development' | 'production'): string | null {
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || AT_SIGN.test(text)) return 'must hold no credentials';
  if (kind === 'development' && isLoopback(url.hostname)) {
    return ['http:', 'https:'].includes(url.protocol) ? null : 'must be an http or https URL';
  }
  if (url.protocol !== 'https:') return 'must be an https URL';
  if (!PORTS.includes(url.port)) return 'must use port 443 or 8443';
  return isPublicName(url.hostname) ? null : 'must name a public host, not an address';
}

/**
 * What is wrong with the URL of somebody's API, or null. Whoever writes one merchant's configuration can name any of the
 * deployment's secrets, another merchant's too: it goes to its owner alone, or to a stand-in on this machine.
 */
export function checkHome(url: URL, home: string, kind: 'development' | 'production'): string | null {
  const isStandIn = kind === 'development' && isLoopback(url.hostname);
  if (!isStandIn && url.origin !== home) return `must be ${home}`;
  const fault = checkOutboundUrl(url.href, kind);
  if (fault !== null) return fault;
  return url.pathname === '/' && url.search === '' && url.hash === '' ? null : 'must have no path, query or fragment';
}

/** Loopback as the WHATWG URL parser spells it. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function isPublicName(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$|\.$/g, '');
  if (ipaddr.isValid(bare) || !bare.includes('.')) return false;
  return !INNER_NAME.test(bare) && !METADATA.test(bare) && !ADDRESS_NAME.test(bare);
}
