/**
 * Adyen's standard webhooks: a batch of items, each with its own Base64 HMAC-SHA256 over eight of its fields, under a
 * key given in hexadecimal. Source: https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures.
 * No time is signed (`eventDate` is not among the eight), so nothing can be stale: a repeat is told by its event's id.
 */
import type { Fields } from '../../attempt/fields.ts';
import type { ProcessorEvent, Reading, WebhookReader } from '../processor-event.ts';
import { readItem } from './adyen-item.ts';
import { bytesOfBase64, bytesOfHex, bytesOfText, isSignedByAny } from './signature.ts';
import { FORGED, jsonFieldsOf, readingOf } from './signed-json.ts';

/** Adyen sends one item at a time in JSON, six at most in its older formats. */
const ITEMS_LIMIT = 64;
const ITEMS = '/notificationItems';
/** In the order in which they are signed. */
const SIGNED_FIELDS = [
  'pspReference',
  'originalReference',
  'merchantAccountCode',
  'merchantReference',
  'amount/value',
  'amount/currency',
  'eventCode',
  'success',
] as const;

export const adyen: WebhookReader = {
  read: async ({ body }, secrets) => {
    // The signatures stand inside the document: what cannot be read was signed by nobody.
    const fields = jsonFieldsOf(body);
    const items = fields === null ? [] : itemsOf(fields);
    if (fields === null || items.length === 0 || items.length > ITEMS_LIMIT) return FORGED;
    return (await areAllSigned(fields, items, secrets)) ? readItems(fields, items) : FORGED;
  },
  received: { status: 200, contentType: 'text/plain', body: '[accepted]' },
};

/** Pointers of all items that say anything at all, in their order: one without a signature spoils the batch. */
function itemsOf(fields: Fields): readonly string[] {
  const indexes = new Set<string>();
  for (const pointer of fields.keys()) {
    const [, name, index] = pointer.split('/', 3);
    if (`/${name}` === ITEMS && index !== undefined) indexes.add(index);
  }
  const inOrder = [...indexes].sort((a, b) => Number(a) - Number(b));
  return inOrder.map((index) => `${ITEMS}/${index}/NotificationRequestItem`);
}

async function areAllSigned(fields: Fields, items: readonly string[], secrets: readonly string[]): Promise<boolean> {
  const keys = secrets.map(bytesOfHex).filter((key) => key !== null);
  for (const item of items) {
    const text = signedText(fields, item);
    const signature = bytesOfBase64(String(fields.get(`${item}/additionalData/hmacSignature`) ?? ''));
    if (text === null || signature === null) return false;
    const signed = { hash: 'SHA-256', text: bytesOfText(text), signatures: [signature] } as const;
    if (!(await isSignedByAny(keys, signed))) return false;
  }
  return true;
}

/**
 * The eight fields joined by colons, unescaped, as Adyen's own library does it. So that the same text cannot be cut
 * up into other fields, only the shop's own reference may hold a colon itself.
 */
function signedText(fields: Fields, item: string): string | null {
  const values = SIGNED_FIELDS.map((name) => String(fields.get(`${item}/${name}`) ?? ''));
  const isAmbiguous = values.some((value, i) => value.includes(':') && SIGNED_FIELDS[i] !== 'merchantReference');
  return isAmbiguous ? null : values.join(':');
}

function readItems(fields: Fields, items: readonly string[]): Reading {
  const events: ProcessorEvent[] = [];
  for (const item of items) {
    const read = readItem(fields, item);
    if (read === null) return readingOf(null);
    events.push(...read);
  }
  return readingOf(events);
}
