/**
 * The table by campaign: what is counted of a trial, and how it is told.
 */
import '../../commands/bytes.ts';
import { expect, it } from 'vitest';
import { compileContenders, contenderNames } from '../../commands/simulate/contenders.ts';
import { tableOf } from '../../commands/simulate/table.ts';
import { run, sum } from '../../commands/simulate/trial.ts';

it('keeps one address out by the classic rules, and nobody without a guard', async () => {
  const policies = await compileContenders();
  const outcomes = await run({ campaign: 'one_ip', seed: 5, scale: 0.1 }, policies);
  const of = (name: (typeof contenderNames)[number]) => outcomes[contenderNames.indexOf(name)];
  expect(of('none')).toMatchObject({ testers: { attempts: 167, stopped: 0 }, good: { stopped: 0, challenged: 0 } });
  expect(of('classic')?.testers.stopped).toBeGreaterThan(150);
  expect(of('recommended')?.testers.stopped).toBeGreaterThan(150);
  // A day of ordinary trade at a tenth.
  expect(of('none')?.good.attempts).toBeGreaterThan(180);
  expect(of('none')?.good.attempts).toBeLessThan(320);
});

it('adds seeds up, and writes shares', () => {
  const fate = { attempts: 100, payments: 80, stopped: 50, challenged: 1, blockedPayments: 2, paid: 76 };
  expect(sum([fate, fate])).toMatchObject({ attempts: 200, paid: 152 });
  const outcome = { testers: fate, good: fate, sale: { ...fate, attempts: 50 } };
  const table = tableOf([{ name: 'one_ip', outcomes: [contenderNames.map(() => outcome)] }]);
  expect(table.split('\n')[2]).toBe(
    '| `one_ip` | 100 | 50.0% | 50.0% | 50.0% | 76 | 76 | 2.50% | 2.50% | 1.00% | 2.00% | 2.50% |',
  );
});
