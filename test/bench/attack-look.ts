/**
 * What the watch of attack mode takes while its windows are full: the longest pause of a gate, beside the plain way to
 * look (test/support/plain-late.ts). In memory, by the engine of Node.
 */
import Table from 'cli-table3';
import { AttackWatch } from '../../src/attack/attack-watch.ts';
import { concentrationsIn } from '../../src/attack/concentration.ts';
import { type Happening, Recent } from '../../src/attack/recent.ts';
import { segmentsOf, type Traits } from '../../src/attack/traits.ts';
import { WINDOWS } from '../../src/attack/windows.ts';
import { plainConcentrations } from '../support/plain-late.ts';

/** More than a window holds. */
const ATTEMPTS = 7_000;
const WITHIN_MS = 10 * 60_000;
const LOOKS = 100;
const BEGIN = Date.UTC(2026, 0, 1);
const RARE = { bin: true, country: true, asn: true };

type Made = Pick<Traits, 'bin' | 'country'> & { readonly weight: number; readonly isPlain?: true };

/** How many attempts share what: all in one quarter of an hour, so that each window holds as many as it may. */
const SCENES: readonly (readonly [string, (index: number) => Made])[] = [
  [
    'ordinary trade',
    (index) => ({ bin: bin(index % 150), country: 'NL', weight: index % 8 === 0 ? 1 : 0, isPlain: true }),
  ],
  [
    'one bank among trade',
    (index) =>
      index % 4 === 0 ? foul(bin(0), index) : { bin: bin(index % 150), country: 'NL', weight: 0, isPlain: true },
  ],
  ['twenty banks among trade', (index) => amongTrade(index)],
  ['300 banks, and another thing', (index) => (index % 10 < 6 ? foul(bin(index % 300), index) : other(index))],
  ['300 banks, everywhere', (index) => foul(bin(index % 300), index)],
  ['2,000 banks, three tries each', (index) => foul(bin(index % 2_000), index)],
  ['a bank for each try', (index) => foul(bin(index), index)],
];

const table = new Table({
  head: ['windows full of', 'segments', 'a look, ms', 'the plain way', 'a note, µs', 'longest, ms'],
});
for (const [name, make] of SCENES) {
  const notes = noteAll(make);
  const happenings = Array.from({ length: ATTEMPTS }, (_, index) => happeningOf(make(index), index));
  const recent = new Recent(WINDOWS.map(({ spanMs }) => spanMs));
  for (const one of happenings) recent.add(one);
  look(recent);
  const looks = onProcessor(() => {
    for (let times = 0; times < LOOKS; times++) look(recent);
  });
  const plain = onProcessor(() => lookPlainly(happenings.slice(-6_001)));
  table.push([
    name,
    recent.numbers.end,
    (looks / LOOKS).toFixed(2),
    plain.toFixed(0),
    ((1_000 * notes.ms) / ATTEMPTS).toFixed(1),
    notes.longestMs.toFixed(1),
  ]);
}
console.log(table.toString());

function look(recent: Recent): void {
  for (const [index, window] of recent.windows.entries()) {
    const threshold = WINDOWS[index]?.elevated ?? WINDOWS[0].elevated;
    concentrationsIn(recent, window, { usual: () => 0.15, threshold });
  }
}

function lookPlainly(happenings: readonly Happening[]): void {
  const counted = happenings.map((one) => ({ ...one, counted: one.weight }));
  for (const { elevated } of WINDOWS) plainConcentrations(counted, () => 0.15, elevated);
}

/** With the looks that fall into it. The longest is by the clock on the wall, on which others are too. */
function noteAll(make: (index: number) => Made): { readonly ms: number; readonly longestMs: number } {
  const watch = new AttackWatch();
  let longestMs = 0;
  const ms = onProcessor(() => {
    for (let index = 0; index < ATTEMPTS; index++) {
      const { weight, ...made } = make(index);
      const from = performance.now();
      watch.note({ at: atOf(index), traits: traitsOf(made), payer: String(index), weight });
      longestMs = Math.max(longestMs, performance.now() - from);
    }
  });
  return { ms, longestMs };
}

function happeningOf({ weight, ...made }: Made, index: number): Happening {
  const rarity = made.isPlain === true ? { bin: false, country: false, asn: false } : RARE;
  return { at: atOf(index), segments: segmentsOf(traitsOf(made), rarity), payer: String(index), weight };
}

/** As many traits as an attempt can have. */
function traitsOf({ bin, country, isPlain }: Omit<Made, 'weight'>): Traits {
  const plain = { standing: 'guest', kind: 'payment', route: 'pay', asn: 1_136, network: 'ordinary' } as const;
  if (isPlain === true) return { ...plain, bin, country, hasSession: null, amountMinor: 1_999, isAbroad: false };
  return {
    ...plain,
    kind: 'setup',
    network: 'hosting',
    bin,
    country,
    hasSession: false,
    amountMinor: 100,
    isAbroad: true,
  };
}

function foul(bin: string, index: number): Made {
  return {
    bin,
    country: `${letter(index % 26)}${letter(Math.floor(index / 26) % 8)}`,
    weight: index % 7 === 0 ? 0 : 2,
  };
}

/** With every trait, so that no other explains them. */
function amongTrade(index: number): Made {
  const isFoul = index % 150 < 20 && index % 300 < 170;
  return { ...foul(bin(index % 150), index), weight: isFoul ? 2 : 0 };
}

function other(index: number): Made {
  return { bin: bin(900 + (index % 5)), country: 'NL', weight: 2, isPlain: true };
}

function bin(index: number): string {
  return String(400_000 + index);
}

function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

function atOf(index: number): number {
  return BEGIN + Math.floor((index * WITHIN_MS) / ATTEMPTS);
}

/** ms on a processor, in steps of 4 ms on some machines. */
function onProcessor(work: () => void): number {
  const from = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1_000;
}
