/**
 * What the origin's answer says about itself never reaches a client.
 */
import type { Veil } from './answer.ts';

const REVEALING = [
  'server',
  'x-powered-by',
  'via',
  'x-aspnet-version',
  'x-aspnetmvc-version',
  'x-generator',
  'x-runtime',
  'x-backend-server',
  'x-served-by',
  'alt-svc',
];

/** Turns the origin's headers, where they stand, into what a client may see. */
export function tidyAnswer(headers: Headers, evaluation: string | null, _veil: Veil): void {
  for (const name of REVEALING) headers.delete(name);
  if (evaluation !== null) headers.set('cordon-evaluation', evaluation);
}
