/**
 * What the fields of a merchant's configuration mean, by their place in it. `[]` is every entry of a list.
 * A test finds a field that has no line here.
 */
import { ORIGIN_NOTES } from './openapi-origin-notes.ts';
import { RULE_NOTES } from './openapi-rule-notes.ts';
import { VELOCITY_NOTES } from './openapi-velocity-notes.ts';

const STATUS = '`enabled` refuses, `shadow` records what it would have refused, `disabled` counts nothing.';
const THRESHOLD = 'Failures plus attempts in flight stay below it.';
const PATTERN =
  'Patterns of answers; the first list that has a fitting one decides: failed, succeeded, pending, unknown.';
const PATTERN_STATUS = 'Any of these statuses.';
const PATTERN_JSON = 'JSON Pointer → any of these values; all pointers must fit.';
const PATTERN_LOCATION =
  'Where the answer leads, any of: `/order-received/*` on the own host, `https://*` elsewhere, `#*`; parameters behind `?`.';
const LATER = 'Not in this release: leave it out.';

const patternNotes = (place: string) => ({
  [place]: PATTERN,
  [`${place}.[].status`]: PATTERN_STATUS,
  [`${place}.[].json`]: PATTERN_JSON,
  [`${place}.[].location`]: PATTERN_LOCATION,
});

const outcomeNotes = (place: string, answer: string) => ({
  [place]: `How ${answer} tells what became of the payment.`,
  ...patternNotes(`${place}.failed`),
  ...patternNotes(`${place}.succeeded`),
  ...patternNotes(`${place}.pending`),
  ...patternNotes(`${place}.unknown`),
  [`${place}.location`]: "Where the answer's JSON names the page to go to, read as `Location` would be.",
  [`${place}.decline_reason`]: `JSON Pointer into ${answer}.`,
  [`${place}.payment_id`]: `JSON Pointer into ${answer}.`,
  [`${place}.card_fingerprint`]: `The processor's fingerprint of the card, in ${answer}.`,
  [`${place}.card_token`]: `A token that stands for the card from now on, in ${answer}.`,
  [`${place}.unmatched`]: 'What an answer means that fits no pattern; 5xx and timeouts are always `unknown`.',
});

const fieldNotes = (place: string, body: string) => ({
  [place]: `Where what is known stands in ${body}, as JSON Pointers.`,
  [`${place}.card_number`]: `Without it ${body} must hold no card number at all.`,
  [`${place}.card_fingerprint`]: "A processor's fingerprint of the card: one place, or a list of places.",
  [`${place}.token`]: "A stored card's or wallet's token: one place, or a list of places.",
  [`${place}.customer_id`]: 'Counts only when `customer` proves it.',
  [`${place}.email`]: 'JSON Pointer. Counted by as a digest, where a velocity rule asks.',
  [`${place}.device_id`]: 'JSON Pointer to the name that the shop has for the device. As above.',
  [`${place}.amount`]: 'JSON Pointer.',
  [`${place}.currency`]: 'JSON Pointer.',
  [`${place}.billing_country`]: 'JSON Pointer.',
});

const guardNotes = (rule: string, counts: string) => ({
  [`card_testing_guard_config.${rule}_blocking_status`]: `${counts} ${STATUS}`,
  [`card_testing_guard_config.${rule}_blocking_threshold`]: THRESHOLD,
});

export const MERCHANT_NOTES: Readonly<Record<string, string>> = {
  id: 'The one that it is written for.',
  hosts:
    'Host names of the shop, without a port, where Cordon stands in front of it; none for a merchant that uses the API alone.',
  mode: '`enforce`; `shadow` lets everything go on and records what would have been; `off` judges nothing.',
  ...ORIGIN_NOTES,
  preset: 'Routes for software that many shops run, after those of your own.',
  routes: 'Where payments come in.',
  'routes.[].name': 'Names the route in the log.',
  'routes.[].match': 'Which requests.',
  'routes.[].match.methods': 'Others that are not safe are refused on this path.',
  'routes.[].match.path': 'Exact; `{name}` stands for one segment. Other spellings of it are refused.',
  'routes.[].match.query': 'Parameter → values: the route is known by its query too. Lenient spellings are refused.',
  'routes.[].kind': '`payment`, `setup` stores a card, `renewal` is a charge without the payer.',
  'routes.[].access': "`shopper`, or `server`: only callers on the allowlist, the merchant's own servers.",
  'routes.[].accepts':
    'Of a server route: which entries let a caller in, `static` ones of the allowlist, `leased` ones, or both. `static` unless said.',
  'routes.[].egress': "Of a server route: what a caller must show beside his address, to be your own server's.",
  'routes.[].egress.client_certificate':
    'A certificate that the edge has verified (mutual TLS), and that is pinned here.',
  'routes.[].egress.client_certificate.sha256':
    'SHA-256 fingerprints of the certificates, 64 hex digits; any of them will do.',
  'routes.[].egress.signature': 'A signature by RFC 9421 over method, URL and the digest of the body.',
  'routes.[].egress.signature.keys': 'Ids of `network.egress_keys`; any of them will do.',
  'routes.[].egress.signature.window_seconds': 'How old a signature may be, and how long its nonce is remembered.',
  'routes.[].egress.require': 'Where both are named: `all`, unless it says `any`.',
  'routes.[].body':
    'One format, or several by content type; `graphql` or `sealed` alone. UTF-8, uncompressed, at most 128 KiB; 10,000 fields, a form 1,000.',
  'routes.[].operations': 'The payments of a `graphql` route, which needs them: each is judged and settled by itself.',
  'routes.[].operations.[].field': 'A field of the mutation type, or a path to one under namespaces: `checkout.pay`.',
  'routes.[].operations.[].kind': "The route's, unless it says otherwise.",
  ...fieldNotes('routes.[].operations.[].fields', "the field's arguments"),
  'routes.[].operations.[].card':
    '`required` where `card_number` is configured; with `optional` a token or nothing will do.',
  'routes.[].operations.[].not_card_fields': 'Arguments whose numbers only look like cards, such as gift cards.',
  'routes.[].operations.[].attached_to':
    'Names the payment whose attached card is meant where the arguments hold none.',
  ...outcomeNotes('routes.[].operations.[].outcome', "the operation's result"),
  'routes.[].operations.[].tells':
    'What of the result a request must ask for; absent: every pointer of the patterns, and always those of `failed`.',
  'routes.[].operations.[].tells_by_type':
    'Of a result of several types: type → pointers, one of which a request must ask for, bare or in a fragment on that type. `tells` is empty then, unless it is written.',
  'routes.[].persisted': 'SHA-256 in lower-case hex → document, for clients that send a hash alone.',
  ...fieldNotes('routes.[].fields', 'the body'),
  'routes.[].card': '`required` where `card_number` is configured; with `optional` a token or nothing will do.',
  'routes.[].not_tokens': "What stands at a token's place and is none, such as `new`.",
  'routes.[].pairs': 'Lists of `{key, value}` or `{name, value}`, read as fields of their own: `/payment_data/<key>`.',
  'routes.[].attempt_unless':
    'JSON Pointer → values, `null` for nothing: no attempt where all fit; `{}`: never one. A card in it is attached for later.',
  'routes.[].attached_to':
    'Names the payment whose attached card is meant where the body holds none: `{id}` or a pointer.',
  'routes.[].continues':
    'Names the payment that the request goes on with, after 3-D Secure for one: `{id}` or a pointer. While it waits, and card or address are the same, it is the same attempt.',
  'routes.[].refuse_containing': 'JSON Pointer (`*`: any entry of a list) → words that make the body refused.',
  'routes.[].card_needs':
    'What must stand beside a card number for the origin to take it for a card: expiry, code. Else the request is refused, and so is a number with a wrong check digit.',
  'routes.[].not_card_fields': 'Fields whose numbers only look like cards, such as gift cards.',
  'routes.[].customer': 'How a customer id is proved; absent: everyone is a guest.',
  'routes.[].customer.jwt': 'By a token in a header.',
  'routes.[].customer.jwt.header': 'The name of the header.',
  'routes.[].customer.jwt.claim': "The claim that holds the customer's id.",
  'routes.[].customer.jwt.jwks_url': 'Where the public keys are.',
  'routes.[].customer.jwt.secret_name': 'Or the name of a Worker secret, `CORDON_JWT_…`.',
  'routes.[].customer.jwt.algorithms': 'Which are accepted.',
  'routes.[].customer.jwt.issuer': 'The only issuer that is accepted.',
  'routes.[].customer.jwt.audience': 'The only audience that is accepted.',
  ...outcomeNotes('routes.[].outcome', "the shop's answer"),
  'routes.[].step_up': 'What this route does with of the step-up.',
  'routes.[].step_up.methods': 'Of the methods of `step_up` those that payers are offered here.',
  'routes.[].processor': 'By whose table decline codes are read.',
  'routes.[].refusal': '`hyperswitch` refuses with 400 `IR_16`.',
  'routes.[].timeout_seconds': 'How long the shop may take.',
  returns: "Where payers come back from a bank, and the shop's answer tells what became of the payment.",
  'returns.[].name': 'Names the return in the log.',
  'returns.[].match': 'Which requests; those that a route takes are none.',
  'returns.[].match.methods': '`GET`, `POST`.',
  'returns.[].match.path': 'As for a route.',
  'returns.[].match.query': 'As for a route.',
  'returns.[].payment_id':
    "By what the payment is known: a pointer into the answer's JSON (`answer`), a parameter of its `Location` (`location`), or the client's word (`request`: `{id}` or a parameter), by which a payment from the same address alone is settled.",
  'returns.[].payment_id.answer': "JSON Pointer into the shop's answer.",
  'returns.[].payment_id.location': 'A parameter of the page that the answer leads to; it must stand there once.',
  'returns.[].payment_id.request': 'A `{name}` of the path, or a parameter of the query.',
  ...outcomeNotes('returns.[].outcome', "the shop's answer"),
  'returns.[].outcome.unmatched': 'What an answer means that fits no pattern: `unknown` leaves the payment as it is.',
  'returns.[].processor': 'By whose table decline codes are read.',
  'returns.[].timeout_seconds': 'How long the shop may take.',
  card_testing_guard_config: "Hyperswitch's object, taken as it is.",
  ...guardNotes('card_ip', 'Failures of one card from one address.'),
  ...guardNotes('guest_user_card', 'Failures of one card by guests.'),
  ...guardNotes('customer_id', 'Failures of one customer.'),
  ...guardNotes('guest_ip', 'Failures of guests from one address.'),
  'card_testing_guard_config.card_testing_guard_expiry': 'Seconds that a counter lives after its last failure.',
  ...VELOCITY_NOTES,
  attack_mode:
    'Watches for attacks that no counter of one identity sees: the segment that is attacked is stepped up, and refused where nothing of it was ever paid. Absent: off.',
  'attack_mode.mode': '`off`: by hand alone (switches); `shadow`: what it would ask is recorded.',
  clean_history:
    'A verified customer with settled payments old enough, none disputed or refunded, is left alone by rules that count strangers. Absent: nobody is.',
  'clean_history.min_payments': 'So many settled payments.',
  'clean_history.min_age_days': 'The first of them is at least so old.',
  network: 'Where payers may come from.',
  'network.minimum_tls': 'Where Cordon stands in front of the shop.',
  'network.leases': 'Whether addresses may be leased. Absent: they may not.',
  'network.leases.max_total_seconds': 'How long a lease may live, all renewals together.',
  'network.leases.max_active': 'How many leases there may be at a time.',
  'network.allowlist': 'Who may use server routes. Entries must not overlap.',
  'network.allowlist.[].cidr': 'A prefix of IPv4 or IPv6 addresses, without a bit set beyond its length.',
  'network.allowlist.[].label': 'For people; it stands in the reasons of a decision.',
  'network.allowlist.[].asn': 'Seen from another network, or an unknown one, the entry lets nobody in.',
  'network.allowlist.[].country': 'Seen from another country, or an unknown one, the entry lets nobody in.',
  'network.allowlist.[].expires_at': 'From this moment on it is no entry any more.',
  'network.egress_keys': 'The public keys by which your servers sign; routes name them in `egress`.',
  'network.egress_keys.[].id': 'What the signature names as `keyid`.',
  'network.egress_keys.[].algorithm': 'Signatures are read by this algorithm alone.',
  'network.egress_keys.[].public_key': 'A JWK, or PEM (`BEGIN PUBLIC KEY`). A private key is refused.',
  'network.egress_keys.[].expires_at': 'From this moment on it signs nothing any more.',
  'network.operating_countries':
    'Others are refused; none: all may pay. ISO 3166-1 alpha-2, `continent:EU` and the like, `region:eu`, `region:eea`.',
  'network.payer_country': "Besides, the country in which the payer's card was issued is let in, where it is known.",
  'network.deny_countries': 'These are refused, also where they operate; named in the same ways.',
  'network.unknown_country': '`ignore`, or `challenge` once there are operating countries.',
  'network.tor': 'Where it is ignored, Tor counts as an unknown country.',
  'network.asn': 'Networks by their number.',
  'network.asn.deny': 'These are refused.',
  'network.asn.allow': 'If any is named, all others are refused.',
  'network.asn.hosting': 'Data centres: `ignore`; `score` counts them; the others do something besides.',
  'network.asn.vpn': 'Networks of VPN operators, likewise.',
  'network.country_mismatch': '`score`: countries of address, card and billing address that differ count.',
  'network.modes': '`enforce`, `shadow` or `off` by reason code.',
  reputation: 'What is listened to about an address, and what becomes of the risk score.',
  'reputation.feeds': 'Imported lists, by name, or with what each does.',
  'reputation.feeds.[].name': 'As it was imported (`npm run cordon -- feed list`).',
  'reputation.feeds.[].weight': 'What share of its scores counts.',
  'reputation.feeds.[].then': 'What a listed address meets beside counting in the score.',
  'reputation.feeds.[].then_at': 'The least score, as weighed, at which `then` is meant.',
  'reputation.providers': "Asked about a payer's address, which they thereby learn; about nothing else.",
  'reputation.providers.[].name': 'Each at most once.',
  'reputation.providers.[].key_name':
    'The name of the secret with its key: `CORDON_REPUTATION_`, its name in capitals, and what you like.',
  'reputation.providers.[].timeout_ms': 'From the beginning of the request on; then it counts as silent.',
  'reputation.providers.[].cache_seconds': 'How long an answer is good.',
  'reputation.providers.[].daily_budget': 'Look-ups a day (UTC), never more.',
  'reputation.providers.[].weight': 'What its score is multiplied by.',
  'reputation.providers.[].then': 'What a high score does besides counting.',
  'reputation.providers.[].then_at': '`then` is for scores of at least this, after the weight.',
  'reputation.providers.[].api_url': "The provider's own address; in development a stand-in on this machine.",
  'reputation.shared':
    'Gives what this shop sees of addresses to the others of the deployment that share, and listens to what they see.',
  'reputation.step_up_above': 'A higher score asks for a challenge.',
  'reputation.on_silence': 'What an attempt meets when a feed or a provider does not answer; it is always a reason.',
  'reputation.sizes': 'How much a signal weighs, 0 to 100, that comes from no list.',
  'reputation.sizes.hosting': 'The address is of a data centre.',
  'reputation.sizes.vpn': 'The address is of a VPN operator.',
  'reputation.sizes.card_ip': "The card's country is not the address's.",
  'reputation.sizes.card_billing': "The card's country is not the billing address's.",
  'reputation.sizes.billing_ip': "The billing address's country is not the address's.",
  'reputation.sizes.time_zone': "The time zone is none of the address's country.",
  records: 'What is kept of decisions and outcomes.',
  'records.retention_days': 'Rows older than this are removed; totals stay.',
  session:
    "A signed cookie that Cordon hands out on the shop's pages; a payment without one has the reason `no_session`.",
  'session.mode': '`shadow` records the reason; `enforce` asks for a challenge.',
  'session.min_age_seconds': 'A payment that comes sooner after the first page has the reason too.',
  'session.max_age_seconds': 'Seconds that a cookie is good for; a page renews it after half of them.',
  'session.max_addresses': 'From so many addresses one session may pay within an hour. Absent: not counted.',
  'session.max_cards': 'With so many cards one session may pay within an hour. Absent: not counted.',
  sealed: "Cards that the shop's pages seal for Cordon and the shop, and nobody between. Absent: none.",
  'sealed.origin_keys':
    "The shop's own public keys, as JWKs of P-256, each with a `kid`. Pages seal for the first; all are taken.",
  'sealed.audience': 'For whom a payment must be sealed. Absent: the host that it is sent to.',
  'sealed.max_age_seconds': 'How long a sealed payment may be good.',
  step_up: 'What becomes of a challenge.',
  'step_up.methods': 'What a payer is offered, in this order.',
  'step_up.by_risk': 'Other methods for payers whose risk score is above one; the highest that applies counts.',
  'step_up.by_risk.[].above': 'A risk score, 0 to 100.',
  'step_up.by_risk.[].methods': 'Offered instead of `step_up.methods`.',
  'step_up.pass_seconds': 'How long a passed challenge may wait for its payment.',
  'step_up.challenge_seconds': 'How long a challenge may be answered.',
  'step_up.max_unanswered':
    'So many challenges of one address or card may be unanswered or failed; then it is shut for an hour.',
  'step_up.fallback': 'What a challenge becomes where no method can be offered.',
  'step_up.proof_of_work': "Work for the payer's device: friction, never clearance.",
  'step_up.proof_of_work.least': 'Derivations at most at the risk score 0; about a millisecond each on a desktop.',
  'step_up.proof_of_work.most': 'Derivations at most at the risk score 100.',
  'step_up.turnstile': "Cloudflare's widget.",
  'step_up.turnstile.site_key': 'Public.',
  'step_up.turnstile.secret_name': 'The secret of the deployment that holds its secret key, `CORDON_TURNSTILE_…`.',
  'step_up.turnstile.hostnames': "Where the widget may stand besides the challenge's own page: hosts of the shop's.",
  'step_up.turnstile.api_url':
    'Where Turnstile is: nothing else, but for a stand-in on the same machine in development.',
  'step_up.passkey': 'Face, finger or PIN on a device of a verified customer.',
  'step_up.passkey.rp_id':
    "The domain that passkeys are for: each of `hosts`, or one that all are in. Absent: the page's own host.",
  'step_up.passkey.rp_name': "What devices call the shop. Absent: the merchant's id.",
  'step_up.passkey.min_age_seconds': 'A passkey that was enrolled later proves nothing.',
  'step_up.passkey.max_per_customer': 'More are not enrolled.',
  'step_up.identity': 'A document and a selfie, looked at by a provider.',
  'step_up.identity.secret_name': 'The secret of the deployment that holds its key, `CORDON_IDENTITY_…`.',
  'step_up.identity.webhook_secret_name': 'The secret that its webhooks are signed with, `CORDON_WEBHOOK_…`.',
  'step_up.identity.daily_budget': 'Sessions a day (UTC). Beyond, the method cannot be run.',
  'step_up.identity.api_url': 'Where Stripe is: nothing else, but for a stand-in on the same machine in development.',
  ...RULE_NOTES,
  webhooks: 'The processors that report to Cordon.',
  ...webhookNotes('stripe', 'Stripe'),
  'webhooks.stripe.cancel_intents': 'For checkouts where the card goes from the browser straight to Stripe.',
  'webhooks.stripe.cancel_intents.after_failures': 'Failed tries of one intent.',
  'webhooks.stripe.cancel_intents.key_name':
    'The secret of the deployment that holds a Stripe key, `CORDON_PROCESSOR_…`.',
  'webhooks.stripe.cancel_intents.api_url':
    'Where Stripe is: nothing else, but for a stand-in on the same machine in development.',
  ...webhookNotes('adyen', 'Adyen'),
  ...webhookNotes('checkout', 'Checkout.com'),
  ...webhookNotes('hyperswitch', 'Hyperswitch'),
  ...webhookNotes('braintree', 'Braintree'),
  alerts: 'Who is told when something is wrong. Absent: nobody.',
  'alerts.url': 'Where messages go: https, on port 443 or 8443, to a named host that is not guarded by Cordon.',
  'alerts.secret_name':
    'The secret of the deployment by which messages are signed, `CORDON_ALERT_…` (`whsec_` and 24 to 64 bytes in base64); a list of up to four while one is being replaced.',
  'alerts.kinds': 'Of which messages are sent; all, unless said.',
  gate: 'Where the counters live.',
  'gate.location': "A hint at the gate's birth.",
  'gate.jurisdiction': "Part of the gate's identity: a change starts a new, empty one.",
  'gate.shards': LATER,
  key_version: 'Raise it to rotate the fingerprint key; no counter is lost.',
  reservation_seconds: 'How long a place is held when no outcome comes.',
  max_block_seconds: 'The longest life of a block, however often its key fails meanwhile.',
  on_gate_unavailable: 'What an attempt meets when the counters do not answer.',
};

function webhookNotes(processor: string, name: string): Readonly<Record<string, string>> {
  return {
    [`webhooks.${processor}`]: `${name} reports to \`/.cordon/v1/webhooks/{merchant}/${processor}\`.`,
    [`webhooks.${processor}.secret_names`]:
      'Secrets of the deployment, `CORDON_WEBHOOK_…`; several while one is being replaced.',
  };
}
