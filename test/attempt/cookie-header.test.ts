/**
 * One name's cookies out of a header, and all the others back in as they came.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cookiesNamed, withoutCookies } from '../../src/attempt/cookie-header.ts';

const OURS = '__Host-cordon-session';

it.each([
  ['nothing', null, []],
  ['an empty header', '', []],
  ['others alone', 'a=1; b=2', []],
  ['one', `${OURS}=x`, ['x']],
  ['one among others', `a=1; ${OURS}=x; b=2`, ['x']],
  ['one without spaces', `a=1;${OURS}=x;b=2`, ['x']],
  ['one with spaces and tabs', `a=1; \t${OURS} =\t x `, ['x']],
  ['two', `${OURS}=x; ${OURS}=y`, ['x', 'y']],
  ['two alike', `${OURS}=x; ${OURS}=x`, ['x', 'x']],
  ['one with signs of equality in it', `${OURS}=x=y==`, ['x=y==']],
  ['an empty one', `${OURS}=`, ['']],
  ['a quoted one, quotes and all', `${OURS}="x"`, ['"x"']],
  ['another spelling', `${OURS.toLowerCase()}=x; ${OURS.toUpperCase()}=y`, []],
  ['a longer name', `${OURS}2=x; x${OURS}=y`, []],
  ['the name as a value', `a=${OURS}; b=${OURS}=x`, []],
  ['the name alone', `${OURS}; a=1`, []],
  ['a space that is none in HTTP', `a=1; \u00a0${OURS}=x`, []],
])('finds in %s', (_, header, values) => {
  expect(cookiesNamed(header, OURS)).toEqual(values);
});

it.each([
  ['others alone', 'a=1; b=2', 'a=1; b=2'],
  ['others, badly written', ' a=1 ;;b="2; c"=; ', ' a=1 ;;b="2; c"=; '],
  ['the only one', `${OURS}=x`, null],
  ['both of two', `${OURS}=x; ${OURS}=y`, null],
  ['the first', `${OURS}=x; a=1; b=2`, 'a=1; b=2'],
  ['one in the middle', `a=1; ${OURS}=x; b=2`, 'a=1; b=2'],
  ['the last', `a=1; b=2; ${OURS}=x`, 'a=1; b=2'],
  ['without spaces', `a=1;${OURS}=x;b=2`, 'a=1;b=2'],
  ['none that looks like it', `a=${OURS}; ${OURS}2=x; ${OURS}`, `a=${OURS}; ${OURS}2=x; ${OURS}`],
])('takes away %s', (_, header, rest) => {
  expect(withoutCookies(header, OURS)).toBe(rest);
});

it('leaves every other cookie as it was, wherever ours stood', () => {
  const pair = fc
    .tuple(fc.stringMatching(/^[!-:<-~]{1,8}$/), fc.stringMatching(/^[!-:<-~]{0,8}$/))
    .map(([name, value]) => `${name}=${value}`)
    .filter((it) => !it.startsWith(OURS));
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, maxLength: 6 }), fc.nat(6), (others, at) => {
      const header = others.toSpliced(at, 0, `${OURS}=x`).join('; ');
      expect(withoutCookies(header, OURS)).toBe(others.join('; '));
      expect(cookiesNamed(header, OURS)).toEqual(['x']);
    }),
  );
});
