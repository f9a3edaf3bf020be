/**
 * The other half of the ways around: serde takes every one of these payments. Needs `cargo` and Debian's sources of
 * serde (librust-serde-json-dev, librust-serde-derive-dev); without them nothing is shown, and the reason is.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clothes, type Seen } from './hyperswitch-clothes.ts';

const CRATES = '/usr/share/cargo/registry';
const MANIFEST = `[package]
name = "hyperswitch-parser"
version = "0.0.0"
edition = "2021"

[dependencies]
serde = { version = "1", features = ["derive"] }
serde_json = "1"
`;
/** Nothing is fetched: Debian's folder of sources stands in for the registry. */
const SOURCES = `[source.crates-io]
replace-with = "debian"

[source.debian]
directory = "${CRATES}"
`;

function findSerde(): string | null {
  try {
    execFileSync('cargo', ['--version'], { stdio: 'pipe' });
  } catch {
    return null;
  }
  const crates = existsSync(CRATES) ? readdirSync(CRATES) : [];
  const [json] = crates.filter((name) => name.startsWith('serde_json-'));
  return crates.some((name) => name.startsWith('serde_derive-')) ? (json ?? null) : null;
}

const version = findSerde();

describe.runIf(version === null)('serde', () => {
  it.skip('is not installed: that it takes these payments is not shown here', () => {});
});

describe.runIf(version !== null)(`${version}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-serde-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let seen: readonly Seen[] = [];

  beforeAll(() => {
    for (const name of ['src', '.cargo']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'Cargo.toml'), MANIFEST);
    writeFileSync(join(folder, '.cargo/config.toml'), SOURCES);
    for (const name of ['main.rs', 'payment.rs']) {
      copyFileSync(join(import.meta.dirname, 'hyperswitch-parser', name), join(folder, 'src', name));
    }
    const env = { ...process.env, CARGO_HOME: join(folder, 'home'), CARGO_TARGET_DIR: join(folder, 'target') };
    execFileSync('cargo', ['build', '--offline', '--quiet'], { cwd: folder, env, stdio: 'pipe' });
    const input = JSON.stringify(clothes.map(({ body }) => body));
    const told = execFileSync(join(folder, 'target/debug/hyperswitch-parser'), { encoding: 'utf8', input });
    seen = JSON.parse(told) as Seen[];
  });

  it.each(clothes.map((one, i) => ({ ...one, i })))('a payment $what', ({ i, isTaken }) => {
    const one = seen[i];
    if (isTaken === null || isTaken === undefined) expect(one).toBe(null);
    else expect(one != null && isTaken(one), JSON.stringify(one)).toBe(true);
  });
});
