/**
 * A prefix as it is written, wherever one is: in the allowlist and in a lease the same reader reads it.
 */
import * as z from 'zod';
import { type IpPrefix, parsePrefix } from '../attempt/ip-prefix.ts';

const NO_PREFIX = 'must be a prefix such as 203.0.113.0/28 or 2001:db8::/48';

export const prefixSchema = z.string().transform((text, context): IpPrefix => {
  const reading = parsePrefix(text);
  if (reading.kind === 'prefix') return reading.prefix;
  context.addIssue({ code: 'custom', message: messageOf(reading) });
  return z.NEVER;
});

function messageOf(reading: Exclude<ReturnType<typeof parsePrefix>, { kind: 'prefix' }>): string {
  switch (reading.kind) {
    case 'bare_address':
      return `${NO_PREFIX}; one address is ${reading.prefix}`;
    case 'host_bits':
      return `has bits set beyond its prefix; the network is ${reading.network}`;
    case 'malformed':
      return NO_PREFIX;
  }
}
