/**
 * Checkouts on the wire: what PHP's own HTTP server makes of a body in pieces, compressed, and of other spellings of the
 * path; Cordon reads the same, or refuses. Needs `php`; without it nothing is shown, and the reason is.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askOnWire, type OnWire, type RunningServer, readAsCordon, startServer } from './wire.ts';
import { clothes, FORM, JSON_TYPE } from './woocommerce-clothes.ts';

interface Told {
  readonly path: string;
  readonly post: Readonly<Record<string, unknown>>;
  readonly json: unknown;
  readonly length: number;
}

const ROUTER = `<?php
header('content-type: application/json');
$body = file_get_contents('php://input');
echo json_encode([
  'path' => $_SERVER['REQUEST_URI'],
  'post' => (object) $_POST,
  'json' => json_decode($body, true),
  'length' => strlen($body),
], JSON_INVALID_UTF8_SUBSTITUTE);`;

const TOKEN = 'wc-stripe-payment-method';
const form: OnWire = { path: '/checkout/', type: FORM, body: `woocommerce_checkout_place_order=1&${TOKEN}=pm_1` };
const json = {
  path: '/wp-json/wc/store/v1/checkout',
  type: JSON_TYPE,
  body: `{"payment_data":[{"key":"${TOKEN}","value":"pm_1"}]}`,
} satisfies OnWire;

function findPhp(): string | null {
  try {
    return execFileSync('php', ['-r', 'echo PHP_VERSION;'], { encoding: 'utf8' });
  } catch {
    return null;
  }
}

const version = findPhp();

describe.runIf(version === null)('PHP', () => {
  it.skip('is not installed: what its server makes of these requests is not shown here', () => {});
});

describe.runIf(version !== null)(`PHP ${version}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-php-wire-'));
  let php: RunningServer;

  beforeAll(async () => {
    const router = join(folder, 'router.php');
    writeFileSync(router, ROUTER);
    php = await startServer('php', (port) => ['-d', 'display_errors=0', '-S', `127.0.0.1:${port}`, router]);
  });
  afterAll(() => {
    php.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['whole', 'pieces'] as const)('takes a form and JSON, and Cordon reads the same: %s', async (as) => {
    const told = await askOnWire<Told>(php, { ...form, as });
    expect(told.post[TOKEN]).toBe('pm_1');
    expect(await readAsCordon({ ...form, as })).toEqual(
      new Map(Object.entries(told.post).map(([name, value]) => [`/${name}`, value])),
    );
    const store = await askOnWire<Told>(php, { ...json, as });
    expect(store.json).toEqual(JSON.parse(json.body));
    expect(await readAsCordon({ ...json, as })).toEqual(
      new Map([
        ['/payment_data/0/key', TOKEN],
        ['/payment_data/0/value', 'pm_1'],
      ]),
    );
  });

  it('does not unpack a compressed body, so that it is no way around; Cordon refuses it', async () => {
    for (const one of [form, json]) {
      const told = await askOnWire<Told>(php, { ...one, as: 'gzip' });
      expect(told.length).toBeGreaterThan(0);
      expect([told.post[TOKEN], told.json]).toEqual([undefined, null]);
      expect(await readAsCordon({ ...one, as: 'gzip' })).toBe('compressed');
    }
  });

  const paths = clothes.filter(({ path }) => path !== form.path && path !== json.path);
  it.each(paths)('hands WordPress the path as it is written: $path ($fate)', async ({ path, type, body }) => {
    expect((await askOnWire<Told>(php, { path, type, body })).path).toBe(path);
  });
});
