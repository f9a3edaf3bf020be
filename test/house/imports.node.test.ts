/**
 * Who may know whom: the imports of `src`, type imports too, against the table of rooms; and no cycle.
 */
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';

const DOMAIN = ['attempt', 'attack', 'expression', 'velocity', 'network', 'lists', 'decision', 'outcome'];
const LOWER = [...DOMAIN, 'gate', 'config', 'origin', 'reputation', 'step-up', 'journal', 'records', 'wire.ts'];

/** What anybody may who has something to say in the log: it looks at nothing but attempts' spelling. */
const LOG = ['journal/log.ts', 'journal/events.ts'];

/** What a configuration says of alerts, and the way to tell of one; not the object that is told. */
const ALERT_WORDS = ['alerts/alert-kinds.ts', 'alerts/bell.ts', 'alerts/signing.ts', 'alerts/watch.ts'];

/** What of the gate's is pure, and how the API reads and judges an attempt: a replay does what is done live. */
const LIVE = ['gate/settlement.ts', 'gate/touched-counters.ts', 'gate/card-names.ts', 'api/schemas.ts'];

/** Room → what it may import besides itself. A file beside the rooms stands under its own name. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  attempt: [],
  attack: ['attempt'],
  expression: ['attempt'],
  velocity: ['attempt', 'attack', 'expression'],
  network: ['attempt'],
  lists: ['attempt', 'network'],
  decision: ['attempt', 'attack', 'expression', 'velocity', 'network', 'lists'],
  outcome: ['attempt'],
  gate: ['attack', 'velocity', 'network', 'lists', 'step-up/passkey-record.ts', ...LOG],
  'step-up': ['attempt'],
  config: [...DOMAIN, 'gate', 'reputation', 'step-up', ...ALERT_WORDS, ...LOG],
  origin: ['attempt', 'config', 'gate', ...LOG],
  reputation: ['attempt', 'network', 'gate', ...LOG],
  alerts: ['attack', 'network', 'outcome', 'gate', 'config', ...LOG],
  observatory: ['attempt', 'network', 'config', ...LOG],
  journal: ['attempt', 'velocity', 'decision', 'outcome', 'gate', 'config'],
  records: ['attempt', 'decision', 'outcome', 'gate', 'journal'],
  replay: [...DOMAIN, 'config', 'step-up', ...LIVE, 'api/judging.ts', 'api/weighing.ts'],
  proxy: LOWER,
  // What is done with customers' passkeys: their browsers call it, and their shops' backends.
  passkeys: LOWER,
  api: [...LOWER, 'alerts', 'passkeys', 'replay'],
  challenge: LOWER,
  // Merchants' public keys: anybody may have them.
  keys: LOWER,
  client: [],
  middleware: ['client'],
  'wire.ts': ['attempt'],
  'app.ts': [...LOWER, 'proxy', 'api', 'challenge', 'passkeys', 'keys', 'alerts/bell.ts'],
  'index.ts': ['app.ts', 'gate/gate.ts', 'observatory/observatory.ts', 'alerts/alerts.ts'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

// Static imports and exports, bare imports, and import() in code or in types; without comments, with the whole clause.
const IMPORT = /(?:\b(import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?|\bimport\s*\(\s*)['"]([^'"]+)['"]/g;

function importsOf(name: string, code: string): readonly Import[] {
  return [...code.matchAll(IMPORT)].flatMap(([, , type, target = '']) =>
    target.startsWith('.') && !target.endsWith('.json')
      ? [{ from: name, to: posix.join(posix.dirname(name), target), isType: type !== undefined }]
      : [],
  );
}

const roomOf = (name: string) => name.split('/')[0] ?? '';

function isForbidden({ from, to, isType }: Import): boolean {
  const room = roomOf(from);
  if (room === roomOf(to)) return false;
  if (from === 'index.ts' && isType) return false;
  const known = MAY_KNOW[room] ?? [];
  return !known.includes(roomOf(to)) && !known.includes(to);
}

function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return null;
    for (const next of edges.get(name) ?? []) {
      const cycle = visit(next, [...trail, name]);
      if (cycle !== null) return cycle;
    }
    done.add(name);
    return null;
  };
  for (const name of edges.keys()) {
    const cycle = visit(name, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

const files = sourceFiles();
const imports = files.flatMap(({ name, code }) => importsOf(name, code));

it('every room stands in the table', () => {
  expect([...new Set(files.map(({ name }) => roomOf(name)))].filter((room) => !(room in MAY_KNOW))).toEqual([]);
});

it('finds the imports at all, and only files that exist', () => {
  const names = new Set(files.map(({ name }) => name));
  expect(imports.length).toBeGreaterThan(files.length);
  expect(imports.filter(({ to }) => !names.has(to))).toEqual([]);
});

it.each(Object.keys(MAY_KNOW))('%s imports only what it may know', (room) => {
  const forbidden = imports.filter((it) => roomOf(it.from) === room && isForbidden(it));
  expect(forbidden.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

it('no file imports itself, by whatever way round', () => {
  const edges = new Map(
    files.map(({ name }) => [name, imports.filter(({ from }) => from === name).map(({ to }) => to)]),
  );
  expect(findCycle(edges)?.join(' → ') ?? null).toBeNull();
});

describe('the test itself', () => {
  it.each([
    ['an import', "import { a } from '../gate/a.ts';"],
    ['a type import', "import type { A } from '../gate/a.ts';"],
    ['an import over lines', "import {\n  a,\n  type B,\n} from '../gate/a.ts';"],
    ['a default and names', "import a, { b } from '../gate/a.ts';"],
    ['a namespace', "import * as a from '../gate/a.ts';"],
    ['a bare import', "import '../gate/a.ts';"],
    ['a re-export', "export * from '../gate/a.ts';"],
    ['a re-export of names', "export { a } from '../gate/a.ts';"],
    ['a dynamic import', "const a = await import('../gate/a.ts');"],
    ['an import in a type', "let a: import('../gate/a.ts').A;"],
  ])('sees %s', (_, code) => {
    expect(importsOf('velocity/x.ts', code).filter(isForbidden)).toMatchObject([{ to: 'gate/a.ts' }]);
  });

  it('sees a cycle', () => {
    expect(
      findCycle(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b']);
    expect(
      findCycle(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
          ['c', []],
        ]),
      ),
    ).toBeNull();
  });
});
