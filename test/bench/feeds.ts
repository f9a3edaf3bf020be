/**
 * `npm run bench:feeds`: what a feed of 120,000 addresses costs: to import, to load, to look up, to hold. Times belong to
 * the machine; sizes do not.
 */
import { parseIp } from '../../src/attempt/ip-address.ts';
import { countryOfBin, nameOfNetwork, scoreOf, type Table, type TableKind } from '../../src/network/table.ts';
import { decodeTable, encodeTable } from '../../src/network/table-bytes.ts';
import { TableImport } from '../../src/network/table-import.ts';
import { textOfNumber } from '../support/addresses.ts';

const LOOKUPS = 1_000_000;
const ROUNDS = 5;

async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  let result = await work();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    result = await work();
    times.push(performance.now() - from);
  }
  return { ms: times.sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN, result };
}

function importOf(text: string, kind: TableKind): Table {
  const reading = new TableImport({ kind });
  reading.write(text);
  const result = reading.end();
  if (!result.ok) throw new Error(result.because);
  return result.table;
}

const bytesOf = ({ prefixes: { ipv4, ipv6 }, values, asns, asnValues }: Table): number =>
  ipv4.lengths.length * 5 + ipv6.lengths.length * 17 + values.length + asns.length * 4 + asnValues.length;

async function measure(name: string, { text, kind }: { text: string; kind: TableKind }, ask: (table: Table) => void) {
  const imported = await timed(() => importOf(text, kind));
  const encoded = await timed(() => encodeTable(imported.result));
  const loaded = await timed(() => decodeTable(encoded.result.buffer));
  const table = loaded.result;
  if (table === null) throw new Error('lost');
  const asked = await timed(() => ask(table));
  const parts = [
    name.padEnd(34),
    `${(text.length / 1e6).toFixed(1)} MB text`,
    `import ${imported.ms.toFixed(0)} ms`,
    `load ${loaded.ms.toFixed(1)} ms`,
    `look-up ${((asked.ms * 1e6) / LOOKUPS).toFixed(0)} ns`,
    `memory ${(bytesOf(table) / 1e3).toFixed(0)} kB`,
  ];
  console.log(parts.join('  '));
}

const addressOf = (index: number) => textOfNumber(BigInt((index * 2_654_435_761) % 2 ** 32), 4);
const asked = Array.from({ length: 1_024 }, (_, index) => parseIp(addressOf(index * 117))).filter((ip) => ip !== null);
const lookUpAddresses = (table: Table) => {
  for (let index = 0; index < LOOKUPS; index++) {
    const ip = asked[index % asked.length];
    if (ip !== undefined) scoreOf(table, ip, 64500);
  }
};

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const feed = (count: number) => lines(count, (index) => `${addressOf(index)},${index % 101}`);
for (const count of [1_000, 120_000, 1_000_000]) {
  await measure(`${count.toLocaleString('en')} addresses`, { text: feed(count), kind: 'addresses' }, lookUpAddresses);
}
const nested = lines(
  120_000,
  (index) => `10.${(index >> 8) & 255}.${index & 255}.0/${24 + (index % 8)},${index % 101}`,
);
await measure(
  '120,000 prefixes in one another',
  { text: `10.0.0.0/8,5\n${nested}`, kind: 'addresses' },
  lookUpAddresses,
);
const asns = lines(40_000, (index) => `AS${index * 7 + 1},${index % 2 === 0 ? 'hosting' : 'vpn'}`);
await measure('40,000 networks', { text: asns, kind: 'networks' }, (table) => {
  for (let index = 0; index < LOOKUPS; index++) nameOfNetwork(table, index);
});
const bins = lines(300_000, (index) => `${40_000_000 + index * 31},${['DK', 'NL', 'US'][index % 3]}`);
const askedBins = Array.from({ length: 1_024 }, (_, index) => String(40_000_000 + index * 9_000));
await measure('300,000 BINs', { text: bins, kind: 'bins' }, (table) => {
  for (let index = 0; index < LOOKUPS; index++) countryOfBin(table, askedBins[index % 1_024] ?? '');
});
