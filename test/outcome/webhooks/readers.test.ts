/**
 * Every processor's reader, on workerd, over deliveries whose signatures the official libraries made.
 */
import { describe, expect, it } from 'vitest';
import { PROCESSORS } from '../../../src/outcome/processor-event.ts';
import { WEBHOOK_READERS } from '../../../src/outcome/webhooks/readers.ts';
import { FROZEN, type FrozenDelivery } from './frozen-deliveries.ts';
import { bytesOf, eventsOf } from './signature-behaviour.ts';

const NOW = 1_735_000_000_000;

describe.each(PROCESSORS)('%s', (processor) => {
  const frozen = FROZEN[processor];
  const read = (change: Partial<FrozenDelivery> = {}, secrets = [frozen.secret]) => {
    const { headers, body } = { ...frozen, ...change };
    return WEBHOOK_READERS[processor].read({ headers: new Headers(headers), body: bytesOf(body) }, secrets, NOW);
  };

  it('reads what its processor signed', async () => {
    const [event, ...more] = eventsOf(await read());
    expect(more).toEqual([]);
    expect(event).toMatchObject({ tryId: frozen.tryId, outcome: { status: frozen.status }, labels: [], card: null });
    expect(event?.paymentIds.length).toBeGreaterThan(0);
  });

  it('reads it under the second of two secrets', async () => {
    expect(eventsOf(await read({}, ['ab'.repeat(32), frozen.secret]))).toHaveLength(1);
  });

  it.each(PROCESSORS.filter((other) => other !== processor))('keeps out what %s signed', async (other) => {
    const secrets = [frozen.secret, FROZEN[other].secret];
    expect(await read(FROZEN[other], secrets)).toEqual({ kind: 'forged' });
  });

  it.each([
    ['under another secret', {}, ['ab'.repeat(32)]],
    ['under no secret', {}, []],
    ['with another body', { body: anotherBody(frozen.body) }, undefined],
    ['without a body', { body: '' }, undefined],
  ])('keeps it out %s', async (_, change, secrets) => {
    expect(await read(change, secrets)).toEqual({ kind: 'forged' });
  });

  it('answers its processor', () => {
    expect(WEBHOOK_READERS[processor].received.status).toBe(200);
  });
});

/** Changes something that every processor signs: a character of the payload, or a digit of an id. */
function anotherBody(body: string): string {
  const changed = body.includes('bt_payload') ? body.replace('bt_payload=P', 'bt_payload=Q') : body.replace('_1', '_2');
  return changed === body ? body.replace('QFQ', 'QFX') : changed;
}
