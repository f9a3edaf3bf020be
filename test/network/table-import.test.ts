/**
 * A text becomes a table, or says why it is none; a table goes into bytes and comes back whole or not at all.
 */
import { describe, expect, it } from 'vitest';
import { parseIp } from '../../src/attempt/ip-address.ts';
import {
  countryOfBin,
  entriesOf,
  nameOfNetwork,
  scoreOf,
  type Table,
  type TableKind,
} from '../../src/network/table.ts';
import { decodeTable, encodeTable, versionOf } from '../../src/network/table-bytes.ts';
import { type ImportResult, TableImport } from '../../src/network/table-import.ts';

function imported(text: string | readonly string[], kind: TableKind = 'addresses', score?: number): ImportResult {
  const reading = new TableImport({ kind, score });
  for (const piece of typeof text === 'string' ? [text] : text) reading.write(piece);
  return reading.end();
}

function tableOf(text: string | readonly string[], kind: TableKind = 'addresses', score?: number): Table {
  const result = imported(text, kind, score);
  if (!result.ok) throw new Error(result.because);
  return result.table;
}

function score(table: Table, address: string, asn: number | null = null): number | null {
  const ip = parseIp(address);
  return ip === null ? null : (scoreOf(table, ip, asn)?.score ?? null);
}

const FEED = `\uFEFF# a feed\r\n203.0.113.9,85\r\n203.0.113.0/24\r\n\r\nAS64500,40\r\n2001:db8::/32;20 ; comment\r\n`;

describe('a feed', () => {
  it('is read whatever pieces it comes in', () => {
    const whole = tableOf(FEED);
    expect(tableOf([...FEED])).toEqual(whole);
    expect([score(whole, '203.0.113.9'), score(whole, '203.0.113.10'), score(whole, '2001:db8::7')]).toEqual([
      85, 80, 20,
    ]);
    expect(score(whole, '203.0.114.1')).toBeNull();
  });

  it('an address counts before its network', () => {
    const table = tableOf(FEED);
    expect(score(table, '203.0.113.9', 64500)).toBe(85);
    expect(score(table, '198.51.100.7', 64500)).toBe(40);
    expect(score(table, '198.51.100.7', 64501)).toBeNull();
  });

  it('a line without a score has that of the feed', () => {
    expect(score(tableOf('203.0.113.9', 'addresses', 15), '203.0.113.9')).toBe(15);
  });

  it('of equal lines the higher score counts', () => {
    const text = '203.0.113.9,20\n203.0.113.9,70\n203.0.113.9,50\nAS64500,60\nAS64500,10';
    expect(score(tableOf(text), '203.0.113.9', 64500)).toBe(70);
    expect(score(tableOf(text), '203.0.113.8', 64500)).toBe(60);
  });

  it('counts bad lines and names the first few by number', () => {
    const { report } = imported('203.0.113.9\nnonsense\n203.0.113.8\n203.0.113.7,101\n203.0.113.6');
    expect(report).toMatchObject({ entries: 3, badLines: 2 });
    expect(report.faults.map(({ line, text }) => [line, text])).toEqual([
      [2, 'nonsense'],
      [4, '203.0.113.7,101'],
    ]);
    const many = imported(`203.0.113.9\n${'203.0.113.9\nnonsense\n'.repeat(50)}`);
    expect(many.report.badLines).toBe(50);
    expect(many.report.faults).toHaveLength(5);
  });
});

describe('what is no feed', () => {
  const page = `<!doctype html>\n<html><body><h1>503</h1>\n<p>Sorry</p>\n203.0.113.9\n</body></html>\n`;
  it.each([
    ['nothing', '', 'empty'],
    ['comments alone', '# a\n; b\n// c\n', 'empty'],
    ['10 MB of newlines', '\n'.repeat(10_000_000), 'empty'],
    ['one giant line', 'a'.repeat(5_000_000), 'unreadable'],
    ['a page that says it is sorry', page, 'unreadable'],
    ['what a zip file decodes to', 'PK\u0003\u0004\uFFFD\uFFFD\n\uFFFDk\u0000\uFFFD\n\u0000\u0001', 'unreadable'],
    ['NUL', '\0'.repeat(5_000), 'unreadable'],
    ['JSON', '{"error":"rate limited"}', 'unreadable'],
    ['more bad lines than good ones', '203.0.113.9\nno\nno\n', 'unreadable'],
  ] as const)('%s: %#', (_, text, because) => {
    expect(imported(text)).toMatchObject({ ok: false, because });
  });

  it('a giant line is one bad line, and the rest is read', () => {
    const result = imported([
      '203.0.113.9\n',
      ...Array.from({ length: 100 }, () => 'x'.repeat(100_000)),
      '\n203.0.113.8',
    ]);
    expect(result).toMatchObject({ ok: true, report: { entries: 2, badLines: 1, faults: [{ line: 2, text: '' }] } });
  });

  it('more than a million entries are refused, and no more than that are held', () => {
    const reading = new TableImport({ kind: 'addresses' });
    for (let high = 0; high < 17; high++) {
      const lines = Array.from({ length: 65_536 }, (__, low) => `10.${high}.${low >> 8}.${low & 255}`);
      reading.write(`${lines.join('\n')}\n`);
    }
    expect(reading.end()).toMatchObject({ ok: false, because: 'too_many' });
  });

  it('repeats neither control characters nor what could be a card number', () => {
    const { report } = imported('\u001b[31mred\u202e\n4242424242424242,US\n4242 4242 4242 4242\n', 'bins');
    expect(JSON.stringify(report.faults)).not.toMatch(/\\u001b|\u202e|4242/);
    expect(report.faults.map(({ text }) => text.length <= 40)).toEqual([true, true, true]);
  });
});

it('says what networks are for', () => {
  const table = tableOf('AS64500,hosting\n64501,vpn\nAS64500,mobile', 'networks');
  expect([64500, 64501, 64502].map((asn) => nameOfNetwork(table, asn))).toEqual(['mobile', 'vpn', null]);
});

describe('says whose a card is', () => {
  const table = tableOf('457173,DK\n45717360,NO\n457174,SE\n40000000,US\n40000001,US\n457173,DK', 'bins');
  it.each([
    ['45717360', 'NO'],
    ['45717361', 'DK'],
    ['45717300', 'DK'],
    ['45717399', 'DK'],
    ['45717400', 'SE'],
    ['457174', 'SE'],
    ['4571741', 'SE'],
    // Not all cards with these digits are of one country.
    ['457173', null],
    ['4571736', null],
    ['4571730', 'DK'],
    // Nothing is known of most cards with these digits.
    ['400000', null],
    ['40000000', 'US'],
    ['45717500', null],
    ['45717', null],
    ['not a bin', null],
  ])('%s: %s', (bin, country) => {
    expect(countryOfBin(table, bin)).toBe(country);
  });
});

describe('as bytes', () => {
  const tables: readonly (readonly [string, Table])[] = [
    ['a feed', tableOf(FEED)],
    ['classes', tableOf('AS64500,hosting\n64501,vpn', 'networks')],
    ['BINs', tableOf('457173,DK\n45717360,NO', 'bins')],
    ['one network', tableOf('AS64500')],
  ];

  it.each(tables)('%s comes back as it was', async (_, table) => {
    const encoded = await encodeTable(table);
    expect(await decodeTable(encoded.buffer)).toEqual(table);
    expect(versionOf(encoded)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('the same content has the same version, another one another', async () => {
    const version = async (text: string) => versionOf(await encodeTable(tableOf(text)));
    expect(await version('203.0.113.9\n203.0.113.8')).toBe(await version('203.0.113.8\n203.0.113.9'));
    expect(await version('203.0.113.9,1')).not.toBe(await version('203.0.113.9,2'));
  });

  it('is no table once any byte is another, or missing, or one too many', async () => {
    const encoded = await encodeTable(tableOf(FEED));
    for (let at = 0; at < encoded.length; at++) {
      const changed = encoded.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await decodeTable(changed.buffer), `byte ${at}`).toBeNull();
    }
    expect(await decodeTable(encoded.slice(0, -1).buffer)).toBeNull();
    expect(await decodeTable(new Uint8Array([...encoded, 0]).buffer)).toBeNull();
    expect(await decodeTable(new ArrayBuffer(0))).toBeNull();
    expect(
      await decodeTable(Uint8Array.from(new TextEncoder().encode('{"not":"a table"}'.repeat(10))).buffer),
    ).toBeNull();
  });
});

it('120,000 addresses take less than a megabyte, in memory and as bytes', async () => {
  const lines = Array.from({ length: 120_000 }, (_, index) => {
    const number = (index * 34_567) >>> 0;
    return `${[24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')},${index % 101}`;
  });
  const table = tableOf(lines.join('\n'));
  expect(entriesOf(table)).toBe(120_000);
  const columns = [table.prefixes.ipv4.starts, table.prefixes.ipv4.lengths, table.values] as unknown as Uint8Array[];
  expect(columns.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(720_000);
  expect((await encodeTable(table)).byteLength).toBeLessThan(1_000_000);
  for (let index = 0; index < 120_000; index += 997) {
    const address = lines[index]?.split(',')[0] ?? '';
    expect(score(table, address)).toBe(index % 101);
  }
});
