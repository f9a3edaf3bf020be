/**
 * Who is told when something is wrong, checked and compiled.
 */
import { ALERT_KINDS } from '../alerts/alert-kinds.ts';
import { readSecret } from '../alerts/signing.ts';
import type { Watch } from '../alerts/watch.ts';
import { PROCESSORS } from '../outcome/processor-event.ts';
import type { AlertsConfig } from './alert-schema.ts';
import { compileWatching } from './attack-schema.ts';
import type { Environment } from './environment.ts';
import type { Fault } from './faults.ts';
import type { MerchantConfig } from './merchant-schema.ts';
import { compileNetwork } from './network-schema.ts';
import { checkOutboundUrl } from './outbound-url.ts';
import { compileReputation, needOfPolicy } from './reputation-schema.ts';
import { compileRules } from './rule-schema.ts';
import { askedFacts, rulesInForce } from './velocity-policy.ts';

export function checkAlerts({ alerts, hosts }: MerchantConfig, environment: Environment): readonly Fault[] {
  if (alerts === undefined) return [];
  const at = '/alerts';
  // Accepted and never sent, it would be a lie.
  if (environment.alerts === null) return [{ path: at, message: 'this deployment has no ALERTS binding' }];
  const message = checkReceiver(alerts.url, hosts, environment);
  return [
    ...(message === null ? [] : [{ path: `${at}/url`, message }]),
    ...secretNamesOf(alerts).flatMap((name, index) => {
      const fault = secretFault(environment.sharedSecret(name));
      const path = typeof alerts.secret_name === 'string' ? `${at}/secret_name` : `${at}/secret_name/${index}`;
      return fault === null ? [] : [{ path, message: fault }];
    }),
  ];
}

/** What is wrong with where alerts are to go, or null. `hosts`: the merchant's own. */
export function checkReceiver(url: string, hosts: readonly string[], { kind, adminHost }: Environment): string | null {
  const hostname = hostnameOf(url);
  if (hostname === adminHost || hosts.includes(hostname)) return 'must not be an address of Cordon itself';
  return checkOutboundUrl(url, kind);
}

/** A name with a final dot is the same host (RFC 3986, 3.2.2). */
export function hostnameOf(url: string): string {
  return new URL(url).hostname.replace(/\.$/, '');
}

function secretFault(secret: string | null): string | null {
  if (secret === null) return 'this deployment has no such secret';
  return readSecret(secret) === null ? 'must hold whsec_ and 24 to 64 bytes in base64' : null;
}

/** What there is to look after; null where nobody is to be told. */
export function watchOf(config: MerchantConfig, version: Watch['version']): Watch | null {
  const { alerts, id, gate, webhooks, reservation_seconds } = config;
  if (alerts === undefined) return null;
  const network = compileNetwork(config.network);
  const reputation = compileReputation(config.reputation, config.network, network.modes);
  return {
    merchant: id,
    receiver: { url: alerts.url, secretNames: secretNamesOf(alerts), kinds: alerts.kinds ?? ALERT_KINDS },
    version: { hash: version.hash, writtenAt: version.writtenAt },
    gate,
    reservationMs: reservation_seconds * 1000,
    processors: PROCESSORS.filter((processor) => webhooks[processor] !== undefined),
    tables: needOfPolicy(reputation, network, askedFacts(compileRules(config.rules), rulesInForce(config))),
    ...(compileWatching(config) === null ? {} : { isAttackWatched: true }),
    ...serversOf(config),
  };
}

/** Of one server that nobody checks nothing is ever known. */
function serversOf({ origin }: MerchantConfig): Pick<Watch, 'servers'> {
  if (origin === undefined || (origin.pool.length === 1 && origin.health === undefined)) return {};
  return { servers: origin.pool.map(({ url }) => new URL(url).host) };
}

function secretNamesOf({ secret_name: written }: AlertsConfig): readonly string[] {
  return typeof written === 'string' ? [written] : written;
}
