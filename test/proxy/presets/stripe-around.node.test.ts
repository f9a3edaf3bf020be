/**
 * The other half of the ways around: Rack takes every one of these requests. Needs `ruby` with `rack`; without them
 * nothing is shown, and the reason is.
 */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { clothes, type Seen } from './stripe-clothes.ts';

/** An application on Rack, behind the middleware that Rails puts before every one. */
const ECHO = `
require 'json'
require 'rack'
require 'rack/mock'
app = Rack::MethodOverride.new(lambda do |env|
  request = Rack::Request.new(env)
  params = begin
    request.params
  rescue Rack::QueryParser::ParameterTypeError, Rack::QueryParser::InvalidParameterError, ArgumentError
    nil
  end
  env['seen'] = { method: request.request_method, params: params }
  [200, {}, []]
end)
def clean(value)
  case value
  when Hash then value.to_h { |name, one| [clean(name), clean(one)] }
  when Array then value.map { |one| clean(one) }
  when String then value.dup.force_encoding('UTF-8').scrub
  else value
  end
end
seen = JSON.parse($stdin.read).map do |asked|
  path, query = asked['path'].split('?', 2)
  env = Rack::MockRequest.env_for('/', method: asked['method'] || 'POST', input: asked['body'])
  env['PATH_INFO'] = path
  env['QUERY_STRING'] = query || ''
  asked['type'] ? env['CONTENT_TYPE'] = asked['type'] : env.delete('CONTENT_TYPE')
  app.call(env)
  clean(env['seen'])
end
puts JSON.generate(seen)`;

function findRack(): string | null {
  try {
    return execFileSync('ruby', ['-rrack', '-e', 'print Rack.release'], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return null;
  }
}

const version = findRack();

describe.runIf(version === null)('Rack', () => {
  it.skip('is not installed: that it takes these requests is not shown here', () => {});
});

describe.runIf(version !== null)(`Rack ${version}`, () => {
  const told =
    version === null ? '[]' : execFileSync('ruby', ['-e', ECHO], { encoding: 'utf8', input: JSON.stringify(clothes) });
  const seen = JSON.parse(told) as Seen[];
  const answers = clothes.map((one, i) => ({ ...one, seen: seen[i] as Seen }));
  /** Rack 3 splits a query at `&` alone. */
  const shown = answers.filter(({ what }) => version?.startsWith('2.') || !what.endsWith('semicolon'));

  it.each(shown)('$what: $path', (one) => {
    if (one.isTaken === null) expect(one.seen.params).toBe(null);
    else expect(one.isTaken(one.seen), JSON.stringify(one.seen)).toBe(true);
  });
});
