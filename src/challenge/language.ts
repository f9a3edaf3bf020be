/**
 * Which language a page is written in: what it was asked for by name (`?lang=`), or the browser's own wish. Another
 * language is a file in texts/ and its name in the list.
 */
import { de } from './texts/de.ts';
import { en, type Texts } from './texts/en.ts';
import { nl } from './texts/nl.ts';

/** Where none fits, the first. */
const LANGUAGES: readonly Texts[] = [en, de, nl];
const WISHES_LIMIT = 512;

export function textsFor(request: Request): Texts {
  const asked = new URL(request.url).searchParams.get('lang');
  const wishes = asked === null ? [] : [asked.toLowerCase()];
  return choose([...wishes, ...wishesIn(request.headers.get('accept-language') ?? '')]);
}

/** The first that is spoken here. */
export function choose(wishes: readonly string[]): Texts {
  for (const wish of wishes) {
    const [primary = ''] = wish.split('-');
    const spoken = LANGUAGES.find(({ language }) => language === primary);
    if (spoken !== undefined) return spoken;
  }
  return en;
}

/** RFC 9110, 12.5.4: ranges by falling weight. */
export function wishesIn(header: string): readonly string[] {
  return rangesIn(header)
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ range }) => range);
}

/** How much something is wished for by its name, 0 to 1; not by a wildcard, which everybody sends. */
export function weightOf(name: string, header: string): number {
  return rangesIn(header).find(({ range }) => range === name)?.weight ?? 0;
}

function rangesIn(header: string): readonly { readonly range: string; readonly weight: number }[] {
  const parts = header.slice(0, WISHES_LIMIT).split(',');
  return parts.flatMap((part) => {
    const [range = '', ...parameters] = part.split(';').map((it) => it.trim().toLowerCase());
    const weight = parameters.find((it) => it.startsWith('q='));
    return range === '' ? [] : [{ range, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 }];
  });
}
