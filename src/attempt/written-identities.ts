/**
 * What a request says of its payer that anybody could write: an e-mail address, the shop's name for a device. Keyed
 * digests stand for them, and one mailbox is one, however it is spelt.
 */
import type { Attempt, EmailIdentity } from './attempt.ts';
import { digest } from './card-fingerprint.ts';

const DIGEST_LENGTH = 22;
const LONGEST = 320;
const ADDRESS = /^([^\s@]{1,64})@([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)$/;
/** Where dots in a mailbox's name mean nothing. */
const DOTLESS = new Set(['gmail.com']);
const SAME_DOMAIN: Readonly<Record<string, string>> = { 'googlemail.com': 'gmail.com' };

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

/** Null for what is no address. */
export async function emailIdentity(written: string, key: CryptoKey): Promise<EmailIdentity | null> {
  const address = canonicalEmail(written);
  if (address === null) return null;
  const { mailbox, domain } = address;
  return { digest: `em_${(await digest(`${mailbox}@${domain}`, 'email', key)).slice(0, DIGEST_LENGTH)}`, domain };
}

/** The shop's name for a device, as it is counted. */
export async function deviceIdentity(written: string, key: CryptoKey): Promise<string> {
  return `de_${(await digest(written, 'device', key)).slice(0, DIGEST_LENGTH)}`;
}

/** Lower case, without what stands behind a plus, and without dots where they mean nothing. */
export function canonicalEmail(written: string): { readonly mailbox: string; readonly domain: string } | null {
  if (written.length > LONGEST) return null;
  const [, name, said] = ADDRESS.exec(written.trim().normalize('NFKC').toLowerCase()) ?? [];
  if (name === undefined || said === undefined) return null;
  const domain = SAME_DOMAIN[said] ?? said;
  const plain = name.split('+', 1)[0] ?? '';
  const mailbox = DOTLESS.has(domain) ? plain.replaceAll('.', '') : plain;
  return { mailbox: mailbox === '' ? name : mailbox, domain };
}
