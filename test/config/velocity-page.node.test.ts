/**
 * docs/velocity.md says of each rule of the recommended set what it is: name, limit and consequence, in its order.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { velocityRuleSchema } from '../../src/config/velocity-schema.ts';
import { RECOMMENDED_RULES } from '../../src/velocity/recommended-rules.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/velocity.md'), 'utf8');

it('tells the recommended set as it is', () => {
  const set = page.slice(page.indexOf('## The recommended set'));
  const told = [...set.matchAll(/^\| `(\w+)` +\| [^|]* \| +(\d+) \| (\w+) +\| (.+) \|$/gm)];
  expect(told.map(([, name, limit, then]) => [name, Number(limit), then])).toEqual(
    RECOMMENDED_RULES.map((rule) => [rule.name, rule.limit, 'then' in rule ? rule.then : 'block']),
  );
  expect(told.filter(([, , , , why = '']) => why.trim().length < 8)).toEqual([]);
});

it('names every field of a rule', () => {
  const fields = Object.keys(velocityRuleSchema.shape);
  expect(fields.filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
});
