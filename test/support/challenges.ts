/**
 * A payer who is challenged: reads what there is to answer, does the work, and gets his pass.
 */
import { exports } from 'cloudflare:workers';
import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from '../../src/step-up/proof-of-work.ts';

/** As little work as there may be. */
export const LIGHT = { least: 2, most: 2 } as const;
/** Every payment is risky, and proof of work is all that there is. */
export const RISKY = {
  network: { asn: { hosting: 'challenge' } },
  step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT },
} as const;
/** A network that is known to be a data centre. */
export const HOSTING = { country: 'NL', asn: 16509, tlsVersion: 'TLSv1.3' } as const;

export interface Asked {
  readonly code: string;
  readonly evaluation: string;
  readonly challenge: { readonly url: string; readonly methods: readonly string[]; readonly expires_at: string };
}

export interface Told {
  readonly evaluation: string;
  readonly methods: readonly { readonly name: string; readonly strength: number; readonly task: Challenge }[];
  readonly pass?: string;
}

let calls = 0;
/** Another address each time, or the limit before the gate would shed a test's many calls. */
const nextAddress = () => `10.255.${calls >> 8}.${calls++ & 255}`;

/** One call below a challenge's address. */
export function call(url: string, init: RequestInit = {}, ip = nextAddress()): Promise<Response> {
  return exports.default.fetch(new Request(url, { ...init, headers: { 'cf-connecting-ip': ip, ...init.headers } }));
}

export async function solved(url: string): Promise<{ readonly challenge: Challenge; readonly solution: unknown }> {
  const told = (await (await call(url)).json()) as Told;
  const challenge = told.methods.find(({ name }) => name === 'proof_of_work')?.task;
  if (challenge === undefined) throw new Error('no proof of work');
  return { challenge, solution: await solveChallenge({ challenge, deriveKey }) };
}

export function answer(url: string, said: unknown, { method = 'proof_of_work', ip = nextAddress() } = {}) {
  return call(`${url}/${method}`, { method: 'POST', body: JSON.stringify({ answer: said }) }, ip);
}

/** The pass of a challenge, honestly come by. */
export async function passOf(asked: Response): Promise<string> {
  const { challenge } = (await asked.json()) as Asked;
  const given = await answer(challenge.url, await solved(challenge.url));
  return ((await given.json()) as { pass: string }).pass;
}
