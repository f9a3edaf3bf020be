/**
 * One AES-GCM ciphertext and tag that two keys open, each to another text (Dodis, Grubbs, Ristenpart and Woodage, "Fast
 * Message Franking", 2018): the tag is linear in the ciphertext, so bits that the sender may choose make both tags one.
 */
const BLOCK = 16;
/** The field of GHASH, its bits in their own order (NIST SP 800-38D, 6.3). */
const R = 0xe1n << 120n;

interface Secret {
  readonly cek: Uint8Array<ArrayBuffer>;
  readonly other: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly aad: Uint8Array<ArrayBuffer>;
}

/** `free`: where bytes begin, a block of them and a multiple of sixteen into the text, whose four low bits may be anything. */
export async function makeSalamander(
  text: Uint8Array<ArrayBuffer>,
  free: { readonly from: number; readonly blocks: number },
  { cek, other, iv, aad }: Secret,
): Promise<{ readonly ciphertext: Uint8Array<ArrayBuffer>; readonly tag: Uint8Array<ArrayBuffer> }> {
  const keys = await Promise.all([cek, other].map((key) => openingOf(key, iv)));
  const ciphertext = await xorStream(text, cek, iv);
  const tagsOf = (bytes: Uint8Array) => keys.map(({ hash, mask }) => ghash(hash, aad, bytes) ^ mask);
  const difference = tagsOf(ciphertext).reduce((a, b) => a ^ b);
  const columns = freeBits(free, text.byteLength).map(({ byte, bit }) => {
    const blockIndex = Math.floor(byte / BLOCK);
    const power = Math.ceil(text.byteLength / BLOCK) - blockIndex + 1;
    const unit = 1n << BigInt(127 - ((byte % BLOCK) * 8 + (7 - bit)));
    const effect = keys.map(({ hash }) => times(unit, raise(hash, power))).reduce((a, b) => a ^ b);
    return { byte, bit, effect };
  });
  for (const index of solve(
    columns.map(({ effect }) => effect),
    difference,
  )) {
    const { byte = 0, bit = 0 } = columns[index] ?? {};
    ciphertext[byte] = (ciphertext[byte] ?? 0) ^ (1 << bit);
  }
  const [tag = 0n, same] = tagsOf(ciphertext);
  if (tag !== same) throw new Error('no salamander');
  return { ciphertext, tag: bytesOf(tag) };
}

function freeBits({ from, blocks }: { readonly from: number; readonly blocks: number }, length: number) {
  const bits: { readonly byte: number; readonly bit: number }[] = [];
  for (let byte = from; byte < Math.min(from + blocks * BLOCK, length); byte++) {
    for (let bit = 0; bit < 4; bit++) bits.push({ byte, bit });
  }
  return bits;
}

/** Which of `columns` come to `target` together: elimination over the field of two elements. */
function solve(columns: readonly bigint[], target: bigint): readonly number[] {
  const pivots = new Map<number, { readonly value: bigint; readonly from: Set<number> }>();
  const reduce = (start: bigint, from: Set<number>) => {
    let value = start;
    while (value !== 0n) {
      const pivot = pivots.get(value.toString(2).length);
      if (pivot === undefined) return value;
      value ^= pivot.value;
      for (const one of pivot.from) if (!from.delete(one)) from.add(one);
    }
    return value;
  };
  for (const [index, column] of columns.entries()) {
    const from = new Set([index]);
    const value = reduce(column, from);
    if (value !== 0n) pivots.set(value.toString(2).length, { value, from });
  }
  const chosen = new Set<number>();
  if (reduce(target, chosen) !== 0n) throw new Error('too few free bits');
  return [...chosen];
}

/** The hash's key, and what masks the tag. */
async function openingOf(key: Uint8Array<ArrayBuffer>, iv: Uint8Array<ArrayBuffer>) {
  const zeros = new Uint8Array(BLOCK);
  const first = new Uint8Array([...iv, 0, 0, 0, 1]);
  const [hash, mask] = await Promise.all([zeros, first].map((block) => stream(zeros, key, block)));
  return { hash: numberOf(hash ?? zeros), mask: numberOf(mask ?? zeros) };
}

export function xorStream(text: Uint8Array<ArrayBuffer>, key: Uint8Array<ArrayBuffer>, iv: Uint8Array<ArrayBuffer>) {
  return stream(text, key, new Uint8Array([...iv, 0, 0, 0, 2]));
}

async function stream(text: Uint8Array<ArrayBuffer>, key: Uint8Array<ArrayBuffer>, counter: Uint8Array<ArrayBuffer>) {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-CTR', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 32 }, imported, text));
}

function ghash(hash: bigint, aad: Uint8Array, ciphertext: Uint8Array): bigint {
  const lengths = (BigInt(aad.byteLength * 8) << 64n) | BigInt(ciphertext.byteLength * 8);
  const blocks = [...blocksOf(aad), ...blocksOf(ciphertext), lengths];
  return blocks.reduce((sum, block) => times(sum ^ block, hash), 0n);
}

function blocksOf(bytes: Uint8Array): readonly bigint[] {
  return Array.from({ length: Math.ceil(bytes.byteLength / BLOCK) }, (_, index) => {
    const block = new Uint8Array(BLOCK);
    block.set(bytes.subarray(index * BLOCK, (index + 1) * BLOCK));
    return numberOf(block);
  });
}

function times(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((a >> bit) & 1n) product ^= shifted;
    shifted = (shifted & 1n) === 0n ? shifted >> 1n : (shifted >> 1n) ^ R;
  }
  return product;
}

function raise(base: bigint, power: number): bigint {
  return power === 1 ? base : times(raise(base, power - 1), base);
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytes.toHex()}`);
}

function bytesOf(value: bigint): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(value.toString(16).padStart(32, '0'));
}
