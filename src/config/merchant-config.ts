/**
 * Checks a merchant's configuration whole: the schema, what fields mean together, and what this deployment allows.
 * Every fault is listed with its JSON Pointer; nothing is repaired.
 */
import { PROCESSORS } from '../outcome/processor-event.ts';
import { checkAlerts } from './alert-policy.ts';
import { checkEgress } from './egress-schema.ts';
import type { Environment } from './environment.ts';
import { type Checked, check, type Fault } from './faults.ts';
import { type MerchantConfig, merchantSchema, type RouteConfig } from './merchant-schema.ts';
import { checkOrigin } from './origin-schema.ts';
import { checkHome, checkOutboundUrl, isLoopback } from './outbound-url.ts';
import { checkPasskeys } from './passkey-schema.ts';
import { presetRoutes } from './presets/preset-routes.ts';
import { checkProviders } from './provider-schema.ts';
import { checkReturns } from './returns.ts';
import { checkReading } from './route-checks.ts';
import { checkRules } from './rule-schema.ts';
import { checkSealed } from './sealed-schema.ts';
import { NO_SUCH_SECRET } from './secret-names.ts';
import { shadows } from './shadowing.ts';
import { checkStepUp } from './step-up-schema.ts';
import { namesInForce } from './velocity-policy.ts';
import { checkVelocity } from './velocity-schema.ts';

const STRIPE = 'https://api.stripe.com';

/** Validates what was written for the merchant `id`; `prepareExpressions` has seen it before. */
export function validateMerchant(input: unknown, id: string, environment: Environment): Checked<MerchantConfig> {
  return check(merchantSchema, input, (config) => checkTogether(config, id, environment));
}

function checkTogether(config: MerchantConfig, id: string, environment: Environment): readonly Fault[] {
  return [
    ...checkId(config, id),
    ...checkHosts(config, environment),
    ...checkOriginNeed(config, environment),
    ...checkRoutes(config, environment),
    ...checkEgress(config.routes, config.network.egress_keys),
    ...checkSealed(config.sealed, config.routes),
    ...checkReturns(config.returns, [...config.routes, ...presetRoutes(config.preset)]),
    ...checkWebhooks(config, environment),
    ...checkAlerts(config, environment),
    ...checkStepUp(config.step_up, config.routes, environment),
    ...checkPasskeys(config.step_up.passkey, config.hosts),
    ...checkVelocity(config.velocity, config.max_block_seconds),
    ...checkRules(config.rules, countedRules(config)),
    ...checkProviders(config.reputation.providers, '/reputation/providers', environment),
  ];
}

/** The names of the velocity rules that are on. */
function countedRules(config: MerchantConfig): ReadonlySet<string> {
  return new Set(namesInForce(config));
}

function checkId(config: MerchantConfig, id: string): readonly Fault[] {
  return config.id === id ? [] : [{ path: '/id', message: `must be "${id}", the merchant it is written for` }];
}

function checkHosts(config: MerchantConfig, { kind, adminHost }: Environment): readonly Fault[] {
  return config.hosts.flatMap((host, index) => {
    const path = `/hosts/${index}`;
    if (config.hosts.indexOf(host) !== index) return [{ path, message: 'is named twice' }];
    if (host === adminHost) return [{ path, message: 'is the management host, which is never a merchant’s' }];
    if (kind === 'production' ? isLocal(host) : isLocal(host) && !isLoopback(host)) {
      return [{ path, message: kind === 'production' ? 'must be a public host name' : 'must be loopback or a name' }];
    }
    return [];
  });
}

function isLocal(host: string): boolean {
  return host === 'localhost' || /^[\d.]+$/.test(host) || host.startsWith('[');
}

function checkOriginNeed(config: MerchantConfig, environment: Environment): readonly Fault[] {
  const { hosts, routes, returns, preset, origin } = config;
  if (origin !== undefined) return checkOrigin(origin, hosts, environment);
  return hosts.length + routes.length + returns.length === 0 && preset === undefined
    ? []
    : [{ path: '/origin', message: 'is needed where hosts, routes, returns or a preset are' }];
}

function checkRoutes({ routes, network }: MerchantConfig, environment: Environment): readonly Fault[] {
  const names = routes.map(({ name }) => name);
  return routes.flatMap((route, index) => {
    const at = `/routes/${index}`;
    const twice = names.indexOf(route.name) !== index;
    const isShadowed = routes.slice(0, index).some((earlier) => shadows(earlier, route));
    return [
      ...(twice ? [{ path: `${at}/name`, message: 'is the name of an earlier route' }] : []),
      ...(isShadowed ? [{ path: `${at}/match`, message: 'an earlier route takes these requests' }] : []),
      ...checkReading(route).map(({ path, message }) => ({ path: `${at}${path}`, message })),
      ...checkAccepts(route, network, at),
      ...checkCustomer(route.customer, at, environment),
    ];
  });
}

function checkAccepts(
  { accepts = [] }: RouteConfig,
  { leases }: MerchantConfig['network'],
  at: string,
): readonly Fault[] {
  const index = leases === undefined ? accepts.indexOf('leased') : -1;
  return index < 0 ? [] : [{ path: `${at}/accepts/${index}`, message: 'needs network.leases' }];
}

function checkCustomer(customer: RouteConfig['customer'], at: string, environment: Environment): readonly Fault[] {
  const { jwks_url: url, secret_name: name } = customer?.jwt ?? {};
  const message = url === undefined ? null : checkOutboundUrl(url, environment.kind);
  if (message !== null) return [{ path: `${at}/customer/jwt/jwks_url`, message }];
  if (name === undefined || environment.sharedSecret(name) !== null) return [];
  return [{ path: `${at}/customer/jwt/secret_name`, message: NO_SUCH_SECRET }];
}

function checkWebhooks({ webhooks }: MerchantConfig, environment: Environment): readonly Fault[] {
  const missing = (name: string) => environment.sharedSecret(name) === null;
  const secrets = PROCESSORS.flatMap((processor) =>
    (webhooks[processor]?.secret_names ?? []).flatMap((name, index) =>
      missing(name) ? [{ path: `/webhooks/${processor}/secret_names/${index}`, message: NO_SUCH_SECRET }] : [],
    ),
  );
  const { cancel_intents: cancelling } = webhooks.stripe ?? {};
  if (cancelling === undefined) return secrets;
  const at = '/webhooks/stripe/cancel_intents';
  const url = checkHome(new URL(cancelling.api_url), STRIPE, environment.kind);
  return [
    ...secrets,
    ...(missing(cancelling.key_name) ? [{ path: `${at}/key_name`, message: NO_SUCH_SECRET }] : []),
    ...(url === null ? [] : [{ path: `${at}/api_url`, message: url }]),
  ];
}
