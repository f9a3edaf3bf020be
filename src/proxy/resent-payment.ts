/**
 * A payment that a challenge's page sends again: its body sealed, with a pass. Opened in memory, it is from there on the
 * request that it was, to be read and judged anew. Asked only about a body that is in no format of the route.
 */
import { decodeBody, wholeBytes } from '../attempt/body.ts';
import type { HeldStream } from '../attempt/held-stream.ts';
import type { Unreadable } from '../attempt/unreadable.ts';
import type { Guarding } from './guarding.ts';
import { Visit } from './visit.ts';

/** As browsers write a form of this type (HTML, 4.10.21.7). */
const TYPE = /^text\/plain\s*(?:;|$)/i;
const FIELDS = /^cordon_sealed=([\w.-]+)\r\ncordon_pass=([\w.-]*)\r\n$/;
/** Who sends a page of this very host. A browser that does not say is believed; the body decides. */
const OTHERS = ['cross-site', 'same-site'];

interface Resent {
  readonly sealed: string;
  readonly pass: string;
}

export type Reopened =
  | { readonly kind: 'reopened'; readonly guarding: Guarding; readonly held: HeldStream }
  | { readonly kind: 'unopened'; readonly why: Unreadable }
  | { readonly kind: 'none' };

/** `why`: the body could not be read. */
export async function reopen(guarding: Guarding, held: HeldStream, why: Unreadable): Promise<Reopened> {
  const { visit, inForce, now } = guarding;
  const { merchant, stepUp } = inForce.policy;
  if (stepUp === null || why.because !== 'content_type') return { kind: 'none' };
  const resent = readResent(visit, held);
  if (resent === null) return { kind: 'none' };
  if (OTHERS.includes(visit.headers.get('sec-fetch-site') ?? '')) return unopened('elsewhere');
  const { openBody, placeOf } = await import('../step-up/sealed-body.ts');
  const here = { merchant, method: visit.method, place: placeOf(visit.url), now };
  const opening = await openBody(resent.sealed, stepUp.sealKey, here);
  if (opening.kind !== 'opened') return unopened(opening.kind);
  const { contentType, body } = opening.sealed;
  const again = new Visit(requestWith(visit.request, { contentType, body, pass: resent.pass }), visit.url);
  return { kind: 'reopened', guarding: { ...guarding, visit: again }, held: await again.hold() };
}

function unopened(fault: Extract<Unreadable, { because: 'sealed' }>['fault']): Reopened {
  return { kind: 'unopened', why: { because: 'sealed', fault } };
}

function readResent({ request }: Visit, held: HeldStream): Resent | null {
  if (!TYPE.test(request.headers.get('content-type') ?? '')) return null;
  const bytes = wholeBytes(held);
  const text = bytes.ok ? decodeBody(bytes.value) : bytes;
  const [, sealed = '', pass = ''] = (text.ok && FIELDS.exec(text.value)) || [];
  return sealed === '' ? null : { sealed, pass };
}

interface Original {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly pass: string;
}

function requestWith({ url, method, headers: sent, cf }: Request, { contentType, body, pass }: Original): Request {
  const headers = new Headers(sent);
  headers.delete('content-encoding');
  headers.set('content-type', contentType);
  headers.set('content-length', String(body.byteLength));
  headers.delete('cordon-pass');
  if (pass !== '') headers.set('cordon-pass', pass);
  return new Request(url, {
    method,
    headers,
    body,
    redirect: 'manual',
    ...(cf === undefined ? {} : { cf }),
  } as RequestInit);
}
