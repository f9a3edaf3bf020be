/**
 * A table as bytes, as it is kept: columns as they lie in memory behind a header with version and checksum. What was
 * cut off, changed or written by another version is no table. Little-endian, as every machine that runs this. Pure.
 */
import { TABLE_KINDS, type Table } from './table.ts';

const MAGIC = 0x4c425443;
const VERSION = 1;
const DIGEST_BYTES = 32;
/** Magic, version, kind, four counts of four bytes each, room for two more; then the digest of everything else. */
const FIELDS_BYTES = 32;
const HEADER_BYTES = FIELDS_BYTES + DIGEST_BYTES;

export async function encodeTable(table: Table): Promise<Uint8Array<ArrayBuffer>> {
  const { kind, prefixes, values, asns, asnValues, names } = table;
  const text = new TextEncoder().encode(JSON.stringify(names));
  const { ipv4, ipv6 } = prefixes;
  const columns = [ipv4.starts, ipv6.starts, asns].map((column) => Uint32Array.from(column));
  const bytes = [ipv4.lengths, ipv6.lengths, values, asnValues, text].map((column) => Uint8Array.from(column));
  const size = [...columns, ...bytes].reduce((sum, { byteLength }) => sum + byteLength, HEADER_BYTES);
  const encoded = new Uint8Array(size);
  const counts = [ipv4.lengths.length, ipv6.lengths.length, asns.length, text.length];
  const header = new Uint32Array(encoded.buffer, 0, FIELDS_BYTES / 4);
  header.set([MAGIC, VERSION, TABLE_KINDS.indexOf(kind), ...counts]);
  let at = HEADER_BYTES;
  for (const column of [...columns, ...bytes]) {
    encoded.set(new Uint8Array(column.buffer), at);
    at += column.byteLength;
  }
  encoded.set(await digestOf(encoded), FIELDS_BYTES);
  return encoded;
}

/** Null for anything that `encodeTable` did not make. The table lies in these bytes: they must not change. */
export async function decodeTable(encoded: ArrayBuffer): Promise<Table | null> {
  if (encoded.byteLength < HEADER_BYTES) return null;
  const [magic, version, kindIndex = -1, ipv4 = 0, ipv6 = 0, networks = 0, text = 0] = new Uint32Array(encoded, 0, 8);
  const kind = TABLE_KINDS[kindIndex];
  const size = HEADER_BYTES + ipv4 * 6 + ipv6 * 18 + networks * 5 + text;
  if (magic !== MAGIC || version !== VERSION || kind === undefined || size !== encoded.byteLength) return null;
  const bytes = new Uint8Array(encoded);
  const kept = bytes.slice(FIELDS_BYTES, HEADER_BYTES);
  if ((await digestOf(bytes)).some((byte, index) => byte !== kept[index])) return null;
  let at = HEADER_BYTES;
  const take = (length: number) => {
    at += length;
    return at - length;
  };
  const wide = (count: number) => new Uint32Array(encoded, take(count * 4), count);
  const narrow = (count: number) => new Uint8Array(encoded, take(count), count);
  const [starts4, starts6, asns] = [wide(ipv4), wide(ipv6 * 4), wide(networks)];
  const [lengths4, lengths6, values, asnValues] = [narrow(ipv4), narrow(ipv6), narrow(ipv4 + ipv6), narrow(networks)];
  const names = JSON.parse(new TextDecoder().decode(narrow(text))) as readonly string[];
  const prefixes = { ipv4: { starts: starts4, lengths: lengths4 }, ipv6: { starts: starts6, lengths: lengths6 } };
  return { kind, prefixes, values, asns, asnValues, names };
}

/** The digest by which one content is told from another, in hex. */
export function versionOf(encoded: Uint8Array): string {
  return encoded.slice(FIELDS_BYTES, FIELDS_BYTES + 8).toHex();
}

/** Of everything but the digest itself, which is taken for zeros. */
async function digestOf(encoded: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const parts = encoded.slice();
  parts.fill(0, FIELDS_BYTES, HEADER_BYTES);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', parts));
}
