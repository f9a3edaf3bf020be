/**
 * The body of a protected request: declared as what it is, bounded, and decoded without guessing.
 */
import type { Fields } from './fields.ts';
import { readFormFields } from './form-body.ts';
import type { HeldStream } from './held-stream.ts';
import { readJsonFields } from './json-body.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

export const BODY_LIMIT_BYTES = 128 * 1024;
export const BODY_FORMATS = ['json', 'form'] as const;
export type BodyFormat = (typeof BODY_FORMATS)[number];

const MEDIA_TYPES = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  /** RFC 7515, section 9.2.1. */
  sealed: 'application/jose+json',
} as const;
type MediaName = keyof typeof MEDIA_TYPES;
const PARAMETER = /^\s*charset\s*=\s*(?:"utf-8"|utf-8)\s*$/i;
// ignoreBOM keeps the mark in the text, where the parsers refuse it; the default would swallow it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The one of the route's formats that the headers declare, in UTF-8 and not compressed. */
export function readDeclaration<T extends MediaName>(
  headers: Headers,
  formats: readonly T[],
  { isPlain = false }: Pick<HeldStream, 'isPlain'> = {},
): Read<T> {
  const [mediaType = '', ...parameters] = (headers.get('content-type') ?? '').split(';');
  const format = formats.find((it) => MEDIA_TYPES[it] === mediaType.trim().toLowerCase());
  if (format === undefined) {
    return unreadable({ because: 'content_type', expected: formats.map((it) => MEDIA_TYPES[it]).join(' or ') });
  }
  if (!parameters.every((parameter) => PARAMETER.test(parameter))) return unreadable({ because: 'charset' });
  const encoding = isPlain ? 'identity' : (headers.get('content-encoding') ?? 'identity');
  return encoding.trim().toLowerCase() === 'identity' ? readable(format) : unreadable({ because: 'compressed' });
}

/** The whole body, or why it is not in hand. */
export function wholeBytes({ bytes, end }: HeldStream): Read<Uint8Array<ArrayBuffer>> {
  if (end === 'broken') return unreadable({ because: 'cut_off' });
  const isTooLarge = end === 'more_to_come' || bytes.byteLength > BODY_LIMIT_BYTES;
  return isTooLarge ? unreadable({ because: 'too_large', limitBytes: BODY_LIMIT_BYTES }) : readable(bytes);
}

/** The text of a body: UTF-8 and nothing else. */
export function decodeBody(bytes: Uint8Array): Read<string> {
  try {
    return readable(utf8.decode(bytes));
  } catch {
    return unreadable({ because: 'not_utf8' });
  }
}

/** Decodes and parses the bytes of a body in the route's format. */
export function parseBody(bytes: Uint8Array, format: BodyFormat): Read<Fields> {
  const text = decodeBody(bytes);
  if (!text.ok) return text;
  switch (format) {
    case 'json':
      return readJsonFields(text.value);
    case 'form':
      return readFormFields(text.value);
  }
}
