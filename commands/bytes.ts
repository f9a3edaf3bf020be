// What workerd has and Node 24 only behind a flag (--js-base-64): bytes as hex and base64, as src uses them. Nothing is
// replaced where it is there.

interface Spelling {
  readonly alphabet?: 'base64' | 'base64url';
  readonly omitPadding?: boolean;
}

const define = (target: object, name: string, value: unknown): void => {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
};

define(Uint8Array.prototype, 'toHex', function (this: Uint8Array): string {
  return Buffer.from(this).toString('hex');
});
define(
  Uint8Array.prototype,
  'toBase64',
  function (this: Uint8Array, { alphabet = 'base64', omitPadding = false }: Spelling = {}) {
    const text = Buffer.from(this).toString(alphabet);
    return omitPadding ? text.replace(/=+$/, '') : text;
  },
);
define(Uint8Array, 'fromBase64', (text: string, { alphabet = 'base64' }: Spelling = {}): Uint8Array => {
  return new Uint8Array(Buffer.from(text, alphabet));
});
