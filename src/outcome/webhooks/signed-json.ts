/**
 * A webhook whose raw body is signed as it is, in hexadecimal, and holds one JSON document.
 */
import type { Fields } from '../../attempt/fields.ts';
import { readSignedJsonFields } from '../../attempt/json-body.ts';
import type { Delivery, ProcessorEvent, Reading } from '../processor-event.ts';
import { bytesOfHex, bytesOfText, type HmacHash, isSignedByAny } from './signature.ts';

/** Null: not what the processor documents. */
export type EventsOf = (fields: Fields) => readonly ProcessorEvent[] | null;

export const FORGED: Reading = { kind: 'forged' };
export const UNREADABLE: Reading = { kind: 'unreadable' };

/** Whether the header holds the HMAC of the body under one of the secrets. */
export function isBodySigned(
  { headers, body }: Delivery,
  secrets: readonly string[],
  { header, hash }: { readonly header: string; readonly hash: HmacHash },
): Promise<boolean> {
  const signature = bytesOfHex(headers.get(header) ?? '');
  const signatures = signature === null ? [] : [signature];
  return isSignedByAny(secrets.map(bytesOfText), { hash, text: body, signatures });
}

/** The events of a JSON body that is known to be authentic. */
export function readSignedJson(body: Uint8Array, eventsOf: EventsOf): Reading {
  const fields = jsonFieldsOf(body);
  return fields === null ? UNREADABLE : readingOf(eventsOf(fields));
}

export function readingOf(events: readonly ProcessorEvent[] | null): Reading {
  return events === null ? UNREADABLE : { kind: 'events', events };
}

/** Null for what two readers could read differently, and for what is no UTF-8. */
export function jsonFieldsOf(body: Uint8Array): Fields | null {
  const text = textOf(body);
  if (text === null) return null;
  const read = readSignedJsonFields(text);
  return read.ok ? read.value : null;
}

export function textOf(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}
