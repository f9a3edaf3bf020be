/**
 * The record of what a real actix-web, with a real serde_qs, made of every way around Hyperswitch's preset: it has them
 * all, it is of this program (hyperswitch-parser/server.rs), and where that program is built, it answers as recorded.
 * HYPERSWITCH_SERVER=<the program> asks it; with HYPERSWITCH_RECORD=new the record is made anew.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askServer } from './hyperswitch-asking.ts';
import record from './hyperswitch-record.json';
import { type Answer, answerTo, meaningOf, nameOf, ways } from './hyperswitch-record.ts';

const RECORD = join(import.meta.dirname, 'hyperswitch-record.json');
const program = process.env.HYPERSWITCH_SERVER ?? null;
const isNew = process.env.HYPERSWITCH_RECORD === 'new';
const cases = Object.entries(ways).flatMap(([group, all]) =>
  all.map((one) => ({ group, one, name: nameOf(group, one) })),
);

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const name of ['server.rs', 'payment.rs']) {
    hash.update(readFileSync(join(import.meta.dirname, 'hyperswitch-parser', name)));
  }
  return hash.digest('hex');
}

describe.runIf(!isNew)('the record', () => {
  it('is of this program', () => {
    expect(record.about.program).toBe(sourceHash());
  });

  it('names what was asked: versions and commits', () => {
    expect(Object.keys(record.about.versions)).toEqual(
      expect.arrayContaining(['actix-web', 'actix-router', 'serde_qs']),
    );
    for (const commit of Object.values(record.about.sources)) expect(commit).toMatch(/\b[0-9a-f]{40}\b/);
  });

  it('has each way under a name of its own, and no other', () => {
    expect(Object.keys(record.answers).sort()).toEqual([...new Set(cases.map(({ name }) => name))].sort());
  });

  it('has the answer to the very request', () => {
    for (const { group, one } of cases) answerTo(group, one);
  });

  it.each(Object.keys(ways))('shows that Hyperswitch takes some of: %s (methods: none)', (group) => {
    const taken = (ways[group] ?? []).filter((one) => meaningOf(answerTo(group, one)) !== 'nothing');
    expect(taken.length > 0).toBe(group !== 'methods');
  });
});

describe.runIf(program === null)('actix-web', () => {
  it.skip('is not built here (HYPERSWITCH_SERVER): that it still answers as recorded is not shown', () => {});
});

describe.runIf(program !== null)('actix-web', () => {
  let server: ChildProcess;
  const told = new Map<string, Answer>();
  beforeAll(async () => {
    server = spawn(program ?? '', { stdio: ['ignore', 'pipe', 'inherit'] });
    if (server.stdout === null) throw new Error('no output');
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    for (const { name, one } of cases) told.set(name, await askServer(Number(String(line).trim()), one));
    if (isNew) writeRecord(told);
  });
  afterAll(() => server.kill());

  it('answers as recorded', () => {
    // What compresses the body may be another version: what it becomes is the same.
    const said = (answer: Answer | undefined) => ({ ...answer, sent: undefined });
    for (const { group, one, name } of isNew ? [] : cases) {
      expect(said(told.get(name)), name).toEqual(said(answerTo(group, one)));
    }
  });
});

/** A line an answer, so that a difference is a line. */
function writeRecord(told: ReadonlyMap<string, Answer>): void {
  const about = { ...record.about, program: sourceHash() };
  const lines = [...told].map(([name, answer]) => `    ${JSON.stringify(name)}: ${JSON.stringify(answer)}`);
  writeFileSync(RECORD, `{\n  "about": ${JSON.stringify(about)},\n  "answers": {\n${lines.join(',\n')}\n  }\n}\n`);
}
