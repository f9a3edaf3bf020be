/**
 * The ids of passkeys stand in the log of changes.
 */
import { expect, it } from 'vitest';
import { harmlessText } from '../../src/journal/harmless.ts';
import { newId } from '../../src/step-up/passkey-enrolment.ts';

it('holds no number that could be a card’s, so that it is told in full', () => {
  const drawn = [
    '079c406886853379951463a4',
    '4242424242424242424242aa',
    '079c4068868533799514a3a4',
    'ab9c4068868f3379951fa3a4',
  ];
  const id = newId(() => Uint8Array.fromHex(drawn.shift() ?? ''));
  expect(id).toBe('pk_ab9c4068868f3379951fa3a4');
  expect(harmlessText(id)).toBe(id);
});
