/**
 * Braintree's webhooks: a form of `bt_signature` (`public key|signature`, joined by `&`) and `bt_payload`, Base64 of
 * XML, under HMAC-SHA1 with the SHA-1 of the private key as its key. A secret is `public_key:private_key`.
 * Source: https://developer.paypal.com/braintree/docs/guides/webhooks/parse and the official libraries. The timestamp
 * in the payload is signed, but no library judges by it: repeats are told by the event's id.
 */
import { readFormFields } from '../../attempt/form-body.ts';
import type { Delivery, Reading, WebhookReader } from '../processor-event.ts';
import { readNotification } from './braintree-notification.ts';
import { bytesOfBase64, bytesOfHex, bytesOfText, isSignedByAny } from './signature.ts';
import { FORGED, readingOf, textOf, UNREADABLE } from './signed-json.ts';
import { readXmlFields } from './xml-fields.ts';

const PAYLOAD = /^[A-Za-z0-9+=/\n]+$/;
const SIGNATURES_LIMIT = 16;

export const braintree: WebhookReader = {
  read: async ({ body }, secrets) => {
    const form = formOf(body);
    if (form === null || !(await isAuthentic(form, secrets))) return FORGED;
    return readPayload(form.payload);
  },
  received: { status: 200, contentType: null, body: null },
};

interface Form {
  readonly signature: string;
  readonly payload: string;
}

/** Null where there is nothing that could have been signed. */
function formOf(body: Delivery['body']): Form | null {
  const text = textOf(body);
  const read = text === null ? null : readFormFields(text);
  if (read === null || !read.ok) return null;
  const signature = read.value.get('/bt_signature');
  const payload = read.value.get('/bt_payload');
  if (typeof signature !== 'string' || typeof payload !== 'string' || !PAYLOAD.test(payload)) return null;
  return { signature, payload };
}

async function isAuthentic({ signature, payload }: Form, secrets: readonly string[]): Promise<boolean> {
  const pairs = signature.split('&', SIGNATURES_LIMIT).map((pair) => pair.split('|', 2));
  for (const secret of secrets) {
    const colon = secret.indexOf(':');
    const publicKey = secret.slice(0, Math.max(0, colon));
    const privateKey = secret.slice(colon + 1);
    if (publicKey === '' || privateKey === '') continue;
    const own = pairs.flatMap(([name, value = '']) => (name === publicKey ? [bytesOfHex(value)] : []));
    const signatures = own.filter((bytes) => bytes !== null);
    if (signatures.length > 0 && (await isPayloadSigned(payload, privateKey, signatures))) return true;
  }
  return false;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** The payload ends in a line break, which some form readers drop: the libraries try it with one more. */
async function isPayloadSigned(payload: string, privateKey: string, signatures: readonly Bytes[]): Promise<boolean> {
  const key = new Uint8Array(await crypto.subtle.digest('SHA-1', bytesOfText(privateKey)));
  for (const text of [payload, `${payload}\n`]) {
    if (await isSignedByAny([key], { hash: 'SHA-1', text: bytesOfText(text), signatures })) return true;
  }
  return false;
}

function readPayload(payload: string): Reading {
  const bytes = bytesOfBase64(payload);
  const xml = bytes === null ? null : textOf(bytes);
  const fields = xml === null ? null : readXmlFields(xml);
  return fields === null ? UNREADABLE : readingOf(readNotification(fields));
}
