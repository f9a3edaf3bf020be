// The layers as configurations: each alone, and all together. What is the same in all of them is the shop: where
// payments come in, and what its answers mean.

import { core } from './places.ts';

export interface Layer {
  id: string;
  name: string;
  /** Whether the server route is one: without the first layer anybody may call it. */
  hasServerRoute: boolean;
  hasEgress: boolean;
  config: { network?: object; reputation?: object };
}

export const feedName = 'day';
export const binsName = 'day-bins';
export const keyId = 'core-1';

const allowlist = [{ cidr: `198.18.${core.block}.0/28`, label: 'payment core', asn: core.asn, country: core.country }];
const leases = { max_total_seconds: 7_200 };
const countries = {
  operating_countries: ['region:eu'],
  payer_country: true,
  unknown_country: 'challenge',
  tor: 'block',
};
const networks = { asn: { hosting: 'challenge', vpn: 'score' }, country_mismatch: 'score' };
const reputation = { feeds: [feedName], step_up_above: 70 };

/** `jwk`: the public key of the core's servers. */
export function listLayers(jwk: object): Layer[] {
  const egressKeys = [{ id: keyId, algorithm: 'ed25519', public_key: jwk }];
  const off = { hasServerRoute: false, hasEgress: false };
  return [
    { id: 'first-lock', name: 'first lock alone', ...off, config: {} },
    { id: 'allowlist', name: '1: allowlist', ...off, hasServerRoute: true, config: { network: { allowlist, leases } } },
    {
      id: 'egress',
      name: '1: and egress',
      hasServerRoute: true,
      hasEgress: true,
      config: { network: { allowlist, leases, egress_keys: egressKeys } },
    },
    { id: 'countries', name: '2: countries', ...off, config: { network: countries } },
    { id: 'networks', name: '2: networks', ...off, config: { network: networks } },
    { id: 'reputation', name: '3: reputation', ...off, config: { reputation } },
    {
      id: 'all',
      name: 'all',
      hasServerRoute: true,
      hasEgress: true,
      config: { network: { allowlist, leases, egress_keys: egressKeys, ...countries, ...networks }, reputation },
    },
  ];
}

export function merchantId({ id }: Layer): string {
  return `day-${id}`;
}

export function hostOf({ id }: Layer): string {
  return `${id}.day.example`;
}

export function merchantOf(layer: Layer, shopUrl: string): object {
  return {
    id: merchantId(layer),
    hosts: [hostOf(layer)],
    origin: { pool: [{ url: shopUrl }] },
    routes: [payRoute, chargeRoute(layer)],
    ...layer.config,
  };
}

const outcome = { succeeded: [{ status: [200], json: { '/status': ['succeeded'] } }] };

const payRoute = {
  name: 'pay',
  match: { methods: ['POST'], path: '/pay' },
  fields: { card_number: '/card', billing_country: '/country' },
  outcome,
};

function chargeRoute({ hasServerRoute, hasEgress }: Layer): object {
  const server = { access: 'server', accepts: ['static', 'leased'] };
  const egress = { egress: { signature: { keys: [keyId], window_seconds: 60 } } };
  return {
    name: 'charge',
    match: { methods: ['POST'], path: '/charge' },
    kind: 'renewal',
    fields: { token: '/token' },
    outcome,
    ...(hasServerRoute ? server : {}),
    ...(hasEgress ? egress : {}),
  };
}
