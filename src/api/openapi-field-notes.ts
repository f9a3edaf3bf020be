/**
 * What the fields of requests mean. A field that `schemas.ts` gains does not compile until it stands here.
 */
import type { z } from 'zod';
import type { BacktestRequest } from './backtest-schemas.ts';
import type { ErasureRequest, ReconcileRequest, ReplayRequest } from './journal-schemas.ts';
import type { LeaseRenewal, LeaseRequest } from './lease-schemas.ts';
import type { ListItemRequest } from './list-schemas.ts';
import type { PasskeyEnrolment, PasskeyOptionsRequest } from './passkey-schemas.ts';
import type {
  ApiAttempt,
  evaluationRequestSchema,
  feedRequestSchema,
  keyRequestSchema,
  OutcomeRequest,
  UnblockRequest,
} from './schemas.ts';
import type { SwitchRequest } from './switch-schemas.ts';

type NotesOf<T> = Readonly<Record<keyof T, string>>;

const CARD = 'One of three forms: its number, a fingerprint, a token.';

export const FIELD_NOTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EvaluationRequest: {
    merchant: 'Whose attempt it is.',
    attempt: 'What is known of the attempt.',
    pass: 'Proof of a step-up that was passed. This release asks for none, so it changes nothing.',
  } satisfies NotesOf<z.output<typeof evaluationRequestSchema>>,
  Attempt: {
    ip: "The payer's IPv4 or IPv6 address, as your own edge saw it. Needed, but for a renewal.",
    country: 'ISO 3166-1 alpha-2 country of the address; `T1` for Tor, `XX` where it is not known.',
    asn: "The number of the address's network; 0 where it is not known.",
    card: CARD,
    customer_id: 'Your id of a customer who is logged in. You vouch for it: everyone else is a guest, so leave it out.',
    email: "The payer's e-mail address.",
    session_id: 'Your id of the visit; what is kept is a keyed digest.',
    device_id: 'Your id of the device.',
    user_agent: "The payer's `User-Agent`.",
    amount: "In the currency's minor unit: 1999 is 19.99 EUR.",
    currency: 'ISO 4217, upper case.',
    billing_country: 'ISO 3166-1 alpha-2. A signal; as anybody can type it, it opens nothing.',
    time_zone: "The time zone of the payer's device, by IANA's name: a signal.",
    kind: '`payment`; `setup` stores a card; `renewal` is a charge without the payer, counted under card and customer alone.',
  } satisfies NotesOf<ApiAttempt>,
  Card: {
    number:
      '12 to 19 digits, with single spaces or hyphens at most. It lives in the memory of the request; what is kept is a keyed fingerprint.',
    fingerprint: "The processor's fingerprint of the card, or Cordon's own as it stands in a block.",
    bin: 'The first six to eight digits, where the processor tells them.',
    country: "ISO 3166-1 alpha-2 country of the card's issuer; it goes before what a table says.",
    token: 'A token that always means the same card.',
  },
  OutcomeRequest: {
    status:
      '`pending`: the payer must do more, 3-D Secure for one. `unknown`: nobody can say; it counts as no failure.',
    decline_reason: 'Why it `failed`; a word that Cordon does not know counts as `other`.',
    processor_payment_id: "The processor's id of the payment: its webhooks find the evaluation by it.",
    card_fingerprint:
      "The processor's fingerprint of the card. From then on it and the number, or the token, of this attempt are one card.",
  } satisfies NotesOf<OutcomeRequest>,
  KeyRequest: {
    name: 'For people.',
    scopes:
      '`evaluate` asks, `report` tells, `manage` does the rest. All that the calling key has, when none is named.',
  } satisfies NotesOf<z.output<typeof keyRequestSchema>>,
  UnblockRequest: {
    card: CARD,
    ip: "The payer's address.",
    customer_id: 'Your id of the customer.',
    email: 'No rule of this release counts by e-mail, so alone it lifts nothing.',
    remove_deny_items: 'Also takes off the deny list what names this payer alone. Unless said they stay, and are told.',
  } satisfies NotesOf<UnblockRequest>,
  LeaseRequest: {
    cidr: 'A prefix of at most a /24, in IPv6 a /48, without a bit set beyond its length; one address is /32, or /128.',
    owner: 'Whose address it is, for people.',
    ttl_seconds: 'How long it lives unless it is renewed; no more than `max_total_seconds` of the configuration.',
    reason: 'Why, for people.',
  } satisfies NotesOf<LeaseRequest>,
  LeaseRenewal: {
    proof: 'What was told when the lease was made.',
    ttl_seconds: 'How long from now; as long as when it was made, unless said.',
  } satisfies NotesOf<LeaseRenewal>,
  ListItemRequest: {
    type: 'What the value is.',
    value: 'As people write it: `AS64500` or 64500, an address in any spelling. No card number.',
    card: `Instead of a value, for \`card_fingerprint\`. ${CARD}`,
    expires_at: 'From then on it is none any more; it stays, unless said.',
    reason: 'Why, for people: the merchant reads it beside each refusal, and the payer never.',
  } satisfies NotesOf<ListItemRequest>,
  BacktestRequest: {
    config: "The merchant's configuration to try, as `PUT` takes it; `id` may be left out. Absent: the one in force.",
    from: 'Not before; RFC 3339. Seven days before `to` unless said.',
    to: 'Before; RFC 3339. Now unless said.',
    suggestions:
      'Whether each velocity rule is also tried with a third to thrice its limit; or the names of those that are. With many rules that takes long: `is_complete` says how far it came.',
  } satisfies NotesOf<BacktestRequest>,
  PasskeyOptionsRequest: {
    host: 'One of `hosts`: where the page is that makes it.',
    label: "What the customer's device is to call him; his e-mail address, for one. It is not kept.",
  } satisfies NotesOf<PasskeyOptionsRequest>,
  PasskeyEnrolment: {
    host: 'One of `hosts`: where the page is that made it.',
    response: "What the browser said of it, as WebAuthn's `toJSON()` or `startRegistration` give it.",
  } satisfies NotesOf<PasskeyEnrolment>,
  SwitchRequest: {
    attack_mode:
      '`on`: every stranger is stepped up; `off`: nobody is, whatever the watch says; `auto`: the watch alone says again. One of this, `bypass`, `drain` and `undrain`.',
    drain:
      'Nothing is sent to this `country` (two letters, as in `origin.pool`) or this `place` (a host of `origin.pool`), until then or until it is lifted.',
    undrain: 'The drain of this `country` or `place` is lifted.',
    bypass: '`on`: everything goes on unjudged. `off`: it is judged again.',
    until: 'Of `on`, which needs it: when it ends by itself, in the future and 24 hours from now at most.',
    reason: 'Why, for people; `on` needs one.',
  } satisfies NotesOf<SwitchRequest>,
  ErasureRequest: {
    customer_id: 'Your id of the customer.',
    card: CARD,
    ip: 'The address itself, not its prefix: others may have used it too, and lose it with the person.',
    session_id: 'Your id of the visit, or the digest of it as it is on record.',
    email: 'Not on record, so alone it finds nothing.',
  } satisfies NotesOf<ErasureRequest>,
  ReplayRequest: {
    ids: 'Those to try; a page of all where none is named.',
    cursor: 'The `next_cursor` of the page before.',
  } satisfies NotesOf<ReplayRequest>,
  ReconcileRequest: {
    merchant: 'Whose gate is compared.',
    cursor: 'The `next_cursor` of the page before.',
  } satisfies NotesOf<ReconcileRequest>,
  FeedRequest: {
    kind: '`addresses`: what is said against addresses and networks; `networks`: what networks are for; `bins`: whose a card is.',
    url: 'https, of a public host. Redirects are followed to such hosts alone.',
    refresh_seconds: 'How often it is asked for; a source that answers `304` sends nothing.',
    score: 'Of lines that name none.',
    force: 'Takes a text that has shrunk to less than a tenth.',
  } satisfies NotesOf<z.output<typeof feedRequestSchema>>,
};
