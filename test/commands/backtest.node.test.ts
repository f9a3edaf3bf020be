/**
 * `npm run backtest`: what it reads, writes and says, as a program that is run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'cordon-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const guard = { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 2 };
const tight = file('tight.json', JSON.stringify({ id: 'acme', card_testing_guard_config: guard }));
const off = file('off.json', JSON.stringify({ id: 'acme' }));
const line = (second: number, status = 'failed') =>
  JSON.stringify({
    at: new Date(Date.UTC(2026, 0, 5) + second * 1000).toISOString(),
    attempt: { ip: '203.0.113.9', card: { fingerprint: 'f' }, amount: 150, currency: 'EUR' },
    outcome: { status },
  });
/** Two attempts, a second and two after the start. */
const from = (ip: string) =>
  [1, 2]
    .map((second) => JSON.parse(line(second, 'succeeded')))
    .map((one) => JSON.stringify({ ...one, attempt: { ...one.attempt, ip, country: 'NL' } }))
    .join('\n');
const attempts = `${[line(1), line(2), line(3), line(4, 'succeeded')].join('\n')}\n`;

function backtest(args: readonly string[], input = attempts) {
  const command = ['commands/backtest.ts', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

it('tells the summary as JSON', () => {
  const { status, stdout, stderr } = backtest(['--config', tight, '--json']);
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({
    config: 'tight.json',
    attempts: 4,
    from: '2026-01-05T00:00:01.000Z',
    to: '2026-01-05T00:00:04.000Z',
    decisions: { allow: 2, review: 0, challenge: 0, block: 2 },
    blocks_by_rule: { 'velocity:card_ip': 2 },
    failures: { attempts: 3, stopped: 1 },
    successes: { attempts: 1, stopped: 1 },
    amounts: { EUR: { through: 300, failures_stopped: 150, successes_stopped: 150 } },
  });
});

it('writes a decision for each line', () => {
  const out = join(folder, 'decisions.ndjson');
  expect(backtest(['--config', tight, '--decisions', out]).status).toBe(0);
  const decisions = readFileSync(out, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text));
  expect(decisions).toEqual([
    { line: 1, decision: 'allow', methods: [], reasons: [], risk_score: 0 },
    { line: 2, decision: 'allow', methods: [], reasons: [], risk_score: 0 },
    ...[3, 4].map((number) => ({
      line: number,
      decision: 'block',
      methods: [],
      reasons: [{ code: 'velocity', rule: 'card_ip', message: '2 failures, limit 2', mode: 'enforce' }],
      risk_score: 0,
    })),
  ]);
});

it('tells two configurations side by side, and by label', () => {
  const labels = file('labels.txt', 'testers\ntesters\ntesters\nbuyers\n');
  const { stdout } = backtest(['--config', tight, '--against', off, '--labels', labels]);
  expect(stdout).toContain('tight.json');
  expect(stdout).toMatch(/block +│ +2 │ +0 /);
  expect(stdout).toMatch(/failures stopped +│ +1 of 3 \(33\.33%\) │ +0 of 3/);
  expect(stdout).toMatch(/testers +│ +3 │ +33\.33%/);
});

it.each([
  ['no configuration', [], attempts, '--config is needed'],
  ['one that is not there', ['--config', join(folder, 'none')], attempts, 'cannot be read'],
  ['one with faults', ['--config', file('bad.json', '{"id":"acme","rulez":[]}')], attempts, '/rulez is not a field'],
  ['a line that is none', ['--config', off], `${line(1)}\n{\n`, 'line 2: is not JSON'],
  ['lines out of order', ['--config', off], `${line(2)}\n${line(1)}\n`, 'line 2: is earlier'],
  ['too many labels', ['--config', off, '--labels', file('many.txt', 'a\n'.repeat(5))], attempts, 'more than 4 lines'],
  ['an import of nothing known', ['import', 'paypal', tight], '', 'import takes stripe or adyen'],
  ['an import without a file', ['import', 'stripe'], '', 'import takes one file'],
  ['lists from two places', ['--config', off, '--deny', tight, '--merchant', 'acme'], '', '--merchant stands instead'],
  ['a list that is none', ['--config', off, '--deny', tight], '', 'holds no items'],
  [
    'an item that is none',
    ['--config', off, '--deny', file('x.csv', 'type,value\nip,x\n')],
    '',
    'item 1 of the deny list',
  ],
  ['a feed without a file', ['--config', off, '--feed', 'bad'], '', '--feed takes NAME=FILE'],
  ['a table that is none', ['--config', off, '--bins', tight], '', 'is no table of bins'],
  ['too few labels', ['--config', off, '--labels', file('few.txt', 'a\n')], attempts, 'labels end before line 2'],
])('ends with 2 for %s, and says why', (_, args, input, said) => {
  const { status, stdout, stderr } = backtest(args, input);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(said);
});

it('leaves no decisions behind that are not all there are', () => {
  const out = join(folder, 'broken.ndjson');
  backtest(['--config', off, '--decisions', out], `${line(1)}\nnonsense\n`);
  expect(() => readFileSync(out)).toThrow('ENOENT');
});

it('tries other limits, and says which is worth the most', () => {
  const many = Array.from({ length: 9 }, (_, index) => line(index)).join('\n');
  const { limits, suggestions } = JSON.parse(backtest(['--config', tight, '--suggest', '--json'], many).stdout);
  expect(suggestions).toEqual([{ rule: 'card_ip', written: 2, suggested: 1 }]);
  expect(limits[0]).toMatchObject({ rule: 'card_ip', limit: 1, failures: { stopped: 8 } });
  expect(backtest(['--config', tight, '--suggest'], many).stdout).toMatch(/card_ip +│ +→ 1 │ +8 of 9/);
});

it('judges by lists, leases and tables out of files', () => {
  const config = file(
    'abroad.json',
    JSON.stringify({
      id: 'acme',
      network: { operating_countries: ['DE'], leases: {} },
      reputation: { feeds: [{ name: 'bad', then: 'block' }, 'other'] },
    }),
  );
  const told = (args: readonly string[]) => {
    const { status, stdout, stderr } = backtest(['--config', config, '--json', ...args], from('203.0.113.9'));
    expect([status, stderr]).toEqual([0, '']);
    const { blocks_by_rule, decisions, not_replayed } = JSON.parse(stdout);
    return { blocks_by_rule, allowed: decisions.allow, not_replayed };
  };
  const nothing = { blocks_by_rule: { country: 2 }, allowed: 0 };
  expect(told([])).toEqual({ ...nothing, not_replayed: ['lists', 'leases', 'feed:bad', 'feed:other', 'networks'] });
  const allow = file('allow.csv', 'type;value\ncountry;NL\n');
  const feed = file('bad.txt', '203.0.113.0/24,90\n');
  const byList = ['--allow', allow, '--feed', `bad=${feed}`];
  expect(told(byList)).toEqual({
    blocks_by_rule: { 'reputation:feed:bad': 2 },
    allowed: 0,
    not_replayed: ['leases', 'feed:other', 'networks'],
  });
  const deny = file('deny.json', JSON.stringify({ items: [{ type: 'ip', value: '203.0.113.9', expires_at: null }] }));
  expect(told([...byList, '--deny', deny]).blocks_by_rule).toEqual({ 'list:ip': 2 });
  const lease = { cidr: '203.0.113.8/29', created_at: '2026-01-05T00:00:00Z', expires_at: '2026-01-05T00:00:02Z' };
  const leases = file('leases.json', JSON.stringify({ leases: [lease] }));
  expect(told(['--leases', leases])).toEqual({
    blocks_by_rule: { country: 1 },
    allowed: 1,
    not_replayed: ['lists', 'feed:bad', 'feed:other', 'networks'],
  });
  expect(backtest(['--config', config], from('203.0.113.9')).stdout).toContain(
    'Not replayed of abroad.json: lists, leases',
  );
});

it('imports what processors export', () => {
  const csv = file(
    'payments.csv',
    'Created (UTC),Amount,Currency,Status\n2026-01-05 10:00,1.00,eur,Paid\nx,1,eur,Paid\n',
  );
  const { status, stdout, stderr } = backtest(['import', 'stripe', csv]);
  expect(status).toBe(0);
  expect(stderr).toBe('line 3: has a time that is none\n1 attempts, 1 bad lines\n');
  expect(JSON.parse(backtest(['--config', off, '--json'], stdout).stdout)).toMatchObject({ attempts: 1 });
});

it('takes an empty file, and one without a last line end', () => {
  expect(JSON.parse(backtest(['--config', off, '--json'], '').stdout)).toMatchObject({ attempts: 0, from: null });
  expect(JSON.parse(backtest(['--config', off, '--json'], line(1)).stdout)).toMatchObject({ attempts: 1 });
});
