/**
 * The record on the command line, without any Cordon: what is asked, what is shown, what is written, and that nothing of
 * what others wrote reaches the terminal as more than a sign.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barOf, sparkline } from '../../commands/cordon/chart.ts';
import { runCommand } from '../../commands/cordon/command-line.ts';
import { openNewFile } from '../../commands/cordon/new-file.ts';
import { decisionsExample, explanationExample, statsExample } from '../../src/api/openapi-record-examples.ts';

const ID = explanationExample.id;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-record-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Answer = (url: URL) => Response;
const answers: Answer = ({ pathname }) => {
  if (pathname.endsWith('/stats')) return Response.json(statsExample);
  return Response.json(pathname.endsWith('/decisions') ? decisionsExample : explanationExample);
};

async function run(words: readonly string[], answer: Answer = answers) {
  const asked: URL[] = [];
  let out = '';
  let complaints = '';
  const code = await runCommand(words, {
    environment: { CORDON_ADMIN_KEY: 'key-of-the-environment', CORDON_URL: 'https://a.example' },
    devVarsPath: join(folder, '.dev.vars'),
    fetch: async (url) => {
      asked.push(new URL(url));
      return answer(new URL(url));
    },
    write: (text) => {
      out += text;
    },
    complain: (text) => {
      complaints += text;
    },
    readFile: () => '',
    openFile: openNewFile,
    isWatched: false,
    askForCard: async () => '',
    askForProof: async () => '',
    askAloud: async () => null,
  });
  return { code, out: stripVTControlCharacters(out), raw: out, complaints, asked };
}

const asksFor = async (words: string[]) => {
  const { asked, code } = await run(words);
  return [code, asked.map(({ pathname, searchParams }) => [pathname, Object.fromEntries(searchParams)])];
};

describe('asks for', () => {
  const decisions = '/.cordon/v1/merchants/acme/decisions';
  it.each([
    [['decisions', 'acme'], decisions, { limit: '50' }],
    [
      ['decisions', 'acme', '--decision', 'block', '--would-be', 'allow', '--limit', '7'],
      decisions,
      { decision: 'block', would_be: 'allow', limit: '7' },
    ],
    [
      [
        'decisions',
        'acme',
        '--rule',
        'velocity:card_ip',
        '--country',
        'NL',
        '--asn',
        '1136',
        '--bin',
        '424242',
        '--ip',
        '203.0.113.0/24',
      ],
      decisions,
      { rule: 'velocity:card_ip', country: 'NL', asn: '1136', bin: '424242', ip: '203.0.113.0/24', limit: '50' },
    ],
    [
      [
        'decisions',
        'acme',
        '--customer',
        'c 1',
        '--fingerprint',
        'fp_1',
        '--session',
        's',
        '--outcome',
        'none',
        '--route',
        'pay',
      ],
      decisions,
      { customer: 'c 1', card: 'fp_1', session: 's', outcome: 'none', route: 'pay', limit: '50' },
    ],
    [['decisions', 'acme', '--from', 'a', '--to', 'b'], decisions, { from: 'a', to: 'b', limit: '50' }],
    [['explain', ID], `${decisions}/${ID}`, {}],
    [
      ['stats', 'acme', '--span', 'day', '--what', 'country'],
      '/.cordon/v1/merchants/acme/stats',
      { span: 'day', what: 'country' },
    ],
  ])('%j', async (words, path, query) => {
    expect(await asksFor(words)).toEqual([0, [[path, query]]]);
  });

  it('the last six hours', async () => {
    const { asked } = await run(['decisions', 'acme', '--since', '6h']);
    const from = Date.parse(asked[0]?.searchParams.get('from') ?? '');
    expect(Math.abs(Date.now() - 6 * 3_600_000 - from)).toBeLessThan(60_000);
  });

  it('as many pages as it needs', async () => {
    const page = { decisions: Array.from({ length: 1_000 }, () => decisionsExample.decisions[0]), next_cursor: 'c' };
    const { asked, out } = await run(['decisions', 'acme', '--limit', '1500', '--json'], ({ searchParams }) =>
      Response.json({ ...page, decisions: page.decisions.slice(0, Number(searchParams.get('limit'))) }),
    );
    expect(asked.map(({ searchParams }) => [searchParams.get('limit'), searchParams.get('cursor')])).toEqual([
      ['1000', null],
      ['500', 'c'],
    ]);
    expect((JSON.parse(out) as { decisions: unknown[]; next_cursor: string }).decisions).toHaveLength(1_500);
  });
});

describe('makes no sense', () => {
  it.each([
    ['no merchant', ['decisions']],
    ['no evaluation', ['explain', 'pay_1']],
    ['a card number for an evaluation', ['explain', '4242424242424242']],
    ['two formats', ['decisions', 'acme', '--csv', 'a', '--ndjson', 'b']],
    ['a limit of a file', ['decisions', 'acme', '--csv', 'a', '--limit', '5']],
    ['two beginnings', ['decisions', 'acme', '--since', '6h', '--from', 'a']],
    ['a time that is none', ['stats', 'acme', '--since', 'yesterday']],
    ['a number that is none', ['decisions', 'acme', '--asn', 'AS1']],
    ["another command's filter", ['blocks', 'acme', '--country', 'NL']],
    ['a filter of statistics', ['stats', 'acme', '--country', 'NL']],
    ['a file that cannot be', ['decisions', 'acme', '--csv', '/nowhere/at/all.csv']],
  ])('%s', async (_, words) => {
    const { code, complaints, asked } = await run(words);
    expect([code, asked]).toEqual([2, []]);
    expect(complaints).not.toContain('4242424242424242');
  });
});

describe('shows', () => {
  it('decisions as a table', async () => {
    const { out } = await run(['decisions', 'acme']);
    for (const text of [ID, 'block', 'velocity:card_ip', '203.0.113.9 NL AS1136', '1999 EUR'])
      expect(out).toContain(text);
    const more = await run(['decisions', 'acme'], () => Response.json({ ...decisionsExample, next_cursor: 'c' }));
    expect(more.out).toContain('There are more');
    const none = await run(['decisions', 'acme'], () => Response.json({ decisions: [], next_cursor: null }));
    expect(none.out).toBe('No decisions.\n');
  });

  it('one decision with all there is', async () => {
    const { out } = await run(['explain', ID]);
    for (const text of [ID, '3 of 3', '3 of 10', '3 failures, limit 3', 'judging 4 ms', 'it was refused', '5f2d0c7a'])
      expect(out).toContain(text);
  });

  it('counts as a small chart', async () => {
    const { out } = await run(['stats', 'acme']);
    for (const text of [
      'acme, 2026-11-21',
      'velocity:guest_ip',
      'incorrect_cvc',
      ' █',
      'with shadow enforced',
      'turnstile',
      '70 %',
      'NL 72 %',
    ])
      expect(out).toContain(text);
  });
});

it.each([
  [[], ''],
  [[0, 0], '  '],
  [[0, 1, 8], ' ▁█'],
  [[1, 2, 3, 4, 5, 6, 7, 8], '▁▂▃▄▅▆▇█'],
])('columns of %j are "%s"', (numbers, expected) => {
  expect(sparkline(numbers)).toBe(expected);
});

it('columns and bars fit', () => {
  expect(sparkline(Array.from({ length: 1_440 }, () => 1))).toHaveLength(60);
  expect([barOf(0, 10), barOf(1, 1_000), barOf(10, 10, 5), barOf(0, 0)]).toEqual(['', '█', '█████', '']);
});

const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\u0008\u202e\u2028\u0000\u007f';
const hostile = (value: unknown): unknown => {
  if (typeof value === 'string') return /^\d{4}-\d\d-/.test(value) ? value : `${value}${HOSTILE}`;
  if (Array.isArray(value)) return value.map(hostile);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, hostile(it)]));
};
const told = {
  outcome: {
    status: 'failed',
    decline_reason: 'other',
    decline_code: 'x',
    processor_payment_id: 'pi',
    contradicted: true,
    settled_at: '2026-11-21T10:00:00.000Z',
    told_by: 'api',
  },
};
const full = {
  ...explanationExample,
  ...told,
  customer_id: 'cus',
  session: 'se_1',
  lease: 'le_1',
  risk: {
    confidence: 1,
    contributions: [{ source: 's', score: 1, message: 'm', mode: 'enforce' }],
    silent: [{ source: 's', reason: 'r' }],
  },
  tries: [{ try: 'ch_1', ...told.outcome }],
  labels: [{ label: 'dispute', labelled_at: '2026-11-21T10:00:00.000Z' }],
  challenges: [{ what: 'asked', method: 'turnstile', at: '2026-11-21T10:00:00.000Z' }],
};

/** The table's own heads. */
const BOLD = new RegExp(`${String.fromCharCode(27)}\\[(?:1|22)m`, 'g');

describe('nothing that others wrote moves the terminal', () => {
  const evil: Answer = ({ pathname }) => {
    if (pathname.endsWith('/stats'))
      return Response.json(
        hostile({ ...statsExample, buckets: [{ start: statsExample.from, values: { [HOSTILE]: 1 }, other: 1 }] }),
      );
    return Response.json(
      hostile(
        pathname.endsWith('/decisions') ? { ...decisionsExample, decisions: [{ ...full, labels: ['x'] }] } : full,
      ),
    );
  };
  const problem: Answer = () =>
    Response.json(
      { title: HOSTILE, code: HOSTILE, detail: HOSTILE, errors: [{ path: HOSTILE, message: HOSTILE }] },
      { status: 400 },
    );

  it.each([
    [['decisions', 'acme']],
    [['decisions', 'acme', '--json']],
    [['explain', ID]],
    [['explain', ID, '--json']],
    [['stats', 'acme']],
    [['stats', 'acme', '--json']],
  ])('%j', async (words) => {
    for (const answer of [evil, problem]) {
      const { raw, complaints } = await run(words, answer);
      const shown = (raw + complaints).replaceAll(BOLD, '').replaceAll('\n', '');
      expect(shown).not.toBe('');
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    }
  });
});

describe('a file', () => {
  const csv = (text: string, next?: string) =>
    new Response(text, {
      headers: next === undefined ? {} : { link: `<?format=csv&cursor=${next}&asn=1>; rel="next"` },
    });

  it('is whole, of however many parts, with one head', async () => {
    const path = join(folder, 'whole.csv');
    const { code, out, asked } = await run(
      ['decisions', 'acme', '--country', 'NL', '--csv', path],
      ({ searchParams }) =>
        searchParams.get('cursor') === null ? csv('head\r\n1\r\n', 'c%2B1') : csv('head\r\n2\r\n'),
    );
    expect([code, out]).toEqual([0, `${path}: 0.0 MB.\n`]);
    expect(await readFile(path, 'utf8')).toBe('head\r\n1\r\n2\r\n');
    expect(asked.map(({ searchParams }) => Object.fromEntries(searchParams))).toEqual([
      { format: 'csv', country: 'NL' },
      { format: 'csv', country: 'NL', cursor: 'c+1' },
    ]);
  });

  it('that breaks off is none', async () => {
    const path = join(folder, 'broken.ndjson');
    const { code, complaints } = await run(['decisions', 'acme', '--ndjson', path], () => {
      let pulled = 0;
      return new Response(
        new ReadableStream({
          pull: (controller) =>
            pulled++ === 0
              ? controller.enqueue(new TextEncoder().encode('{"at":"…"}\n'))
              : controller.error(new Error('gone')),
        }),
      );
    });
    expect([code, existsSync(path), existsSync(`${path}.part`)]).toEqual([3, false, false]);
    expect(complaints).toContain('could not be reached');
  });

  it('that is refused is none', async () => {
    const path = join(folder, 'refused.csv');
    const { code } = await run(['decisions', 'acme', '--csv', path], () =>
      Response.json({ title: 'No', code: 'records_off' }, { status: 503 }),
    );
    expect([code, existsSync(path), existsSync(`${path}.part`)]).toEqual([3, false, false]);
  });
});
