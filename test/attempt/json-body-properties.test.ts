/**
 * Strict JSON, as two laws over any value: what has no duplicate name is read in full, and one more name that is
 * already there is always refused. Both against an independent walk.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMPTY } from '../../src/attempt/fields.ts';
import { readJson, readJsonFields } from '../../src/attempt/json-body.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const name = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('a', 'a/b', 'a~b', '~1', '', '__proto__', 'constructor', '0', ':', '"', '\\', '\\"', 'a:b', '\u0000'),
);
const number = fc.oneof(
  fc.integer(),
  fc.double({ min: -1e15, max: 1e15, noNaN: true }),
  fc.constantFrom(0, 1e19, -1e19, 1e300, 5e-324),
);
const { json } = fc.letrec<{ json: Json; object: { [name: string]: Json } }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    number,
    fc.string({ unit: 'grapheme' }),
    name,
    fc.array(tie('json'), { maxLength: 5 }),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(name, tie('json')), { maxLength: 5, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries) as { [name: string]: Json }),
}));

/** Every scalar, and every empty list or object but the whole, with its pointer, written down again and differently from the code under test. */
function scalars(value: Json, pointer = ''): [string, unknown][] {
  if (value === null || typeof value !== 'object') return [[pointer, value]];
  const entries = Array.isArray(value) ? value.map((child, i) => [String(i), child] as const) : Object.entries(value);
  if (entries.length === 0 && pointer !== '') return [[pointer, EMPTY]];
  return entries.flatMap(([key, child]) =>
    scalars(child, `${pointer}/${key.split('~').join('~0').split('/').join('~1')}`),
  );
}

it('reads every scalar of any value under its pointer, however the text is spaced', () => {
  fc.assert(
    fc.property(json, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const read = readJsonFields(text);
      // JSON has no negative zero of its own: what was written is what must be found.
      const expected = new Map(scalars(JSON.parse(text) as Json));
      expect(read.ok && new Map(read.value)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

it('reads the value itself', () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify(value);
      expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0'));
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}

interface Doubled {
  readonly around: readonly Json[];
  readonly entries: readonly (readonly [string, Json])[];
  readonly which: number;
  readonly other: Json;
  readonly isEscaped: boolean;
  readonly first: boolean;
}

/** An object with one name written twice, somewhere inside arrays and objects. */
function textOf({ around, entries, which, other, isEscaped, first }: Doubled): string {
  const members = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const [key = ''] = entries[which % entries.length] ?? [];
  const again = `${isEscaped ? escaped(key) : JSON.stringify(key)}:${JSON.stringify(other)}`;
  const object = `{${(first ? [again, ...members] : [...members, again]).join(',')}}`;
  return around.reduce<string>((inner, sibling, i) => {
    return i % 2 === 0 ? `[${JSON.stringify(sibling)},${inner}]` : `{"x":${inner},"y":${JSON.stringify(sibling)}}`;
  }, object);
}

it('refuses any value with one name doubled, at any depth, in any spelling', () => {
  const doubled = fc.record({
    around: fc.array(json, { maxLength: 6 }),
    entries: fc.uniqueArray(fc.tuple(name, json), { minLength: 1, maxLength: 5, selector: ([key]) => key }),
    which: fc.nat(4),
    other: json,
    isEscaped: fc.boolean(),
    first: fc.boolean(),
  });
  fc.assert(
    fc.property(doubled, (parts) => {
      expect(readJsonFields(textOf(parts))).toEqual({ ok: false, why: { because: 'duplicate_name' } });
    }),
    { numRuns: 500 },
  );
});

it('never throws, whatever the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof readJsonFields(text).ok === 'boolean'));
});
