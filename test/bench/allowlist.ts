/**
 * `npm run bench:allowlist`: what a look into the allowlist costs, by its length, and what a long list costs to read
 * and to compile. Times belong to the machine; how little they grow from line to line does not.
 */
import { parseIp, wordsOf } from '../../src/attempt/ip-address.ts';
import { parsePrefix } from '../../src/attempt/ip-prefix.ts';
import { allowlistEntries } from '../../src/config/allowlist-schema.ts';
import { readConfigText } from '../../src/config/config-text.ts';
import { merchantSchema } from '../../src/config/merchant-schema.ts';
import { addressSetOf, arrangePrefixes, findPrefix } from '../../src/network/address-set.ts';
import { compileAllowlist } from '../../src/network/allowlist.ts';
import { textOfNumber } from '../support/addresses.ts';
import { longAllowlist } from '../support/allowlists.ts';

const LOOKUPS = 1_000_000;
const ROUNDS = 7;

const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

/** Milliseconds of the median round. */
function timed(work: () => void): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return median(rounds);
}

function lookUps(count: number): string {
  const step = Math.floor(2 ** 32 / count);
  const prefixes = Array.from({ length: count }, (_, index) => {
    const reading = parsePrefix(`${textOfNumber(BigInt(index * step), 4)}/32`);
    if (reading.kind !== 'prefix') throw new Error(reading.kind);
    return { prefix: reading.prefix };
  });
  const set = addressSetOf(arrangePrefixes(prefixes).apart);
  // Half of them are in the set.
  const asked = Array.from({ length: 1_024 }, (_, index) => {
    const any = (index * 2_654_435_761) % 2 ** 32;
    return [index % 2 === 0 ? (any - (any % step)) % (count * step) : any];
  });
  let hits = 0;
  const ms = timed(() => {
    for (let index = 0; index < LOOKUPS; index++) {
      if (findPrefix(set, asked[index % 1_024] ?? []) !== null) hits++;
    }
  });
  const kilobytes = (count * 5) / 1_000;
  const share = Math.round((hits / LOOKUPS / ROUNDS) * 100);
  const ns = ((ms * 1e6) / LOOKUPS).toFixed(0);
  return `${String(count).padStart(7)} prefixes  ${ns.padStart(4)} ns a look-up (${share} % found)  ${kilobytes} kB`;
}

for (const count of [10, 100, 1_000, 10_000, 120_000]) console.log(lookUps(count));

const address = parseIp('2001:db8:1:2:3:4:5:6');
const six = timed(() => {
  for (let index = 0; index < 100_000; index++) if (address !== null) wordsOf(address);
});
console.log(`an IPv6 address into words: ${((six * 1e6) / 100_000).toFixed(0)} ns`);

const text = JSON.stringify({ id: 'acme', network: { allowlist: longAllowlist(10_000) } });
const read = readConfigText(text);
const config = merchantSchema.parse(read.ok ? read.value : null);
const entries = allowlistEntries(config.network.allowlist);
console.log(`10,000 entries, ${(text.length / 1e6).toFixed(2)} MB:`);
console.log(`  strict JSON  ${timed(() => readConfigText(text)).toFixed(0)} ms`);
console.log(`  validation   ${timed(() => merchantSchema.parse(read.ok ? read.value : null)).toFixed(0)} ms`);
console.log(`  compilation  ${timed(() => compileAllowlist(entries)).toFixed(0)} ms`);
