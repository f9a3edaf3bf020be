/**
 * What the command line takes and refuses, without any Cordon.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../commands/cordon/command-line.ts';
import { fetchOnLoopback } from '../../commands/cordon/loopback-fetch.ts';

const CARD = '4242424242424242';
const LEASE = {
  id: 'le_1',
  proof: 'lp_new',
  cidr: '',
  owner: '',
  reason: null,
  created_by: '',
  expires_at: '',
  renewable_until: '',
};
const PROOF = 'lp_that-nobody-sees';
let folder: string;
let devVarsPath: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-words-'));
  devVarsPath = join(folder, '.dev.vars');
  await writeFile(devVarsPath, 'CORDON_ADMIN_KEY="key-of-this-machine"\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}, typed: string | null = null) {
  const sent: { url: string; key: string; method: string; body: unknown }[] = [];
  let out = '';
  let complaints = '';
  const code = await runCommand(words, {
    environment,
    devVarsPath,
    fetch: async (url, { method = '', headers, body }) => {
      sent.push({ url, method, key: (headers as Record<string, string>).authorization ?? '', body });
      const journal = {
        dead_letters: [],
        replayed: 2,
        left: [],
        checked: 7,
        decisions_added: 0,
        outcomes_added: 0,
        outcomes_removed: 0,
      };
      const empty = {
        ...journal,
        merchants: [],
        keys: [],
        blocks: [],
        lifted: [],
        count: 0,
        changes: [],
        next_cursor: null,
      };
      return Response.json({ ...empty, ...LEASE });
    },
    write: (text) => {
      out += text;
    },
    complain: (text) => {
      complaints += text;
    },
    readFile: () => '{"id":"acme"}',
    openFile: () => ({ write: () => {}, finish: () => {}, abandon: () => {} }),
    isWatched: false,
    askForCard: async () => CARD,
    askForProof: async () => PROOF,
    askAloud: async (question) => {
      complaints += question;
      return typed;
    },
  });
  return { code, out, complaints, sent };
}

it.each([[[]], [['--help']], [['merchant', '--help']]])('%j shows how it is used', async (words) => {
  const { code, out, sent } = await run(words);
  expect([code, sent]).toEqual([0, []]);
  expect(out).toContain('merchant put FILE');
});

describe('makes no sense', () => {
  it.each([
    ['no such command', ['delete', 'acme']],
    ['no such verb', ['merchant', 'remove', 'acme']],
    ['no id', ['merchant', 'show']],
    ['a word too many', ['blocks', 'acme', 'now']],
    ['a word too many of the journal', ['journal', 'dead', 'acme']],
    ['a journal of nobody', ['journal', 'reconcile']],
    ['no word of the journal', ['journal', 'burn']],
    ['no rule to check', ['rule', 'check']],
    ['no verb of rules', ['rule', 'write', 'true']],
    ['a word too many after list', ['merchant', 'list', 'acme']],
    ['no such option', ['merchant', 'list', '--all']],
    ["another command's option", ['blocks', 'acme', '--ip', '203.0.113.9']],
    ['nobody to unblock', ['unblock', 'acme']],
    ['no URL', ['merchant', 'list', '--url', 'cordon']],
    ['plain http elsewhere', ['merchant', 'list', '--url', 'http://cordon.example']],
    ['an id that would name something else', ['keys', 'acme', 'revoke', '..']],
    ["a deletion's option", ['merchant', 'show', 'acme', '--yes']],
    ['a lease of nobody', ['lease', 'add', 'acme', '203.0.113.0/28']],
    ['a lease of nothing', ['lease', 'add', 'acme', '--owner', 'o']],
    ['a lease for half a second', ['lease', 'add', 'acme', '203.0.113.0/28', '--owner', 'o', '--ttl', '0.5']],
    ['no lease', ['lease', 'revoke', 'acme']],
    ['versions of nobody', ['versions']],
    ['no version to compare', ['difference', 'acme']],
    ['a version too many', ['difference', 'acme', 'a', 'b', 'c']],
    ['no version to go back to', ['restore', 'acme']],
    ["a restoration's option", ['versions', 'acme', '--yes']],
    ["changes' option", ['versions', 'acme', '--who', 'admin']],
    ['changes of two', ['changes', 'acme', 'other']],
    ['no such verb of leases', ['lease', 'acme']],
    ['a proof on the command line', ['lease', 'renew', 'acme', 'le_1', 'lp_that-nobody-sees']],
    ["a lease's option", ['lease', 'revoke', 'acme', 'le_1', '--ttl', '60']],
    ['alerts of nobody', ['alerts']],
    ['a test of nobody', ['alerts', 'test']],
    ['no message to resend', ['alerts', 'resend', 'acme']],
    ['a feed from nowhere', ['feed', 'add', 'bad-hosts']],
    ['no verb of feeds', ['feed', 'refresh', 'bad-hosts']],
    ['a refresh that is no number', ['feed', 'add', 'a', 'https://lists.example.com/', '--refresh', '1h']],
    ['a refresh of a file', ['feed', 'add', 'a', 'list.txt', '--refresh', '3600']],
    ["a feed's option", ['feed', 'list', '--kind', 'bins']],
    ['a bypass for ever', ['bypass', 'acme', '--reason', 'r']],
    ['a bypass for no reason', ['bypass', 'acme', '--minutes', '30']],
    ['a bypass for more than a day', ['bypass', 'acme', '--minutes', '1441', '--reason', 'r']],
    ['a bypass for half a minute', ['bypass', 'acme', '--minutes', '0.5', '--reason', 'r']],
    ['a bypass of everybody', ['bypass', '--minutes', '30', '--reason', 'r']],
    ['a bypass that begins and ends', ['bypass', 'acme', '--minutes', '30', '--end', '--reason', 'r']],
    ['a rehearsal at a merchant', ['bypass', 'acme', '--rehearse']],
    ['a rehearsal elsewhere', ['bypass', '--rehearse', '--url', 'https://cordon.example.com']],
    ["a bypass's option", ['blocks', 'acme', '--minutes', '30']],
    ['an attack on nobody', ['attack']],
    ['no word of attack mode', ['attack', 'acme']],
    ['a word that attack mode does not know', ['attack', 'acme', 'maybe']],
    ['a word too many of attack mode', ['attack', 'acme', 'on', 'now']],
    ['an end of the watch', ['attack', 'acme', 'auto', '--for', '2h']],
    ['a reason to look', ['attack', 'acme', 'show', '--reason', 'r']],
    ['two ends', ['attack', 'acme', 'on', '--for', '2h', '--until', '2030-01-01T00:00:00Z']],
    ['half an hour in words', ['attack', 'acme', 'on', '--for', 'half an hour']],
    ['attack mode for more than a day', ['attack', 'acme', 'on', '--for', '25h']],
    ["attack mode's option", ['bypass', 'acme', '--for', '2h']],
    ['a tail of two', ['tail', 'acme', 'other']],
    ['a decision that is none', ['tail', '--decision', 'maybe']],
    ['a tail of a file that is not there', ['tail', '--from', '/nowhere/log']],
    ['an environment that is an option', ['tail', '--url', 'https://cordon.example.com', '--env', '--x']],
    ['a key file that is not there', ['merchant', 'list', '--key-file', '/nowhere/key']],
  ])('%s', async (_, words) => {
    const { code, out, complaints, sent } = await run(words, { CORDON_ADMIN_KEY: 'key-of-the-environment' });
    expect([code, out, sent]).toEqual([2, '', []]);
    expect(complaints).not.toBe('');
  });
});

describe('a deletion', () => {
  const remove = (words: string[], typed: string | null) => run(['merchant', 'delete', 'acme', ...words], {}, typed);

  it('goes ahead once the id is typed', async () => {
    const { code, out, complaints, sent } = await remove([], 'acme');
    expect([code, out, sent[0]?.method]).toEqual([0, 'acme is deleted.\n', 'DELETE']);
    expect(complaints).toContain('acme, its hosts and its keys');
  });

  it.each([
    ['another id is typed', 'acne'],
    ['nothing is typed', ''],
    ['yes is typed', 'yes'],
    ['nobody can be asked', null],
  ])('does not where %s', async (_, typed) => {
    const { code, sent } = await remove([], typed);
    expect([code, sent]).toEqual([2, []]);
  });

  it('asks nobody who is sure', async () => {
    const { code, complaints, sent } = await remove(['--yes'], null);
    expect([code, complaints, sent.length]).toEqual([0, '', 1]);
  });
});

describe('takes no secret from the command line, and repeats none', () => {
  it.each([
    ['a card behind its option', ['unblock', 'acme', '--card', CARD]],
    ['a card in its option', ['unblock', 'acme', `--card=${CARD}`]],
    ['a card alone', ['unblock', 'acme', CARD]],
    ['a card as an option', ['unblock', 'acme', `--number=${CARD}`]],
    ['a card for a command', [CARD]],
    ['a key', ['merchant', 'list', '--key', CARD]],
    ['an admin key', ['merchant', 'list', `--admin-key=${CARD}`]],
  ])('%s', async (_, words) => {
    const { code, complaints, sent } = await run(words);
    expect([code, sent]).toEqual([2, []]);
    expect(complaints).not.toContain(CARD);
  });
});

describe('where to, and with which key', () => {
  it.each([
    ['this machine, by itself', [], {}, 'https://localhost:8787', 'key-of-this-machine'],
    ['another port', [], { PORT: '9787' }, 'https://localhost:9787', 'key-of-this-machine'],
    ['the environment', [], { CORDON_URL: 'https://a.example', CORDON_ADMIN_KEY: 'k1' }, 'https://a.example', 'k1'],
    [
      'the option before it',
      ['--url', 'https://b.example'],
      { CORDON_URL: 'https://a.example', CORDON_ADMIN_KEY: 'k1' },
      'https://b.example',
      'k1',
    ],
  ])('%s', async (_, options, environment, url, key) => {
    const { sent } = await run(['merchant', 'list', ...options], environment);
    expect(sent).toEqual([
      { url: `${url}/.cordon/v1/merchants`, method: 'GET', key: `Bearer ${key}`, body: undefined },
    ]);
  });

  it('the key of this machine goes nowhere else', async () => {
    const { code, sent, complaints } = await run(['merchant', 'list'], { CORDON_URL: 'https://a.example' });
    expect([code, sent, complaints.startsWith('No key')]).toEqual([2, [], true]);
  });

  it('a certificate is taken unchecked from loopback alone', async () => {
    await expect(fetchOnLoopback('https://cordon.example/', {})).rejects.toThrow('loopback');
    await expect(fetchOnLoopback('https://127.0.0.1.cordon.example/', {})).rejects.toThrow('loopback');
  });
});

it('asks for the card, and sends all that is known of the payer', async () => {
  const { code, sent, out } = await run(['unblock', 'acme', '--card', '--ip', '203.0.113.9', '--customer', 'cus_1']);
  expect([code, out]).toEqual([0, 'Nothing held this payer.\n']);
  expect(JSON.parse(String(sent[0]?.body))).toEqual({
    card: { number: CARD },
    ip: '203.0.113.9',
    customer_id: 'cus_1',
  });
});

describe('alerts', () => {
  const alerts = 'https://localhost:8787/.cordon/v1/merchants/acme/alerts';

  it.each([
    [['test', 'acme'], { url: `${alerts}/test`, method: 'POST' }],
    [['resend', 'acme', 'msg_1'], { url: `${alerts}/msg_1/resend`, method: 'POST' }],
  ])('%j', async (words, call) => {
    const { sent } = await run(['alerts', ...words, '--json']);
    expect(sent).toMatchObject([call]);
  });
});

describe('a lease', () => {
  const leases = 'https://localhost:8787/.cordon/v1/merchants/acme/leases';

  it.each([
    [
      ['add', 'acme', '203.0.113.0/28', '--owner', 'risk', '--reason', 'moving', '--ttl', '60'],
      { url: leases, method: 'POST' },
      { cidr: '203.0.113.0/28', owner: 'risk', reason: 'moving', ttl_seconds: 60 },
    ],
    [
      ['add', 'acme', '203.0.113.0/28', '--owner', 'risk'],
      { url: leases, method: 'POST' },
      { cidr: '203.0.113.0/28', owner: 'risk', ttl_seconds: 3600 },
    ],
    [['renew', 'acme', 'le_1'], { url: `${leases}/le_1/renew`, method: 'POST' }, { proof: PROOF }],
    [
      ['renew', 'acme', 'le_1', '--ttl', '60'],
      { url: `${leases}/le_1/renew`, method: 'POST' },
      { proof: PROOF, ttl_seconds: 60 },
    ],
    [['revoke', 'acme', 'le_1'], { url: `${leases}/le_1`, method: 'DELETE' }, undefined],
  ])('%j', async (words, call, body) => {
    const { sent } = await run(['lease', ...words, '--json']);
    expect(sent).toMatchObject([call]);
    expect(sent[0]?.body === undefined ? undefined : JSON.parse(String(sent[0].body))).toEqual(body);
  });
});

describe('changes', () => {
  const all = 'https://localhost:8787/.cordon/v1/changes';
  const ofAcme = 'https://localhost:8787/.cordon/v1/merchants/acme/changes';

  it.each([
    [[], `${all}?limit=500`],
    [['acme'], `${ofAcme}?limit=500`],
    [['acme', '--who', 'kv', '--what', 'merchant'], `${ofAcme}?who=kv&what=merchant&limit=500`],
    [['--from', '2026-11-22T09:00:00Z'], `${all}?from=2026-11-22T09%3A00%3A00Z&limit=500`],
  ])('%j', async (words, url) => {
    const { code, sent, out } = await run(['changes', ...words]);
    expect([code, sent[0]?.url, sent[0]?.method, out]).toEqual([0, url, 'GET', 'Nothing was changed.\n']);
  });
});

describe('the journal', () => {
  it.each([
    [['journal', 'dead'], 'GET', '/.cordon/v1/journal/dead-letters', 'Nothing was left out.\n'],
    [['journal', 'replay'], 'POST', '/.cordon/v1/journal/replay', '2 messages were taken in.\n'],
    [['journal', 'reconcile', 'acme'], 'POST', '/.cordon/v1/journal/reconcile', '7 lines of the gate compared'],
  ])('%j is one call', async (words, method, path, said) => {
    const { sent, out, code } = await run(words);
    expect([code, sent.map((one) => [one.method, new URL(one.url).pathname])]).toEqual([0, [[method, path]]]);
    expect(out).toContain(said);
  });
});

describe('an expression of a rule', () => {
  it('that is right is said to be so, and what it asks for; nothing is sent', async () => {
    const { code, out, sent } = await run(['rule', 'check', 'attempt.amount < 200 && counts.card_ip > 1']);
    expect([code, out, sent]).toEqual([0, 'Right. It asks for attempt.amount, counts.card_ip.\n', []]);
  });

  it('that is wrong is said to be so, with the place', async () => {
    const { code, out } = await run(['rule', 'check', 'attempt.amount < 1.5']);
    expect([code, out]).toEqual([1, 'at character 18: numbers are whole here, money in its minor unit\n']);
  });

  it('is told to programs', async () => {
    const { code, out } = await run(['rule', 'check', 'foo', '--json']);
    expect([code, JSON.parse(out)]).toEqual([1, { faults: ['at character 1: no such name: foo'] }]);
  });
});
