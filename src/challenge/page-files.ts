/**
 * The page's own files: made by `npm run page` from page/, committed, and served by names that hold their content's hash.
 */

import { HSTS } from '../wire.ts';
import challenge from './built/challenge.json';
import page from './built/page.json';
import style from './built/page-style.json';
import passkey from './built/passkey.json';
import passkeys from './built/passkeys.json';
import proofOfWork from './built/proof-of-work.json';

interface PageFile {
  readonly type: string;
  readonly hash: string;
  readonly text: string;
}

const FILES = { page, 'page-style': style, 'proof-of-work': proofOfWork, passkey } as const satisfies Record<
  string,
  PageFile
>;

/** By a name that shops write into their pages, and that stays. */
const SHOP_SCRIPT_PATH = '/.cordon/challenge.js';
const FOR_A_WHILE = 'public, max-age=300, stale-while-revalidate=86400';

export type PageFileName = keyof typeof FILES;

const PAGE_FILES_PATH = '/.cordon/page/';
const PLACE = /^\/\.cordon\/page\/([a-z-]+)\.([0-9a-f]+)\.(?:js|css)$/;
const FOR_EVER = 'public, max-age=31536000, immutable';

export function pathOf(name: PageFileName): string {
  const { hash, type } = FILES[name];
  return `${PAGE_FILES_PATH}${name}.${hash}.${type.startsWith('text/css') ? 'css' : 'js'}`;
}

/** Null where there is none of that name. Of another release than the page is, it is the one that is there. */
export function answerPageFile(request: Request): Response | null {
  const { pathname } = new URL(request.url);
  if (pathname === SHOP_SCRIPT_PATH) return answerShopScript(request);
  const [, name = '', hash] = PLACE.exec(pathname) ?? [];
  if (!Object.hasOwn(FILES, name)) return null;
  const file: PageFile = FILES[name as PageFileName];
  return answerOf(file, { 'cache-control': hash === file.hash ? FOR_EVER : 'no-store' });
}

function answerShopScript({ headers }: Request): Response {
  const kept = { etag: `"${challenge.hash}"`, 'cache-control': FOR_A_WHILE };
  if (headers.get('if-none-match') === kept.etag) return new Response(null, { status: 304, headers: kept });
  return answerOf(challenge, kept);
}

function answerOf({ text, type }: PageFile, further: Record<string, string>): Response {
  return new Response(text, {
    headers: { 'content-type': type, 'x-content-type-options': 'nosniff', ...HSTS, ...further },
  });
}
