/**
 * The page's own files: made by `npm run page` from page/, committed, and served by names that hold their content's hash.
 */
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

const FILES = { page, 'page-style': style, 'proof-of-work': proofOfWork, passkey } as const satisfies Record<string, PageFile>;

export type PageFileName = keyof typeof FILES;

const PAGE_FILES_PATH = '/.cordon/page/';
const PLACE = /^\/\.cordon\/page\/([a-z-]+)\.([0-9a-f]+)\.(?:js|css)$/;
const FOR_EVER = 'public, max-age=31536000, immutable';

export function pathOf(name: PageFileName): string {
  const { hash, type } = FILES[name];
  return `${PAGE_FILES_PATH}${name}.${hash}.${type.startsWith('text/css') ? 'css' : 'js'}`;
}

/** Null where there is none of that name. Of another release than the page is, it is the one that is there. */
export function answerPageFile(path: string): Response | null {
  const [, name = '', hash] = PLACE.exec(path) ?? [];
  if (!Object.hasOwn(FILES, name)) return null;
  const file: PageFile = FILES[name as PageFileName];
  const cache = hash === file.hash ? FOR_EVER : 'no-store';
  return new Response(file.text, {
    headers: { 'content-type': file.type, 'cache-control': cache, 'x-content-type-options': 'nosniff' },
  });
}
