/**
 * The language of a page: asked for by name, or wished for by the browser.
 */
import { describe, expect, it } from 'vitest';
import { choose, textsFor } from '../../src/challenge/language.ts';
import { wantsPage } from '../../src/challenge/page-wish.ts';
import { de } from '../../src/challenge/texts/de.ts';
import { en } from '../../src/challenge/texts/en.ts';
import { nl } from '../../src/challenge/texts/nl.ts';
import { weightOf, wishesIn } from '../../src/challenge/wishes.ts';

describe('what a browser wishes for', () => {
  it.each<[string, string, string]>([
    ['one', 'de', 'de'],
    ['a region of it', 'de-AT', 'de'],
    ['in capitals', 'NL-be', 'nl'],
    ['the first that is spoken', 'fr-FR, nl;q=0.8, de;q=0.7', 'nl'],
    ['by weight, not by place', 'de;q=0.3, nl;q=0.9', 'nl'],
    ['not what it refuses', 'de;q=0, nl;q=0.1', 'nl'],
    ['anything', '*', 'en'],
    ['nothing that is spoken', 'fr, es', 'en'],
    ['nothing', '', 'en'],
    ['nonsense', ';;q=,,--;q=x', 'en'],
    ['English before others', 'en-GB, de;q=0.9', 'en'],
  ])('%s', (_, header, language) => {
    expect(choose(wishesIn(header)).language).toBe(language);
  });

  it('is looked at as far as a browser would write', () => {
    expect(choose(wishesIn(`${'x,'.repeat(10_000)}de`)).language).toBe('en');
  });
});

it('what the address asks for counts before that', () => {
  const at = (query: string) =>
    textsFor(new Request(`https://shop.example/${query}`, { headers: { 'accept-language': 'de' } })).language;
  expect([at('?lang=nl'), at('?lang=NL-nl'), at('?lang=xx'), at('?lang='), at('')]).toEqual([
    'nl',
    'nl',
    'de',
    'de',
    'de',
  ]);
});

const flat = (texts: object): readonly (readonly [string, string])[] =>
  Object.entries(texts).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [[name, value] as const]
      : flat(value as object).map(([inner, text]) => [`${name}.${inner}`, text] as const),
  );

it.each([de, nl])('$language says everything, and in words of its own', (texts) => {
  const english = new Map(flat(en));
  expect(
    flat(texts)
      .map(([name]) => name)
      .toSorted(),
  ).toEqual([...english.keys()].toSorted());
  // A name may be the same in all of them.
  const isSame = ([name, text]: readonly [string, string]) => text.includes(' ') && text === english.get(name);
  const untranslated = flat(texts).filter((one) => one[1] === '' || isSame(one));
  expect(untranslated.map(([name]) => name)).toEqual([]);
});

it('a wildcard wishes for nothing by name', () => {
  expect([weightOf('text/html', '*/*'), weightOf('text/html', 'text/html;q=0.3'), weightOf('a', 'a;q=x')]).toEqual([
    0, 0.3, 0,
  ]);
});

describe('a page is for', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['a navigation', { 'sec-fetch-mode': 'navigate', accept: '*/*' }, true],
    ['no script, whatever it accepts', { 'sec-fetch-mode': 'cors', accept: 'text/html' }, false],
    ['a browser that says no more than what it accepts', { accept: 'text/html,*/*;q=0.8' }, true],
    ['nobody who accepts anything', { accept: '*/*' }, false],
    ['nobody who says nothing', {}, false],
    ['nobody who would rather have JSON', { accept: 'text/html;q=0.5, application/json' }, false],
  ])('%s', (_, headers, isWanted) => {
    expect(wantsPage(new Headers(headers))).toBe(isWanted);
  });
});
