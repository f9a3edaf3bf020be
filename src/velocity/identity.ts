/**
 * By what an attempt is counted, dimension by dimension. Each says by itself what it is, so that no customer's id passes
 * for a network. What is missing touches nothing. Pure.
 */
import { type Attempt, namesOf } from '../attempt/attempt.ts';
import { countedPrefix } from '../attempt/ip-prefix.ts';
import { type Count, DISTINCT, type Dimension, type DistinctCount, type VelocityRule } from './rule.ts';

const MARKS = { asn: 'as:', country: 'cc:', bin: 'bin:', email_domain: 'dom:' } as const;
const EVERYBODY = '*';

/** By a BIN two counters count: of its first six digits, and of its first eight. */
export type BinDigits = 6 | 8;

/** What stands for one dimension of an attempt; null where it is not known. */
export function identity(
  dimension: Dimension,
  attempt: Attempt,
  { fingerprint, binDigits }: { readonly fingerprint: string; readonly binDigits: BinDigits },
): string | null {
  const { whence, payer, card } = attempt;
  switch (dimension) {
    case 'card':
      return fingerprint;
    case 'ip':
      return whence?.ip.counted ?? null;
    case 'ip_prefix':
      return whence === null ? null : countedPrefix(whence.ip);
    case 'asn':
      return marked(MARKS.asn, whence?.asn);
    case 'country':
      return marked(MARKS.country, whence?.country);
    case 'bin':
      return marked(MARKS.bin, binDigits === 6 ? card?.bin?.slice(0, 6) : card?.issuer);
    case 'customer':
      return payer.kind === 'customer' ? payer.id : null;
    case 'email':
      return attempt.email?.digest ?? null;
    case 'email_domain':
      return marked(MARKS.email_domain, attempt.email?.domain);
    case 'session':
      return attempt.session;
    case 'device':
      return attempt.device ?? null;
    case 'merchant':
      return EVERYBODY;
  }
}

function marked(mark: string, value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : `${mark}${value}`;
}

/** A key: what the rule is known by, and then the identities in the order of `by`; null where one is missing. */
export function keyOf(
  rule: Pick<VelocityRule, 'name' | 'keyedAs' | 'by'>,
  attempt: Attempt,
  named: { readonly fingerprint: string; readonly binDigits: BinDigits },
): string | null {
  let key = `["${rule.keyedAs ?? rule.name}"`;
  for (const dimension of rule.by) {
    const part = identity(dimension, attempt, named);
    if (part === null) return null;
    // A JSON text of names: a customer's id alone can hold what JSON escapes.
    key += dimension === 'customer' ? `,${JSON.stringify(part)}` : `,"${part}"`;
  }
  return `${key}]`;
}

/** Of what the attempt adds one to a distinct count, by each of its names, the surest first; null where it has none. */
export function itemsOf(count: Count | undefined, attempt: Attempt): readonly string[] | null {
  if (count === undefined || !isDistinct(count)) return null;
  const dimension = DISTINCT[count];
  if (dimension === 'card') return attempt.card === null ? null : namesOf(attempt);
  const item = identity(dimension, attempt, { fingerprint: '', binDigits: 6 });
  return item === null ? null : [item];
}

export function isDistinct(count: Count): count is DistinctCount {
  return count in DISTINCT;
}

/** An identity in a key, as people write it. */
export function plainIdentity(dimension: Dimension, part: string): string {
  const mark = MARKS[dimension as keyof typeof MARKS] ?? '';
  return part.startsWith(mark) ? part.slice(mark.length) : part;
}

const OF_MANY = /^(?:as:\d+|cc:[A-Z0-9]{2}|bin:\d{6,8}|dom:.*|\*)$/;
const WRITTEN = /^(?:em|de)_[A-Za-z0-9_-]{22}$/;
const PREFIX = /\/(?:24|48)$/;

/** Whether an identity in a key is a payer's own: not one of many payers, nor what anybody can write. */
export function isPayers(part: string): boolean {
  return !OF_MANY.test(part) && !WRITTEN.test(part) && !PREFIX.test(part);
}
