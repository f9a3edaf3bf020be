/**
 * `tail`: what it reads out of a log, how it shows it, and that it ends with everything that it started.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Documents, isWanted, readLogLine, readTailedEvent } from '../../commands/cordon/log-lines.ts';
import { describe as shown } from '../../commands/cordon/tail.ts';

const COMMAND = join(import.meta.dirname, '../../commands/cordon.ts');
const AT = Date.UTC(2026, 10, 22, 3, 4, 5);
const block = {
  event: 'decision',
  id: 'ev_1',
  merchant: 'acme',
  route: 'pay',
  decision: 'block',
  mode: 'enforce',
  reasons: ['velocity:card_ip/enforce', 'asn/shadow'],
  country: 'NL',
  asn: 1136,
  bin: '424242',
  config_version: '',
};
const lineOf = (fields: object) => readLogLine(JSON.stringify({ ...block, ...fields }), AT);

describe('reads', () => {
  it.each([
    ['a line as it stands', JSON.stringify(block)],
    [
      'a line in a dev server’s colours',
      `\u001b[31m✘ \u001b[41;31m[\u001b[41;97mERROR\u001b[0m \u001b[1m${JSON.stringify(block)}\u001b[0m`,
    ],
    ['a line behind a prefix', `[cordon] ${JSON.stringify(block)}\r`],
  ])('%s', (_, text) => {
    const { event, ...fields } = block;
    expect(readLogLine(text, AT)).toEqual({ event, level: 'info', at: AT, fields });
  });

  it.each([
    '',
    'GET /api/pay?card=1 200',
    '{"event":"decision"',
    '{"event":"unheard_of"}',
    '{"event":"toString"}',
    'null',
    '{}',
  ])('nothing out of %j', (text) => {
    expect(readLogLine(text, AT)).toBeNull();
  });

  it('the lines of what wrangler tails, and nothing of the request', () => {
    const event = {
      outcome: 'exceededCpu',
      event: { request: { url: 'https://shop.example/?a=SECRET', headers: { cookie: 'SECRET' } } },
      logs: [
        { message: [JSON.stringify(block)], level: 'log', timestamp: AT },
        { message: ['SECRET', { an: 'object' }], level: 'error', timestamp: AT },
      ],
      exceptions: [{ name: 'Error', message: 'SECRET', timestamp: AT }],
    };
    const lines = readTailedEvent(JSON.stringify(event), AT + 1);
    expect(lines.map((line) => [line.event, line.at])).toEqual([
      ['decision', AT],
      ['unexpected_error', AT + 1],
    ]);
    expect(JSON.stringify(lines)).not.toContain('SECRET');
    expect(readTailedEvent('{', AT)).toEqual([]);
  });

  it('documents on one line each, and over many', () => {
    const documents = new Documents();
    const texts = ['banner', '{"a":1}', '{', '  "b": {', '  }', '}', '', '{"c":"}"}'];
    expect(texts.map((text) => documents.add(text)).filter((it) => it !== null)).toEqual([
      '{"a":1}',
      '{\n  "b": {\n  }\n}',
      '{"c":"}"}',
    ]);
  });
});

it.each([
  [{}, true],
  [{ merchant: 'acme' }, true],
  [{ merchant: 'other' }, false],
  [{ decision: 'block' }, true],
  [{ decision: 'allow' }, false],
  [{ rule: 'card_ip' }, true],
  [{ rule: 'velocity' }, true],
  [{ rule: 'velocity:card_ip' }, true],
  [{ rule: 'asn' }, true],
  [{ rule: 'card' }, false],
])('of what is asked for, %j is wanted: %s', (filter, wanted) => {
  const line = lineOf({});
  const all = { merchant: undefined, decision: undefined, rule: undefined };
  expect(line !== null && isWanted(line, { ...all, ...filter })).toBe(wanted);
});

describe('shows', () => {
  const show = (fields: object) => {
    const line = lineOf(fields);
    return line === null ? '' : shown(line);
  };

  it('a decision on one line', () => {
    expect(show({})).toBe(
      '03:04:05 block     acme         pay        velocity:card_ip/enforce asn/shadow NL AS1136 bin 424242 ev_1',
    );
    expect(show({ decision: 'allow', mode: 'shadow', reasons: [], status: 'failed', repeats: 3 })).toBe(
      '03:04:05 allow     acme         pay        (shadow) ×3 NL AS1136 bin 424242 → failed ev_1',
    );
  });

  it('nothing that a terminal obeys, whoever wrote the file', () => {
    const hostile = '\u001b[2J\u001b]0;x\u0007\u009b1m\u202e\u2028\n\r\u0000';
    const text = show({ merchant: hostile, reasons: [hostile], id: hostile, country: hostile, [hostile]: hostile });
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    expect(shown({ event: 'audit', level: 'info', at: AT, fields: { before: { a: hostile } } })).not.toMatch(
      /[\p{Cc}\p{Cf}\u2028\u2029]/u,
    );
  });

  it('colours where they are wanted, and none where NO_COLOR says so', () => {
    vi.stubEnv('NO_COLOR', '');
    vi.stubEnv('FORCE_COLOR', '1');
    expect(show({})).toContain('\u001b[31mblock');
    vi.stubEnv('NO_COLOR', '1');
    expect(show({})).not.toContain('\u001b');
    vi.unstubAllEnvs();
  });
});

describe('as it is run', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordon-tail-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  // A test that fails half-way must not leave anything running either.
  const begun: ChildProcess[] = [];
  afterEach(() => {
    for (const child of begun.splice(0)) if (child.exitCode === null) child.kill('SIGINT');
  });

  function start(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [COMMAND, 'tail', ...words], {
      env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    begun.push(child);
    let [out, complaints] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes;
    });
    child.stderr.on('data', (bytes: Buffer) => {
      complaints += bytes;
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, ended, out: () => out, complaints: () => complaints };
  }
  const until = (test: () => unknown) =>
    vi.waitFor(() => expect(test()).toBeTruthy(), { timeout: 10_000, interval: 50 });

  it('follows a file as it grows and begins anew, filters, and ends with Ctrl-C', async () => {
    const path = join(folder, 'cordon.log');
    await writeFile(path, `Ready on https://localhost\n${JSON.stringify({ ...block, id: 'ev_first' })}\n`);
    const run = start(['acme', '--decision', 'block', '--from', path]);
    await until(() => run.out().includes('ev_first'));
    const half = JSON.stringify({ ...block, id: 'ev_second' });
    await appendFile(path, half.slice(0, 40));
    await wait(300);
    await appendFile(path, `${half.slice(40)}\n${JSON.stringify({ ...block, id: 'ev_no', merchant: 'other' })}\n`);
    await until(() => run.out().includes('ev_second'));
    await truncate(path, 0);
    await wait(300);
    await appendFile(path, `${JSON.stringify({ ...block, id: 'ev_third' })}\n`);
    await until(() => run.out().includes('ev_third'));
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
    expect(run.out()).not.toContain('ev_no');
    expect(run.out().trim().split('\n')).toHaveLength(3);
  });

  it('reads standard input to its end, as JSON for programs', async () => {
    const run = start(['--from', '-', '--json']);
    run.child.stdin.end(`noise\n${JSON.stringify(block)}\n`);
    expect(await run.ended).toBe(0);
    expect(JSON.parse(run.out())).toEqual({ at: expect.any(String), ...block });
  });

  it('runs wrangler for a Cordon elsewhere, and leaves no process behind', async () => {
    const [fake, pidFile] = [join(folder, 'wrangler.mjs'), join(folder, 'pid')];
    await writeFile(
      fake,
      `import { spawn } from 'node:child_process';
       import { writeFileSync } from 'node:fs';
       const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
       const event = { logs: [{ message: [${JSON.stringify(JSON.stringify(block))}], timestamp: ${AT} }], outcome: 'ok' };
       console.log(JSON.stringify(event, null, 2));
       console.error(process.argv.slice(2).join(' '));
       writeFileSync(${JSON.stringify(pidFile)}, process.pid + ' ' + child.pid);
       setInterval(() => {}, 1000);`,
    );
    const run = start(['--url', 'https://cordon.example.com', '--env', 'staging'], { CORDON_WRANGLER: fake });
    await until(() => run.out().includes('ev_1'));
    await until(() => run.complaints().includes('tail --env staging --format json'));
    await until(async () => (await readFile(pidFile, 'utf8')).includes(' '));
    const pids = (await readFile(pidFile, 'utf8')).split(' ').map(Number);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
    const alive = pids.filter((pid) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    });
    expect(alive).toEqual([]);
  });

  it('says so when wrangler gives up', async () => {
    const fake = join(folder, 'broken.mjs');
    await writeFile(fake, 'process.exit(1);');
    const run = start(['--url', 'https://cordon.example.com'], { CORDON_WRANGLER: fake });
    expect(await run.ended).toBe(2);
    expect(run.complaints()).toContain('wrangler tail ended');
  });
});
