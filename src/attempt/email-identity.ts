/**
 * E-mail addresses as they are counted: one mailbox is one, however it is spelt. Its address never leaves this request's
 * memory, a keyed digest stands for it. Pure but for the digest.
 */
import type { EmailIdentity } from './attempt.ts';
import { digest } from './card-fingerprint.ts';
import { readEmail } from './email-address.ts';

const DIGEST_LENGTH = 22;

/** Null for what is no address: it is as good as not told. */
export async function emailIdentity(written: string, key: CryptoKey): Promise<EmailIdentity | null> {
  const read = readEmail(written);
  if (read === null) return null;
  const { address, domain } = read;
  return { digest: `em_${(await digest(address, 'email', key)).slice(0, DIGEST_LENGTH)}`, domain };
}
