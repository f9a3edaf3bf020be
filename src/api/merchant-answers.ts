/**
 * What whoever writes a configuration asks for, and what he is answered.
 */
import { problem } from '../wire.ts';
import { nameOf } from './bearer.ts';
import type { Order, PutResult } from './merchants.ts';
import { type ApiContext, unreadJson } from './request.ts';

export function configuration(json: string, version: string, status: number): Response {
  const headers = { 'content-type': 'application/json', etag: `"${version}"`, 'cache-control': 'no-store' };
  return new Response(json, { status, headers });
}

/** Who writes, and over which versions he may. */
export function orderOf(c: ApiContext, now: number): Order {
  const { kind, caller } = c.get('bearer');
  const ifMatch = c.req.header('if-match');
  const mayReplace = ifMatch === undefined ? undefined : (version: string | null) => isMatch(ifMatch, version);
  return { now, by: { who: nameOf(caller) }, namesSecrets: kind === 'admin', mayReplace };
}

/** RFC 9110, 13.1.1: strong comparison, so a weak tag matches nothing. */
function isMatch(ifMatch: string, version: string | null): boolean {
  if (version === null) return false;
  return ifMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim() === `"${version}"`);
}

export function putAnswer(result: PutResult): Response {
  switch (result.kind) {
    case 'created':
      return configuration(result.json, result.version, 201);
    case 'replaced':
      return configuration(result.json, result.version, 200);
    case 'not_json':
      return unreadJson(result.why);
    case 'too_large':
      return problem('too_large');
    case 'faulty':
      return problem('invalid_configuration', { errors: result.faults });
    case 'host_taken':
      return problem('conflict', { detail: `the host ${result.host} belongs to another merchant` });
    case 'overtaken':
      return problem('overtaken');
    case 'unavailable':
      return problem('gate_unavailable');
  }
}
