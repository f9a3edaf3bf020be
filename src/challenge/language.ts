/**
 * Which language a page is written in: what it was asked for by name (`?lang=`), or the browser's own wish. Another
 * language is a file in texts/ and its name in the list.
 */
import { de } from './texts/de.ts';
import { en, type Texts } from './texts/en.ts';
import { nl } from './texts/nl.ts';
import { wishesIn } from './wishes.ts';

/** Where none fits, the first. */
const LANGUAGES: readonly Texts[] = [en, de, nl];

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
