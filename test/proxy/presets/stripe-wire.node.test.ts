/**
 * Payments on the wire: what Rack under Puma makes of a body in pieces, compressed, and of other spellings of the path;
 * Cordon reads the same, or refuses. Needs `ruby` with `rack` and `puma`; without them nothing is shown.
 */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORM, INTENTS, paths, type Seen, types } from './stripe-clothes.ts';
import { askOnWire, type OnWire, type RunningServer, readAsCordon, startServer } from './wire.ts';

interface Told extends Seen {
  readonly path: string;
}

/** An application on Rack, behind the middleware that Rails puts before every one. */
const SHOP = `
require 'json'
require 'rack'
app = Rack::MethodOverride.new(lambda do |env|
  request = Rack::Request.new(env)
  params = begin
    request.params.to_h { |name, one| [name.dup.force_encoding('UTF-8').scrub, one.to_s.force_encoding('UTF-8').scrub] }
  rescue Rack::QueryParser::ParameterTypeError, Rack::QueryParser::InvalidParameterError, ArgumentError
    nil
  end
  told = { path: env['PATH_INFO'], method: request.request_method, params: params }
  [200, { 'Content-Type' => 'application/json' }, [JSON.generate(told)]]
end)
Rack::Handler.get('puma').run(app, Host: '127.0.0.1', Port: ARGV[0].to_i, Threads: '1:1', Silent: true)`;

const VERSIONS = `require 'puma'; require 'rack/handler/puma'; print "#{Rack.release} under Puma #{Puma::Const::PUMA_VERSION}"`;

function findPuma(): string | null {
  try {
    return execFileSync('ruby', ['-rrack', '-e', VERSIONS], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return null;
  }
}

const version = findPuma();
const paid: OnWire = { path: INTENTS, type: FORM, body: 'confirm=true&payment_method=pm_1' };

describe.runIf(version === null)('Rack under Puma', () => {
  it.skip('is not installed: what it makes of these requests is not shown here', () => {});
});

describe.runIf(version !== null)(`Rack ${version}`, () => {
  let puma: RunningServer;
  beforeAll(async () => {
    puma = await startServer('ruby', (port) => ['-e', SHOP, String(port)]);
  });
  afterAll(() => puma.stop());

  it.each(['whole', 'pieces'] as const)('takes a form, and Cordon reads the same: %s', async (as) => {
    const told = await askOnWire<Told>(puma, { ...paid, as });
    expect(told.params).toEqual({ confirm: 'true', payment_method: 'pm_1' });
    expect(await readAsCordon({ ...paid, as })).toEqual(
      new Map(Object.entries(told.params ?? {}).map(([name, value]) => [`/${name}`, value])),
    );
  });

  it('does not unpack a compressed body, so that it is no way around; Cordon refuses it', async () => {
    const told = await askOnWire<Told>(puma, { ...paid, as: 'gzip' });
    expect([told.params?.confirm, told.params?.payment_method]).toEqual([undefined, undefined]);
    expect(await readAsCordon({ ...paid, as: 'gzip' })).toBe('compressed');
  });

  it.each([...paths, ...types])('takes it: $what, $path ($fate)', async (one) => {
    const told = await askOnWire<Told>(puma, one);
    expect(told.path).toBe(one.path);
    expect(one.isTaken?.(told), JSON.stringify(told)).toBe(true);
  });
});
