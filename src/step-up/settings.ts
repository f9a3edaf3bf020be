/**
 * What a merchant has settled about step-up, ready for use: the methods in their order, by risk, and each one's own
 * settings.
 */
import type { MethodName } from './method-name.ts';

export interface StepUpSettings {
  /** In the merchant's order. */
  readonly methods: readonly MethodName[];
  /** Above which risk score which methods instead, the highest first. */
  readonly byRisk: readonly { readonly above: number; readonly methods: readonly MethodName[] }[];
  readonly passMs: number;
  readonly challengeMs: number;
  /** How many challenges of one address or card may be open or failed within an hour. */
  readonly maxUnanswered: number;
  readonly proofOfWork: ProofOfWorkSettings;
  readonly turnstile: TurnstileSettings | null;
  readonly passkey: PasskeySettings | null;
  readonly identity: IdentitySettings | null;
}

export interface ProofOfWorkSettings {
  /** Derivations that a payer's device makes on average, at the risk score 0 and at 100. */
  readonly least: number;
  readonly most: number;
}

export interface TurnstileSettings {
  readonly siteKey: string;
  readonly secretName: string;
  /** Where the widget may stand besides the page of the challenge. */
  readonly hostnames: readonly string[];
  /** Cloudflare's, or that of a stand-in. */
  readonly apiUrl: URL;
}

export interface PasskeySettings {
  /** The domain that the passkeys are for; null: the host of the page. */
  readonly relyingParty: string | null;
  /** What devices call the shop. */
  readonly relyingPartyName: string;
  /** How old an enrolment must be to prove anything. */
  readonly minAgeMs: number;
  readonly mostPerCustomer: number;
}

export interface IdentitySettings {
  readonly secretName: string;
  readonly webhookSecretName: string;
  /** Sessions a day (UTC). */
  readonly dailyBudget: number;
  /** Stripe's, or that of a stand-in. */
  readonly apiUrl: URL;
}
