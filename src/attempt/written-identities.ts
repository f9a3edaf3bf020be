/**
 * What a request says of its payer that anybody could write: an e-mail address, the shop's name for a device. Keyed
 * digests stand for them, and one mailbox is one, however it is spelt.
 */
import type { Attempt } from './attempt.ts';
import { digest } from './card-fingerprint.ts';
import { emailIdentity } from './email-identity.ts';

const DIGEST_LENGTH = 22;

/** Which of them are made out: each costs a digest. */
export interface AskedIdentities {
  readonly email: boolean;
  readonly device: boolean;
  readonly key: CryptoKey;
}

/** Those that are asked for and told. What is no address is as good as not told. */
export async function writtenIdentities(
  { email, deviceId }: { readonly email?: string | undefined; readonly deviceId?: string | undefined },
  asked: AskedIdentities,
): Promise<Pick<Attempt, 'email' | 'device'>> {
  const mailbox = email === undefined || !asked.email ? null : await emailIdentity(email, asked.key);
  const device = deviceId === undefined || !asked.device ? {} : { device: await deviceIdentity(deviceId, asked.key) };
  return mailbox === null ? device : { email: mailbox, ...device };
}

/** The shop's name for a device, as it is counted. */
export async function deviceIdentity(written: string, key: CryptoKey): Promise<string> {
  return `de_${(await digest(written, 'device', key)).slice(0, DIGEST_LENGTH)}`;
}
