/**
 * What every reader must do with signatures, told once: a delivery that its processor made is read, and whatever else
 * could be made of it is forged.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessorEvent, Reading, WebhookReader } from '../../../src/outcome/processor-event.ts';

export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export interface Signing {
  readonly reader: WebhookReader;
  readonly now: number;
  readonly secret: string;
  readonly otherSecret: string;
  /** A delivery of one event, signed with the secret. */
  readonly sign: (secret: string) => Promise<Sent>;
  /** Where the signature stands: a header, or the body. */
  readonly header: string | null;
  /** False where only some fields of the body are signed. */
  readonly isWholeBodySigned: boolean;
}

const encoder = new TextEncoder();

export function bytesOf(body: Sent['body']): Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? new Uint8Array(encoder.encode(body)) : body;
}

export function deliver(
  { reader, now, secret }: Pick<Signing, 'reader' | 'now' | 'secret'>,
  sent: Sent,
  secrets: readonly string[] = [secret],
): Promise<Reading> {
  return reader.read({ headers: new Headers(sent.headers), body: bytesOf(sent.body) }, secrets, now);
}

/** The events, or a failing test. */
export function eventsOf(reading: Reading): readonly ProcessorEvent[] {
  expect(reading.kind).toBe('events');
  return reading.kind === 'events' ? reading.events : [];
}

const FORGED: Reading = { kind: 'forged' };

/** Turns one bit of one character, which stays printable. */
const flip = (text: string, at: number) =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);

export function describeSignature(signing: Signing) {
  const { secret, otherSecret, sign } = signing;
  const read = (sent: Sent, secrets?: readonly string[]) => deliver(signing, sent, secrets);

  describe('the signature', () => {
    it('lets in what was signed with the secret', async () => {
      expect(eventsOf(await read(await sign(secret)))).toHaveLength(1);
    });

    it('lets in what any of several secrets signed, whichever comes first', async () => {
      for (const signer of [secret, otherSecret]) {
        const sent = await sign(signer);
        expect(eventsOf(await read(sent, [secret, otherSecret]))).toHaveLength(1);
        expect(eventsOf(await read(sent, [otherSecret, secret]))).toHaveLength(1);
      }
    });

    it('keeps out what another secret signed', async () => {
      expect(await read(await sign(otherSecret))).toEqual(FORGED);
    });

    it.each([
      ['no secret', []],
      ['an empty secret', ['']],
      ['secrets that are none', ['', ' ', ':', 'x:', ':x', 'zz']],
    ])('keeps everything out under %s', async (_, secrets) => {
      expect(await read(await sign(secret), secrets)).toEqual(FORGED);
    });

    it('reads the same bytes to the same events, however often they come', async () => {
      const sent = await sign(secret);
      expect(await read(sent)).toEqual(await read(sent));
    });

    it('keeps out a body that begins or ends otherwise, or is empty', async () => {
      const { headers, body } = await sign(secret);
      const text = new TextDecoder().decode(bytesOf(body));
      for (const other of ['', text.slice(0, -1), text.slice(1), text.slice(0, text.length / 2)]) {
        expect(await read({ headers, body: other })).toEqual(FORGED);
      }
    });

    it('throws never, whatever comes', async () => {
      const { headers } = await sign(secret);
      const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes));
      await fc.assert(
        fc.asyncProperty(anyBytes, async (body) => {
          expect(await read({ headers, body })).toEqual(FORGED);
        }),
        { numRuns: 50 },
      );
    });
  });

  if (signing.isWholeBodySigned) describeBody(signing);
  if (signing.header !== null) describeHeader(signing, signing.header);
}

function describeBody(signing: Signing) {
  it('a body with one bit turned anywhere is forged', async () => {
    const { headers, body } = await signing.sign(signing.secret);
    const text = new TextDecoder().decode(bytesOf(body));
    const step = Math.max(1, Math.floor(text.length / 300));
    for (let at = 0; at < text.length; at += step) {
      expect(await deliver(signing, { headers, body: flip(text, at) }), `at ${at}`).toEqual(FORGED);
    }
  });
}

function describeHeader(signing: Signing, name: string) {
  const readWith = async (change: (value: string) => string) => {
    const { headers, body } = await signing.sign(signing.secret);
    return deliver(signing, { headers: { ...headers, [name]: change(headers[name] ?? '') }, body });
  };

  describe('the header', () => {
    it('with one bit turned anywhere is forged', async () => {
      const { headers } = await signing.sign(signing.secret);
      for (let at = 0; at < (headers[name]?.length ?? 0); at++) {
        expect(await readWith((value) => flip(value, at)), `at ${at}`).toEqual(FORGED);
      }
    });

    it.each([
      ['empty', () => ''],
      ['cut', (value: string) => value.slice(0, -2)],
      ['cut by half a byte', (value: string) => value.slice(0, -1)],
      ['longer', (value: string) => `${value}00`],
      ['longer by half a byte', (value: string) => `${value}0`],
      ['of something else', () => 'hello'],
      ['in another alphabet', (value: string) => btoa(value)],
    ])('%s is forged', async (_, change) => {
      expect(await readWith(change)).toEqual(FORGED);
    });

    it('missing is forged', async () => {
      const { body } = await signing.sign(signing.secret);
      expect(await deliver(signing, { headers: {}, body })).toEqual(FORGED);
    });
  });
}
