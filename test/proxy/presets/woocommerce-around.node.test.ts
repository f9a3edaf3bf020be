/**
 * The other half of the ways around: PHP takes every one of these requests, and the plugin for WordPress refuses what
 * nobody has judged. Needs `php`; without it nothing is shown, and the reason is.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clothes, clothes, type Seen } from './woocommerce-clothes.ts';

/** sanitize_key() as WordPress has it (wp-includes/formatting.php), over the keys of the pairs. */
const ECHO = `<?php
header('content-type: application/json');
$body = file_get_contents('php://input');
$json = json_decode($body, true);
$pairs = is_array($json) ? ($json['payment_data'] ?? []) : [];
$keys = [];
foreach ($pairs as $pair) {
  if (is_string($pair['key'] ?? null)) $keys[] = preg_replace('/[^a-z0-9_\\-]/', '', strtolower($pair['key']));
}
echo json_encode(
  ['get' => (object) $_GET, 'post' => (object) $_POST, 'json' => $json, 'keys' => $keys],
  JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES
);`;

/** WordPress, as far as the plugin needs it: the hooks, called as WooCommerce would call them. */
const STAGE = `<?php
define('ABSPATH', '/');
$hooks = [];
function add_action($name, $call, $priority = 10, $count = 1) { global $hooks; $hooks[$name] = $call; }
function add_filter($name, $call, $priority = 10, $count = 1) { add_action($name, $call); }
function wp_die($message = '', $title = '', $args = []) { throw new Exception($message); }
class WP_Error { public $code; function __construct($code) { $this->code = $code; } }
class Asked {
  function __construct(private $method, private $route) {}
  function get_method() { return $this->method; }
  function get_route() { return $this->route; }
}
require $argv[1];
if ($argv[2] !== '') $_SERVER['HTTP_CORDON_EVALUATION'] = $argv[2];
function passes($call) { try { return ($call() instanceof WP_Error) ? 'refused' : 'passed'; } catch (Exception $e) { return 'refused'; } }
$rest = fn ($method, $route) => passes(fn () => $hooks['rest_request_before_callbacks'](null, [], new Asked($method, $route)));
echo json_encode([
  'checkout' => passes(fn () => $hooks['woocommerce_before_checkout_process']()),
  'pay' => passes(fn () => $hooks['woocommerce_before_pay_action']()),
  'add' => $hooks['woocommerce_add_payment_method_form_is_valid'](true) ? 'passed' : 'refused',
  'store' => $rest('POST', '/wc/store/v1/checkout'),
  'capitals' => $rest('POST', '/WC/Store/Checkout'),
  'order' => $rest('POST', '/wc/store/v1/checkout/146'),
  'agentic' => $rest('POST', '/wc/agentic/v1/checkout_sessions/x/complete'),
  'draft' => $rest('PUT', '/wc/store/v1/checkout'),
  'cart' => $rest('POST', '/wc/store/v1/cart/add-item'),
]);`;

function findPhp(): string | null {
  try {
    return execFileSync('php', ['-r', 'echo PHP_VERSION;'], { encoding: 'utf8' });
  } catch {
    return null;
  }
}

const version = findPhp();
const folder = mkdtempSync(join(tmpdir(), 'cordon-php-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(version === null)('PHP', () => {
  it.skip('is not installed: that it takes these requests is not shown here', () => {});
});

describe.runIf(version !== null)(`PHP ${version}`, () => {
  let php: ChildProcess;
  let port = 0;

  beforeAll(async () => {
    port = await freePort();
    writeFileSync(join(folder, 'echo.php'), ECHO);
    php = spawn('php', ['-d', 'display_errors=0', '-S', `127.0.0.1:${port}`, join(folder, 'echo.php')], {
      stdio: 'ignore',
    });
    for (let tries = 0; tries < 100; tries++) {
      const isUp = await ask({ path: '/', type: 'text/plain', body: '' }).then(
        () => true,
        () => false,
      );
      if (isUp) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  afterAll(() => php.kill());

  function ask({ path, type, body }: Pick<Clothes, 'path' | 'type' | 'body'>): Promise<Seen> {
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const sent = request({ port, method: 'POST', path, headers }, async (answer) => {
        resolve(JSON.parse((await answer.toArray()).join('')) as Seen);
      });
      sent.on('error', reject).end(body);
    });
  }

  it.each(clothes)('takes it: $what', async (one) => {
    const seen = await ask(one);
    expect(one.isTaken(seen), JSON.stringify(seen).slice(0, 500)).toBe(true);
  });
});

describe.runIf(version !== null)('the plugin', () => {
  const plugin = join(import.meta.dirname, '../../../examples/woocommerce/cordon.php');
  const runWith = (evaluation: string): Record<string, string> => {
    writeFileSync(join(folder, 'stage.php'), STAGE);
    const told = execFileSync('php', [join(folder, 'stage.php'), plugin, evaluation], { encoding: 'utf8' });
    return JSON.parse(told) as Record<string, string>;
  };
  const ways = ['checkout', 'pay', 'add', 'store', 'capitals', 'order', 'agentic'];

  it.each([
    ['nobody has judged', ''],
    ['says so in other words', 'yes'],
  ])('refuses every payment that %s, and nothing else', (_, evaluation) => {
    const fates = runWith(evaluation);
    expect(ways.map((way) => fates[way])).toEqual(ways.map(() => 'refused'));
    expect([fates.draft, fates.cart]).toEqual(['passed', 'passed']);
  });

  it('lets every payment through that Cordon has judged', () => {
    expect(new Set(Object.values(runWith(`ev_${'0'.repeat(32)}acme`)))).toEqual(new Set(['passed']));
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
