/**
 * What somebody else wrote, made fit for a line of the log: bounded, and without card numbers, addresses, e-mails and the
 * queries of URLs. Control characters are the line's own affair (log.ts). Pure.
 */
import { holdsCardNumber } from '../attempt/card-number.ts';

const TEXT_LIMIT = 200;
/** Looked at beyond the limit, so that nothing hides by being cut in two. */
const LOOKED_AT = 1_000;
const ID_LIMIT = 128;
/** What stands in place of what is not what it should be. */
const STRANGE = '?';
const WITHHELD = '[number]';

/** Nothing below could find anything in it. */
const PLAIN = /^[a-z_:/ ]{0,64}$/;
const EVALUATION = /^(?:ev|le|ch)_[0-9a-f]{28,32}[a-z0-9_-]{0,64}(?:\/[\w-]{1,128})?$/;
const HASH = /^[0-9a-f]{32}$/;
const KEY = /^key:[0-9a-f]{16}$/;
const ID = /^[\w-]{1,128}$/;
const WORD = /^[\w.:/ +-]{1,64}$/;
const LONG_NUMBER = /\d{12,}/g;
const WORD_WITH_NUMBER = /[0-9A-Za-z]*\d{12,}[0-9A-Za-z]*/g;
const EMAIL = /[^\s@"<>]+@[^\s@"<>]+/g;
const QUERY = /((?:[a-z][a-z0-9+.-]{0,20}:\/\/|\/)[^\s?#]*)[?#]\S*/gi;
/** Of a URL that somebody has written otherwise. */
const PARAMETER = /[?#&][^\s?#&=]{1,64}=\S*/g;
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g;
const IPV6 = /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi;

/** Free text: of an operator, of a configuration, of Cordon's own words about either. */
export function harmlessText(text: string): string {
  if (PLAIN.test(text)) return text;
  const seen = text.slice(0, LOOKED_AT);
  if (holdsCardNumber(seen, '')) return WITHHELD;
  const known = seen
    .replace(QUERY, '$1?…')
    .replace(PARAMETER, '?…')
    .replace(EMAIL, '[e-mail]')
    .replace(IPV4, '[address]')
    .replace(IPV6, '[address]')
    .replace(WORD_WITH_NUMBER, (word) => (HASH.test(word) ? word : WITHHELD));
  return known.length > TEXT_LIMIT ? `${known.slice(0, TEXT_LIMIT)}…` : known;
}

/** An id that somebody else made: letters, digits, `_` and `-`, and no number as long as a card's. */
export function harmlessId(id: string): string {
  if (!ID.test(id) || id.length > ID_LIMIT) return STRANGE;
  return id.replace(LONG_NUMBER, WITHHELD);
}

/** An id that Cordon made, or a further try of one, whose second half is a processor's. */
export function ownId(id: string): string {
  if (!EVALUATION.test(id)) return harmlessId(id);
  if (!id.includes('/')) return id;
  const [own = id, further] = id.split('/', 2);
  return further === undefined ? own : `${own}/${harmlessId(further)}`;
}

/** The version of a configuration, or of a list. */
export function hashOf(text: string): string {
  return HASH.test(text) || text === '' ? text : harmlessId(text);
}

/** A word of a closed list. */
export function wordOf(word: string): string {
  if (PLAIN.test(word) || KEY.test(word)) return word;
  return WORD.test(word) ? harmlessText(word) : STRANGE;
}

/** What names or tells of payers, which the journal keeps and the log does not. */
const PAYERS = new Set(['ip', 'card', 'customer_id', 'customer', 'email', 'session', 'session_id', 'device_id']);
/** Of an audit line these may hold an address: that of a server which somebody let in, and the line says which. */
const MAY_BE_ADDRESS = new Set(['cidr']);
const KEY_ID = /^[0-9a-f]{16}$/;
const DEPTH_LIMIT = 4;
const MEMBERS_LIMIT = 24;

/** What was there before a change or after it, without payers. */
export function harmlessChange(value: unknown, name = '', depth = 0): unknown {
  if (typeof value === 'string') return changedText(value, name);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (depth >= DEPTH_LIMIT) return '…';
  if (Array.isArray(value)) return value.slice(0, MEMBERS_LIMIT).map((one) => harmlessChange(one, name, depth + 1));
  const members = Object.entries(value).filter(([key]) => !PAYERS.has(key));
  const kept = members.slice(0, MEMBERS_LIMIT);
  return Object.fromEntries(kept.map(([key, one]) => [harmlessText(key), harmlessChange(one, key, depth + 1)]));
}

function changedText(text: string, name: string): string {
  if (MAY_BE_ADDRESS.has(name)) return text.slice(0, TEXT_LIMIT);
  const isMade = EVALUATION.test(text) || (name === 'id' && KEY_ID.test(text) && /[a-f]/.test(text));
  return isMade ? text : harmlessText(text);
}
