/**
 * The page's own files: made by `npm run page` from page/, committed, and served by names that hold their content's hash.
 */

import { HSTS } from '../wire.ts';
import challenge from './built/challenge.json';
import identity from './built/identity.json';
import page from './built/page.json';
import style from './built/page-style.json';
import passkey from './built/passkey.json';
import passkeys from './built/passkeys.json';
import proofOfWork from './built/proof-of-work.json';
import seal from './built/seal.json';
import turnstile from './built/turnstile.json';

interface PageFile {
  readonly type: string;
  readonly hash: string;
  readonly text: string;
}

const FILES = {
  page,
  'page-style': style,
  'proof-of-work': proofOfWork,
  passkey,
  turnstile,
  identity,
} as const satisfies Record<string, PageFile>;

/** By names that shops write into their pages, and that stay. */
const SHOP_SCRIPTS = new Map<string, PageFile>([
  ['/.cordon/challenge.js', challenge],
  ['/.cordon/passkeys.js', passkeys],
  ['/.cordon/seal.js', seal],
]);
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
  const shopScript = SHOP_SCRIPTS.get(pathname);
  if (shopScript !== undefined) return answerShopScript(request, shopScript);
  const [, name = '', hash] = PLACE.exec(pathname) ?? [];
  if (!Object.hasOwn(FILES, name)) return null;
  const file: PageFile = FILES[name as PageFileName];
  return answerOf(file, { 'cache-control': hash === file.hash ? FOR_EVER : 'no-store' });
}

function answerShopScript({ headers }: Request, script: PageFile): Response {
  const kept = { etag: `"${script.hash}"`, 'cache-control': FOR_A_WHILE };
  if (headers.get('if-none-match') === kept.etag) return new Response(null, { status: 304, headers: kept });
  return answerOf(script, kept);
}

function answerOf({ text, type }: PageFile, further: Record<string, string>): Response {
  return new Response(text, {
    headers: { 'content-type': type, 'x-content-type-options': 'nosniff', ...HSTS, ...further },
  });
}
