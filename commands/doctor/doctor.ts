// `npm run cordon -- doctor HOST`: everything about a shop's host that can be checked from outside, with what to do.

import { type Said, table } from '../cordon/answers.ts';
import { only } from '../cordon/only-word.ts';
import { UsageError } from '../cordon/usage.ts';
import { type Answered, exchange } from './exchange.ts';
import type { Finding } from './finding.ts';
import { checkOrigin, checkUnnamed } from './origin-checks.ts';
import {
  checkHeaders,
  checkHealth,
  checkHsts,
  checkHttpsOnly,
  checkKeys,
  checkManagement,
  checkTls,
  checkWholeHost,
  inTurn,
  type Shop,
} from './shop-checks.ts';

export interface DoctorCommand {
  kind: 'doctor';
  shop: Shop;
  origins: readonly URL[];
}

export const doctorOptions = {
  origin: { type: 'string', multiple: true },
  path: { type: 'string' },
  'http-port': { type: 'string' },
} as const;

export const doctorOwnOptions = { doctor: ['origin', 'path', 'http-port'] } as const;

interface Values {
  origin?: string[] | undefined;
  path?: string | undefined;
  'http-port'?: string | undefined;
}

export function readDoctorCommand(words: readonly string[], values: Values): DoctorCommand {
  const host = only(words, 'doctor HOST [--origin URL] [--path /api/pay]');
  const { path = '/api/pay', 'http-port': port = '80' } = values;
  if (!/^\/[!-~]+$/.test(path) || /[?#]/.test(path))
    throw new UsageError('--path is the path of a payment, as /api/pay.');
  if (!/^\d{1,5}$/.test(port)) throw new UsageError('--http-port is a number.');
  const url = URL.parse(`https://${host}`);
  if (url === null || url.pathname !== '/' || url.username !== '')
    throw new UsageError('HOST is the name of a shop’s host.');
  return {
    kind: 'doctor',
    shop: { url, path, httpPort: Number(port) },
    origins: (values.origin ?? []).map(readOrigin),
  };
}

function readOrigin(text: string): URL {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UsageError('--origin is the URL of a server.');
  return url;
}

/** `isReachable`: anybody answers at all. */
export interface Diagnosis extends Said {
  isReachable: boolean;
  isWell: boolean;
}

export async function examine({ shop, origins }: DoctorCommand): Promise<Diagnosis> {
  const { url, path } = shop;
  const asked = [
    { url, path: '/' },
    { url, path: '/.cordon/health' },
    { url, path: `/cordon-doctor-${Date.now()}` },
    { url, path, method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
  ];
  const seen = await inTurn(asked, exchange);
  const answers = seen.filter((one): one is Answered => one.kind === 'answered');
  const [page, cordons] = answers;
  if (seen[0]?.kind === 'silent' || page === undefined || cordons === undefined) {
    const reason = seen[0]?.kind === 'silent' ? seen[0].reason : 'unknown';
    return {
      isReachable: false,
      isWell: false,
      json: { host: url.host, findings: [] },
      text: `${url.host} does not answer: ${reason}.\n`,
    };
  }
  const findings: readonly Finding[] = [
    await checkHealth(shop),
    await checkWholeHost(shop),
    ...(await checkHttpsOnly(shop)),
    checkHsts(page, cordons),
    ...(await checkTls(shop, page)),
    checkHeaders(answers),
    await checkKeys(shop),
    await checkManagement(shop),
    ...(await inTurn(origins, (origin) => checkOrigin(origin, shop))).flat(),
    ...(await inTurn(origins, (origin) => checkUnnamed(origin, answers))),
  ];
  const isWell = findings.every(({ verdict }) => verdict !== 'bad');
  return { isReachable: true, isWell, json: { host: url.host, findings }, text: textOf(findings, origins.length) };
}

const marks = { good: 'good', bad: 'BAD', unsure: 'unsure' } as const;
const columns = { check: 34, found: 60 };

function textOf(findings: readonly Finding[], origins: number): string {
  const rows = findings.map(({ check, verdict, found }) => [
    marks[verdict],
    wrapped(check, columns.check),
    wrapped(found, columns.found),
  ]);
  const todo = findings.flatMap(({ check, advice }) => (advice === null ? [] : [`${check}: ${advice}\n`]));
  const hint = origins > 0 ? '' : 'Whether the origin answers strangers was not asked: name it with --origin URL.\n';
  return table(['', 'check', 'found'], rows) + (todo.length === 0 ? '' : `\nWhat to do\n${todo.join('')}`) + hint;
}

function wrapped(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}
