/**
 * Work that several requests share: done once, and begun anew where its request was cut off.
 */
import { expect, it } from 'vitest';
import { JointWork } from '../../src/reputation/joint-work.ts';

const LONGEST_MS = 1_000;
const never = () => new Promise<number>(() => {});

it('is found by its name while it is under way, and not after', async () => {
  const joint = new JointWork<number>(LONGEST_MS);
  const { promise, resolve } = Promise.withResolvers<number>();
  void joint.begin('a', 0, promise);
  expect(joint.of('a', 0)).toBe(promise);
  expect(joint.of('b', 0)).toBeNull();
  resolve(1);
  await promise;
  await Promise.resolve();
  expect([joint.of('a', 0), joint.count(0)]).toEqual([null, 0]);
});

it('is over when it fails, too', async () => {
  const joint = new JointWork<number>(LONGEST_MS);
  await joint.begin('a', 0, Promise.reject(new Error('no'))).catch(() => {});
  await Promise.resolve();
  expect(joint.count(0)).toBe(0);
});

it('whose request was cut off is given up, and takes nobody’s place', () => {
  const joint = new JointWork<number>(LONGEST_MS);
  for (let i = 0; i < 10; i++) void joint.begin(`a${i}`, i, never());
  expect(joint.of('a0', LONGEST_MS - 1)).not.toBeNull();
  expect(joint.of('a0', LONGEST_MS)).toBeNull();
  expect(joint.count(LONGEST_MS + 4)).toBe(5);
});

it('that ends after it was given up does not end what took its place', async () => {
  const joint = new JointWork<number>(LONGEST_MS);
  const { promise, resolve } = Promise.withResolvers<number>();
  void joint.begin('a', 0, promise);
  const second = never();
  void joint.begin('a', LONGEST_MS, second);
  resolve(1);
  await promise;
  await Promise.resolve();
  expect(joint.of('a', LONGEST_MS)).toBe(second);
});
