/**
 * Stands in for Cloudflare's `siteverify`, in its documented format: good answers unless told otherwise.
 */
import type { Posing, Services } from '../../src/step-up/method.ts';
import type { StepUpSettings } from '../../src/step-up/settings.ts';

export const NOW = Date.UTC(2026, 10, 22, 12);
export const EVALUATION = 'ev_0123456789abcdef0123456789abcdefacme';
export const SITE_KEY = '0x4AAAAAAA-site';
export const SECRET = '0x4AAAAAAA_that_only_the_tests_know';
export const TOKEN = '0.token-of_the.widget';

export interface Asked {
  readonly url: string;
  readonly method: string;
  readonly redirect: string;
  readonly said: Readonly<Record<string, string>>;
}

/** As Cloudflare says that a token is good. */
export const GOOD = {
  success: true,
  'error-codes': [],
  challenge_ts: new Date(NOW - 5_000).toISOString(),
  hostname: 'shop.acme.example',
  action: 'cordon-step-up',
  cdata: EVALUATION,
  metadata: { interactive: false },
} as const;

type Reply = (asked: Asked, signal: AbortSignal) => Response | Promise<Response>;

export class Siteverify {
  readonly asked: Asked[] = [];
  /** In order; the last one again and again. */
  replies: readonly Reply[] = [() => Response.json(GOOD)];

  readonly fetch: Services['fetch'] = async (request, signal) => {
    const { url, method, redirect } = request;
    // text() warns of every form.
    const said = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer())));
    this.asked.push({ url, method, redirect, said });
    const reply = this.replies[this.asked.length - 1] ?? this.replies.at(-1);
    if (reply === undefined) throw new Error('no reply');
    return reply({ url, method, redirect, said }, signal);
  };
}

export interface Circumstances {
  readonly secret?: string | null;
  readonly siteKey?: string;
  readonly hostnames?: readonly string[];
  readonly apiUrl?: string;
  readonly isProduction?: boolean;
  readonly host?: string;
}

const nobody = () => Promise.resolve('unavailable' as const);

/** A challenge that is answered. */
export function posing(services: Pick<Services, 'fetch'>, change: Circumstances = {}): Posing {
  const {
    secret = SECRET,
    siteKey = SITE_KEY,
    hostnames = [],
    isProduction = true,
    host = 'shop.acme.example',
  } = change;
  const apiUrl = new URL(change.apiUrl ?? 'https://challenges.cloudflare.com');
  const turnstile = { siteKey, secretName: 'CORDON_TURNSTILE_TESTS', hostnames, apiUrl };
  return {
    merchant: 'acme',
    host,
    url: `https://${host}/.cordon/challenge/token`,
    ip: '203.0.113.9',
    ticket: {
      merchant: 'acme',
      evaluation: EVALUATION,
      bound: 'digest',
      methods: ['turnstile'],
      riskScore: 71,
      effort: 1,
      customer: null,
      expiresAt: NOW + 900_000,
    },
    settings: { turnstile } as unknown as StepUpSettings,
    isProduction,
    now: NOW,
    services: {
      ...services,
      sharedSecret: (name: string) => (name === 'CORDON_TURNSTILE_TESTS' ? secret : null),
      ownSecret: () => Promise.resolve('own'),
      passkeys: null,
      identityBook: { find: nobody, afford: nobody, begin: nobody },
    },
  };
}
