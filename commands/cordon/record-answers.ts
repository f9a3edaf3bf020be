// Decisions for people: a table of many, and everything about one.

import type { Explanation, RecordedDecision, RecordedOutcome } from '../../src/client/client.ts';
import { type Said, table, timeOf, visible } from './answers.ts';
import { barOf } from './chart.ts';

const fingerprintShown = 12;
const barWidth = 12;

export function sayDecisions(decisions: readonly RecordedDecision[], next: string | null): Said {
  const rows = decisions.map((one) => [
    `${timeOf(one.created_at)}\n${one.id}`,
    one.would_be === one.decision ? one.decision : `${one.decision}\n(${one.would_be} in shadow)`,
    one.reasons.map(({ code, rule, mode }) => `${named(code, rule)}${mode === 'shadow' ? ' (shadow)' : ''}`).join('\n'),
    whoOf(one),
    amountOf(one),
    outcomeWord(one.outcome),
  ]);
  const more = next === null ? '' : 'There are more: --limit shows them, --csv FILE takes all.\n';
  const text =
    decisions.length === 0 ? 'No decisions.\n' : table(['decision', '', 'why', 'who', 'amount', 'outcome'], rows);
  return { json: { decisions, next_cursor: next }, text: text + more };
}

const completions: Readonly<Record<Explanation['completion'], string>> = {
  refused: 'nothing is to come: it was refused',
  settled: '',
  waiting: 'the payer must do more',
  in_flight: 'nobody spoke yet',
  expired: 'nobody said in time',
};

export function sayExplanation(one: Explanation): Said {
  const { timing, risk, repeats } = one;
  const facts: [string, string][] = [
    [
      'decision',
      one.would_be === one.decision ? one.decision : `${one.decision}; ${one.would_be} with shadow enforced`,
    ],
    ['of', `${one.merchant}, route ${one.route} (${one.source}), mode ${one.mode}`],
    ['at', timeOf(one.created_at)],
    ['read', [one.kind ?? 'nothing that could be read', whoOf(one), amountOf(one)].filter(Boolean).join('\n')],
    ['score', risk === null ? 'not assessed' : `${one.risk_score} (${one.risk_level}), confidence ${risk.confidence}`],
    ['lease', one.lease ?? ''],
    ['challenge', one.challenges.map(({ what, method, at }) => `${what} ${method} ${timeOf(at)}`).join('\n')],
    ['outcome', [outcomeText(one.outcome), completions[one.completion]].filter(Boolean).join('\n')],
    ['further tries', one.tries.map((it) => `${it.try}: ${outcomeText(it)}`).join('\n')],
    ['labels', one.labels.map(({ label, labelled_at }) => `${label} ${timeOf(labelled_at)}`).join('\n')],
    ['stands for', repeats === null ? '' : `${repeats} refusals`],
    ['shop answered', one.origin_status === null ? '' : String(one.origin_status)],
    ['took', timing === null ? '' : timesOf(timing)],
    ['configuration', one.config_version],
  ];
  const parts = [
    `${visible(one.id)}\n`,
    table(
      [],
      facts.filter(([, value]) => value !== ''),
    ),
    section(
      'Reasons',
      ['reason', 'mode', 'message'],
      one.reasons.map((it) => [named(it.code, it.rule), it.mode, it.message]),
    ),
    section('Rules, at that moment', ['rule', 'mode', 'state', 'count', ''], one.rules.map(ruleRow)),
    section(
      'Score',
      ['source', 'mode', 'score', 'message'],
      (risk?.contributions ?? []).map((it) => [it.source, it.mode, String(it.score), it.message]),
    ),
    section(
      'Silent',
      ['source', 'why'],
      (risk?.silent ?? []).map(({ source, reason }) => [source, reason]),
    ),
  ];
  return { json: one, text: parts.join('') };
}

function ruleRow({ rule, mode, state, count, in_flight, limit }: Explanation['rules'][number]): string[] {
  if (count === null) return [rule, mode, 'not asked', `limit ${limit}`, ''];
  const waiting = (in_flight ?? 0) === 0 ? '' : `, ${in_flight} in flight`;
  return [rule, mode, state, `${count} of ${limit}${waiting}`, barOf(Math.min(count, limit), limit, barWidth)];
}

function section(title: string, head: string[], rows: string[][]): string {
  return rows.length === 0 ? '' : `${title}\n${table(head, rows)}`;
}

type Payer = Pick<RecordedDecision, 'ip' | 'country' | 'asn' | 'card' | 'bin' | 'customer_id' | 'session'>;

function whoOf({ ip, country, asn, card, bin, customer_id, session }: Payer): string {
  const place = [ip, country, asn === null ? null : `AS${asn}`].filter(Boolean).join(' ');
  const known = card === null ? '' : `card ${card.slice(0, fingerprintShown)}…${bin === null ? '' : ` BIN ${bin}`}`;
  const customer = customer_id === null ? '' : `customer ${customer_id}`;
  return [place, known, customer, session === null ? '' : `session ${session}`].filter(Boolean).join('\n');
}

/** In minor units, as it is on record: how many make a unit is the currency's. */
function amountOf({ amount, currency }: Pick<RecordedDecision, 'amount' | 'currency'>): string {
  return amount === null ? '' : `${amount} ${currency ?? ''}`.trim();
}

function outcomeWord(outcome: RecordedOutcome | null): string {
  return outcome === null ? '' : [outcome.status, outcome.decline_reason].filter(Boolean).join('\n');
}

function outcomeText(outcome: RecordedOutcome | null): string {
  if (outcome === null) return '';
  const { status, decline_reason, decline_code, processor_payment_id, contradicted, settled_at, told_by } = outcome;
  const why = [decline_reason, decline_code && `code ${decline_code}`].filter(Boolean).join(', ');
  const parts = [why === '' ? status : `${status} (${why})`, processor_payment_id && `payment ${processor_payment_id}`];
  const told = `told by ${told_by} ${timeOf(settled_at)}`;
  return [...parts, told, contradicted ? 'contradicted' : ''].filter(Boolean).join(', ');
}

function timesOf(timing: NonNullable<Explanation['timing']>): string {
  const parts = { reading: timing.read_seconds, judging: timing.judge_seconds, shop: timing.origin_seconds };
  return Object.entries(parts)
    .flatMap(([name, seconds]) => (seconds === null ? [] : [`${name} ${Math.round(seconds * 1000)} ms`]))
    .join(', ');
}

function named(code: string, rule: string | undefined): string {
  return rule === undefined ? code : `${code}:${rule}`;
}
