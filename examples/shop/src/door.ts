// The shop's door: whether a request came through Cordon, by its signature. As a merchant would have it, but for the keys,
// which `npm start` hands over: a Worker cannot fetch them from a port whose certificate is self-signed.

import { CordonVerifier, type Verdict } from '../../origin/typescript/cordon-verifier.ts';

export interface Keys {
  /** What this shop is called in the merchant's `origin.pool`. */
  authority: string;
  /** What `/.cordon/jwks.json` answered. */
  set: unknown;
  /** Whoever comes past Cordon is turned away. */
  isShut: boolean;
}

let verifier: CordonVerifier | null = null;
let isShut = false;

export function takeKeys({ authority, set, isShut: shut }: Keys): void {
  const keysUrl = `data:application/json,${encodeURIComponent(JSON.stringify(set))}`;
  verifier = new CordonVerifier({ keysUrl, authorities: [authority] });
  isShut = shut;
}

/** How the request came. Looked at once: a nonce is good for one look. */
export async function lookAt(request: Request): Promise<Verdict> {
  if (verifier === null) return { ok: false, why: 'the shop has no keys: only `npm start` hands them over' };
  const { method, url, headers } = request;
  const { pathname, search } = new URL(url);
  const body = new Uint8Array(await request.clone().arrayBuffer());
  return verifier.verify({ method, target: `${pathname}${search}`, headers, body });
}

/** Whether somebody who came like this may come in. */
export function mayEnter(verdict: Verdict): boolean {
  return verdict.ok || !isShut;
}
