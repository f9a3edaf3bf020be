/**
 * Points of Analytics Engine: one a decision, in a fixed order, and nothing in them that names anybody.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Journal } from '../../src/journal/journal.ts';
import { putAcme } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';
import { decision } from './sample-entries.ts';

beforeEach(async () => {
  new StandInOrigin().answer(answers.decline);
  await putAcme();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('a decision is a point, without identities', async () => {
  const write = vi.spyOn(env.POINTS, 'writeDataPoint').mockImplementation(() => {});
  await pay({ ip: '203.0.113.81', customer: 'cus_point' });
  expect(write).toHaveBeenCalledTimes(1);
  const [point] = write.mock.calls[0] ?? [];
  expect(point?.indexes).toEqual(['acme']);
  expect(point?.blobs).toEqual([
    'allow',
    'allow',
    'enforce',
    'proxy',
    'pay',
    'NL',
    'failed',
    'do_not_honor',
    null,
    null,
  ]);
  expect(point?.doubles?.slice(0, 4)).toEqual([1, 0, 0, 1136]);
  for (const name of ['203.0.113', 'cus_point', 'fp_', '424242']) expect(JSON.stringify(point)).not.toContain(name);
});

it('are written where there is no queue', () => {
  const points = { writeDataPoint: vi.fn() };
  const journal = new Journal(null, points as unknown as AnalyticsEngineDataset);
  expect(journal.isOn).toBe(true);
  journal.write(
    () => decision({ repeats: 7 }),
    () => {},
  );
  expect(points.writeDataPoint.mock.calls[0]?.[0]).toMatchObject({ doubles: expect.arrayContaining([7, 1999]) });
});
