/**
 * The merchants of the benchmark: one whose limits nobody reaches, and one that shuts a payer at the first failure.
 */
import type { MerchantInKv } from '../support/bare-kv.ts';

export const SHOP_HOST = 'shop.acme.example';
export const SHUT_HOST = 'shut.acme.example';
/** As SHOP_HOST, under all layers of the two locks. */
export const LOCKED_HOST = 'locked.acme.example';
/** As SHOP_HOST, with the recommended velocity rules on. */
export const VELOCITY_HOST = 'velocity.acme.example';
/** As SHOP_HOST, with requests to the origin signed, as they are where nobody says otherwise. */
export const SIGNED_HOST = 'signed.acme.example';
export const ADMIN_HOST = 'cordon.example.com';

/** No key of this run fails as often. */
const OUT_OF_REACH = 10_000;

const ORIGIN = { pool: [{ url: 'https://origin.acme.example' }] };

const PAY_ROUTE = {
  name: 'pay',
  match: { methods: ['POST'], path: '/api/pay' },
  fields: { card_number: '/card/number' },
  outcome: {
    failed: [{ status: [402] }],
    succeeded: [{ status: [200], json: { '/status': ['succeeded'] } }],
    decline_reason: '/error/decline_code',
    payment_id: '/id',
  },
};

/** Names of the tables in tables.ts. */
export const FEED = 'bench';
export const ISSUERS = 'bench-issuers';

/** Everything of the two locks that costs no call to somebody else. */
const ALL_LAYERS = {
  network: {
    allowlist: [{ cidr: '203.0.113.0/28', label: 'core', asn: 1136, country: 'NL' }],
    leases: {},
    operating_countries: ['region:eu', 'CH', 'GB'],
    payer_country: true,
    deny_countries: ['KP'],
    unknown_country: 'block',
    tor: 'block',
    asn: { deny: [64500], hosting: 'score', vpn: 'score' },
    country_mismatch: 'score',
  },
  reputation: { feeds: [FEED], shared: true, step_up_above: 70 },
};

/** All that it asks of a payer is told: no counter of it is left out. */
const RECOMMENDED = {
  routes: [{ ...PAY_ROUTE, fields: { ...PAY_ROUTE.fields, email: '/email', device_id: '/order', amount: '/amount' } }],
  velocity: 'recommended',
  step_up: { methods: ['proof_of_work'] },
};

export const MERCHANTS: readonly MerchantInKv[] = [
  merchant('acme', SHOP_HOST, OUT_OF_REACH),
  merchant('shut', SHUT_HOST, 1),
  { ...merchant('signed', SIGNED_HOST, OUT_OF_REACH), origin: ORIGIN },
  { ...merchant('velocity', VELOCITY_HOST, OUT_OF_REACH), ...RECOMMENDED },
  { ...merchant('locked', LOCKED_HOST, OUT_OF_REACH), ...ALL_LAYERS },
];

/** All four classic rules are on, with the same limit. */
function merchant(id: string, host: string, limit: number): MerchantInKv {
  const rules = ['card_ip', 'guest_user_card', 'customer_id', 'guest_ip'];
  const guard = rules.flatMap((rule) => [
    [`${rule}_blocking_status`, 'enabled'],
    [`${rule}_blocking_threshold`, limit],
  ]);
  return {
    id,
    hosts: [host],
    // What a signature costs is a case of its own: these say what deciding costs.
    origin: { ...ORIGIN, sign: false },
    routes: [PAY_ROUTE],
    card_testing_guard_config: Object.fromEntries(guard),
  };
}
