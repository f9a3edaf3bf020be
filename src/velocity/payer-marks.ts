/**
 * By what a payer is known again without his card: each mark with its kind, so that no customer's id passes for an
 * address.
 */
import type { Attempt } from '../attempt/attempt.ts';

export function payerMarks({ whence, payer, session }: Attempt): readonly string[] {
  return [
    ...(whence === null ? [] : [addressMark(whence.ip.counted)]),
    ...(payer.kind === 'customer' ? [`customer|${payer.id}`] : []),
    ...(session === null ? [] : [`session|${session}`]),
  ];
}

/** `address` as it is counted. */
export function addressMark(address: string): string {
  return `ip|${address}`;
}
