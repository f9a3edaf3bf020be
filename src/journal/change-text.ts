/**
 * What was there before a change and after it, as it may go on record: bounded, and without secrets and card numbers,
 * wherever somebody wrote one. Whoever reads the record learns who changed what, and nothing to pay or to log in with.
 */
import { holdsCardNumber } from '../attempt/card-number.ts';

const TEXT_LIMIT = 1_000;
const MEMBERS_LIMIT = 100;
const DEPTH_LIMIT = 8;
/** Of one side. A message of the queue holds both, and more entries. */
const CHARACTERS_LIMIT = 8_000;

/** A merchant's key, and a lease's proof. */
const SECRET = /(?:ck_[0-9a-f]{56}|lp_[\w-]{16})[\w-]*/g;
const SECRET_NAME = /^(?:key|proof|secret|password|authorization)$/i;
/** As long as a card's, with letters around it that say it is none. */
const LONG_NUMBER = /\d{12,}/g;
/** Ids and versions of Cordon's own making. A card's number has no letter. */
const OWN_ID = /^(?:(?:ev|le|fp|tk|ch)_[\w-]{16,160}|(?=\d*[a-f])[0-9a-f]{16}|(?=\d*[a-f])[0-9a-f]{32})$/;

/** JSON; `null` where there was nothing. */
export function recordable(value: unknown): unknown {
  const clean = cleaned(value ?? null, '', 0);
  return JSON.stringify(clean).length <= CHARACTERS_LIMIT ? clean : { cut: true };
}

function cleaned(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string') return cleanedText(value, name);
  if (typeof value === 'number') return holdsCardNumber(String(value), `/${name}`) ? '[number]' : value;
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (depth >= DEPTH_LIMIT) return '…';
  if (Array.isArray(value)) return value.slice(0, MEMBERS_LIMIT).map((one) => cleaned(one, name, depth + 1));
  const members = Object.entries(value).slice(0, MEMBERS_LIMIT);
  return Object.fromEntries(members.map(([key, one]) => [cleanedText(key, ''), cleaned(one, key, depth + 1)]));
}

function cleanedText(text: string, name: string): string {
  if (OWN_ID.test(text)) return text;
  if (SECRET_NAME.test(name)) return '[secret]';
  if (holdsCardNumber(text, `/${name}`)) return '[number]';
  const known = text.replaceAll(SECRET, '[secret]').replaceAll(LONG_NUMBER, '[number]');
  return known.length > TEXT_LIMIT ? `${known.slice(0, TEXT_LIMIT)}…` : known;
}
