/**
 * Payments on the wire: what Django under uvicorn makes of a body in pieces, compressed, and of other spellings of the
 * path; Cordon reads the same, or refuses. Needs Python with Django, graphql-core 2 and uvicorn; else nothing is shown.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documents, paths } from './saleor-clothes.ts';
import { askOnWire, type RunningServer, readAsCordon, startServer } from './wire.ts';

interface Told {
  readonly path: string;
  readonly length: number;
  readonly paid: readonly string[];
  readonly because: string | null;
}

const VERSIONS = `
import django, graphql, uvicorn
assert graphql.__version__.startswith('2.')
print(f'{django.get_version()} under uvicorn {uvicorn.__version__}', end='')`;

/** Another Python before Debian's on the path would not have them. */
function findServer(): { readonly python: string; readonly versions: string } | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      return { python, versions: execFileSync(python, ['-c', VERSIONS], { encoding: 'utf8', stdio: 'pipe' }) };
    } catch {}
  }
  return null;
}

const found = findServer();
const [paid] = documents;
if (paid === undefined) throw new Error('no clothes');

describe.runIf(found === null)('Django under uvicorn', () => {
  it.skip('is not installed: what it makes of these requests is not shown here', () => {});
});

describe.runIf(found !== null)(`Django ${found?.versions}`, () => {
  let shop: RunningServer;
  beforeAll(async () => {
    const folder = join(import.meta.dirname, 'saleor-parser');
    shop = await startServer(found?.python ?? '', (port) => [
      ...['-B', '-m', 'uvicorn', 'server:app', '--app-dir', folder, '--lifespan', 'off', '--port', String(port)],
    ]);
  });
  afterAll(() => shop.stop());

  it.each(['whole', 'pieces'] as const)('pays for what is in a body, and Cordon reads the same: %s', async (as) => {
    const told = await askOnWire<Told>(shop, { ...paid, as });
    expect(told.paid, told.because ?? '').toEqual(paid.pays);
    const read = await readAsCordon({ ...paid, as });
    expect(read instanceof Map ? [...read.values()] : read).toEqual(expect.arrayContaining([...told.paid]));
    expect(read).toEqual(await readAsCordon(paid));
    expect(told.length).toBe(paid.body.byteLength);
  });

  it('does not unpack a compressed body, so that it is no way around; Cordon refuses it', async () => {
    const told = await askOnWire<Told>(shop, { ...paid, as: 'gzip' });
    expect([told.paid, told.because]).toEqual([[], expect.stringContaining('UnicodeDecodeError')]);
    expect(await readAsCordon({ ...paid, as: 'gzip' })).toBe('compressed');
  });

  it.each(paths)('pays for $pays: $what ($fate)', async (one) => {
    const told = await askOnWire<Told>(shop, one);
    expect(told.path).toBe(decodeURIComponent(one.path.split('?')[0] ?? ''));
    expect(told.paid, told.because ?? '').toEqual(one.pays);
  });
});
