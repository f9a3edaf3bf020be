/**
 * E-mail addresses in the one spelling by which a mailbox is looked up: what a buyer may write differently and still
 * get his mail is folded. Pure.
 */
export interface EmailAddress {
  /** `local@domain`: lower case, without a `+tag`; at Gmail without dots. */
  readonly address: string;
  /** In ASCII (RFC 5891). */
  readonly domain: string;
}

const LONGEST = { text: 320, local: 64, domain: 253 } as const;
/** RFC 5321's dot-atom, in any script (RFC 6531): no quotes, spaces or comments. */
const LOCAL = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u;
/** What a URL would read as anything but a host's name. */
const NO_NAME = /[^\p{L}\p{N}\p{M}.-]/u;
const LABELS = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/**
 * How most are written, which needs no more reading: ASCII in lower case, no label in Punycode, and none that a URL would
 * read as the end of an IPv4 address. To make a `URL` costs more than all else here.
 */
const USUAL =
  /^([a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@((?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/;
/** Both names of the same mailboxes, in which dots mean nothing. */
const GMAIL: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com']);

/** Null for what is no plain address. Wide and styled letters are the plain ones (NFKC); unseen ones are left out. */
export function readEmail(text: string): EmailAddress | null {
  if (text.length > LONGEST.text) return null;
  const [, written = '', domain = ''] = USUAL.exec(text) ?? [];
  if (domain !== '' && written.length <= LONGEST.local && domain.length <= LONGEST.domain)
    return folded(written, domain);
  return readUnusual(text);
}

function readUnusual(text: string): EmailAddress | null {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .trim();
  const at = plain.lastIndexOf('@');
  const domain = at < 1 ? null : readDomain(plain.slice(at + 1));
  const written = plain.slice(0, at).toLowerCase().normalize('NFC');
  if (domain === null || written.length > LONGEST.local || !LOCAL.test(written)) return null;
  return folded(written, domain);
}

function folded(written: string, domain: string): EmailAddress | null {
  const tag = written.indexOf('+');
  const untagged = tag < 0 ? written : written.slice(0, tag);
  const isGmail = GMAIL.has(domain);
  const local = isGmail ? untagged.replaceAll('.', '') : untagged;
  if (local === '') return null;
  const host = isGmail ? 'gmail.com' : domain;
  return { address: `${local}@${host}`, domain: host };
}

/** A domain of e-mail in ASCII and lower case; null for what is none, an address or a single label. */
export function readDomain(text: string): string | null {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .trim()
    .replace(/\.$/, '');
  if (plain === '' || plain.length > LONGEST.domain || NO_NAME.test(plain)) return null;
  const host = hostOf(plain);
  return host !== null && host.length <= LONGEST.domain && LABELS.test(host) ? host : null;
}

/** The domain and those above it, down to two labels: who denies a provider denies its subdomains. */
export function domainsAbove(domain: string): readonly string[] {
  const labels = domain.split('.');
  const first = Math.max(0, labels.length - DEEPEST);
  return labels.slice(first, -1).map((_, index) => labels.slice(first + index).join('.'));
}

/** More labels than any real domain has: what stands before them is not looked up. */
const DEEPEST = 8;

function hostOf(name: string): string | null {
  try {
    return new URL(`http://${name}`).hostname;
  } catch {
    return null;
  }
}
