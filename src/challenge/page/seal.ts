/**
 * `/.cordon/seal.js`, for shops whose pages seal their cards: `cordon.seal(payment)` gives the body to send. It never gives
 * anything but a sealed one: where the keys do not come, or the browser has no cryptography, it throws.
 */
import { type RecipientKey, sealPayment } from './sealing.ts';

const KEYS = '/.cordon/jwks.json';
const OWN = 'cordon.';
/** A page that stays open hears of new keys in time. */
const KEPT_MS = 120_000;

interface KeySet {
  readonly keys: readonly (RecipientKey & { readonly use?: string })[];
  readonly sealed?: { readonly audience?: string; readonly max_age_seconds: number };
}

interface Known {
  readonly set: KeySet;
  /** How far Cordon's clock is ahead of this one. */
  readonly aheadMs: number;
  readonly until: number;
}

let known: Promise<Known> | null = null;

/** Seals a payment, as the shop's server takes it: its card, and whatever else belongs to it. */
async function seal(payment: object): Promise<string> {
  const { set, aheadMs } = await keysInForce();
  const sealing = set.keys.filter(({ use }) => use === 'enc');
  const own = sealing.find(({ kid }) => kid.startsWith(OWN));
  const shop = sealing.find(({ kid }) => !kid.startsWith(OWN));
  if (own === undefined || shop === undefined || set.sealed === undefined) throw new Error('nothing is sealed here');
  const { audience = location.hostname.replace(/\.$/, ''), max_age_seconds: lifeSeconds } = set.sealed;
  const now = Math.floor((Date.now() + aheadMs) / 1000);
  return sealPayment(payment, { own, shop, audience, now, lifeSeconds });
}

async function keysInForce(): Promise<Known> {
  const last = await known?.catch(() => null);
  if (last && Date.now() < last.until) return last;
  known = fetchKeys();
  return known;
}

async function fetchKeys(): Promise<Known> {
  const answer = await fetch(KEYS, { cache: 'no-store', credentials: 'omit' });
  if (!answer.ok) throw new Error(`the keys did not come: ${answer.status}`);
  const now = Date.now();
  const there = Date.parse(answer.headers.get('date') ?? '');
  // The clock of a phone may be wrong by hours: what is sealed by it would be over, or from the future.
  const aheadMs = Number.isNaN(there) ? 0 : there - now;
  return { set: (await answer.json()) as KeySet, aheadMs, until: now + KEPT_MS };
}

const page = globalThis as typeof globalThis & { cordon?: object };
page.cordon = Object.assign(page.cordon ?? {}, { seal });
