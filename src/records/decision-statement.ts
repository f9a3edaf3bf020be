/**
 * A filter as one SQL statement. One condition leads: its index gives the rows in their order, so that nothing is sorted
 * and reading stops where the page is full. Which index is said aloud: SQLite, which knows no sizes, takes a merchant's
 * whole table for as small as one payer's part of it. The other conditions only look at those rows (`+`: no index).
 */
import { firstIdOf } from '../gate/evaluation-id.ts';
import type { Order } from './cursor.ts';
import type { AddressFilter, DecisionFilter } from './decision-filter.ts';

export interface Statement {
  readonly sql: string;
  readonly binds: readonly (string | number)[];
}

export interface Page {
  readonly merchant: string;
  readonly filter: DecisionFilter;
  readonly order: Order;
  /** The id of the last row of the page before. */
  readonly after: string | null;
  /** The id of the last row that belongs to it, where that is known; `limit` bounds it in any case. */
  readonly until?: string | null;
  readonly limit: number;
}

/** A condition in two ways: as the one that leads, and as one that only looks. */
interface Condition {
  readonly leading: Leading | null;
  readonly looking: Statement;
}

interface Leading extends Statement {
  /** Whose rows lead, and the column of their evaluations; the decisions' own where nothing is said. */
  readonly through?: { readonly table: string; readonly id: string };
  /** Absent: the primary key. */
  readonly index?: string;
}

/** What an analyst's list, an export and a replay are made of. */
const COLUMNS = `d.id, d.at, d.decision, d.would_be, d.mode, d.source, d.route, d.kind, d.country, d.asn, d.ip, d.bin, d.card,
  d.customer, d.session, d.amount, d.currency, d.risk_score, d.risk_level, d.config_version, d.repeats,
  json_extract(d.detail, '$.reasons') AS reasons, o.status, o.decline_reason, o.decline_code, o.payment_id,
  o.contradicted, o.settled_at, o.told_by,
  (SELECT json_group_array(label) FROM labels WHERE merchant = d.merchant AND evaluation = d.id) AS labels,
  (SELECT json_group_array(json_array(method, what)) FROM challenges
     WHERE merchant = d.merchant AND evaluation = d.id AND what IN ('passed', 'failed')) AS challenges`;
const OWN_OUTCOME = 'LEFT JOIN outcomes AS o ON o.merchant = d.merchant AND o.evaluation = d.id AND o.id = d.id';

/** The page's rows. */
export function rowsStatement(page: Page): Statement {
  const { from, where, grouped, id, direction, binds } = partsOf(page);
  return {
    sql: `SELECT ${COLUMNS} FROM ${from} ${OWN_OUTCOME} WHERE ${where}${grouped} ORDER BY ${id} ${direction} LIMIT ?`,
    binds: [...binds, page.limit],
  };
}

/** The last of the page's rows, where there are more behind it: `id`; no row where it is all. */
export function lastIdStatement(page: Page): Statement {
  const { from, where, grouped, id, direction, binds } = partsOf(page);
  return {
    sql: `SELECT ${id} AS id FROM ${from} WHERE ${where}${grouped} ORDER BY ${id} ${direction} LIMIT 2 OFFSET ?`,
    binds: [...binds, page.limit - 1],
  };
}

function partsOf(page: Page) {
  const { merchant, filter, order } = page;
  const conditions = conditionsOf(filter);
  const leader = conditions.find(({ leading }) => leading !== null);
  const { through, index, ...leading } = leader?.leading ?? { sql: '', binds: [] };
  const by = index === undefined ? '' : ` INDEXED BY ${index}`;
  const id = through === undefined ? 'd.id' : `l.${through.id}`;
  const all: readonly Statement[] = [
    { sql: `${through === undefined ? 'd' : 'l'}.merchant = ?`, binds: [merchant] },
    ...(leader === undefined ? [] : [leading]),
    ...rangeOf(page, id),
    ...conditions.filter((condition) => condition !== leader).map(({ looking }) => looking),
  ];
  return {
    // CROSS JOIN: what is named first leads.
    from:
      through === undefined
        ? `decisions AS d${by}`
        : `${through.table} AS l${by} CROSS JOIN decisions AS d ON d.merchant = l.merchant AND d.id = ${id}`,
    where: all.map(({ sql }) => sql).join(' AND '),
    // A rule may have spoken in two modes, and a payment have been tried more than once: that is one decision.
    grouped: through === undefined ? '' : ` GROUP BY ${id}`,
    id,
    direction: order === 'newest_first' ? 'DESC' : 'ASC',
    binds: all.flatMap(({ binds }) => binds),
  };
}

/** Ids begin with their time: a time range is a range of ids, and so is what lies behind a cursor. */
function rangeOf({ filter, order, after, until = null }: Page, id: string): readonly Statement[] {
  const { from, to } = filter;
  const isDown = order === 'newest_first';
  return [
    ...(from === undefined ? [] : [{ sql: `${id} >= ?`, binds: [firstIdOf(from)] }]),
    ...(to === undefined ? [] : [{ sql: `${id} < ?`, binds: [firstIdOf(to)] }]),
    ...(after === null ? [] : [{ sql: `${id} ${isDown ? '<' : '>'} ?`, binds: [after] }]),
    ...(until === null ? [] : [{ sql: `${id} ${isDown ? '>=' : '<='} ?`, binds: [until] }]),
  ];
}

/** In the order in which they are fit to lead: what names one payer before what names a crowd. */
function conditionsOf(filter: DecisionFilter): readonly Condition[] {
  const { evaluation, card, customer, session, ip, bin, asn, route, country, rule, outcome } = filter;
  return [
    ...(evaluation === undefined ? [] : [evaluationCondition(evaluation)]),
    ...(card === undefined ? [] : [equal('card', card)]),
    ...(customer === undefined ? [] : [equal('customer', customer)]),
    ...(session === undefined ? [] : [equal('session', session)]),
    ...(ip === undefined ? [] : [addressCondition(ip)]),
    ...(bin === undefined ? [] : [binCondition(bin)]),
    ...(rule === undefined ? [] : [ruleCondition(rule)]),
    ...(asn === undefined ? [] : [equal('asn', asn)]),
    ...(outcome === undefined ? [] : [outcomeCondition(outcome)]),
    ...(route === undefined ? [] : [equal('route', route)]),
    ...(country === undefined ? [] : [equal('country', country)]),
    ...(filter.would_be === undefined ? [] : [equal('would_be', filter.would_be)]),
    ...(filter.decision === undefined ? [] : [equal('decision', filter.decision)]),
  ];
}

function equal(column: string, value: string | number): Condition {
  return {
    leading: { sql: `d.${column} = ?`, binds: [value], index: `decisions_by_${column}` },
    looking: { sql: `+d.${column} = ?`, binds: [value] },
  };
}

function evaluationCondition(evaluation: string): Condition {
  const same = { sql: 'd.id = ?', binds: [evaluation] };
  return { leading: same, looking: same };
}

/** An address is found by its prefix: few share one. Several prefixes do not lie in one order. */
function addressCondition(filter: AddressFilter): Condition {
  if (filter.kind === 'address') {
    const binds = [filter.prefix, filter.ip];
    return {
      leading: { sql: 'd.ip_prefix = ? AND d.ip = ?', binds, index: 'decisions_by_ip_prefix' },
      looking: { sql: '+d.ip_prefix = ? AND d.ip = ?', binds },
    };
  }
  const [only = '', ...others] = filter.prefixes;
  if (others.length === 0) return equal('ip_prefix', only);
  return lookingOnly('+d.ip_prefix IN (SELECT value FROM json_each(?))', JSON.stringify(filter.prefixes));
}

function binCondition(bin: string): Condition {
  return bin.length === BIN_DIGITS ? equal('bin', bin) : lookingOnly('+d.bin GLOB ?', `${bin}*`);
}

function ruleCondition(rule: string): Condition {
  return {
    leading: { sql: 'l.rule = ?', binds: [rule], through: { table: 'decision_rules', id: 'id' } },
    looking: {
      sql: 'EXISTS (SELECT 1 FROM decision_rules WHERE merchant = d.merchant AND rule = ? AND id = d.id)',
      binds: [rule],
    },
  };
}

function outcomeCondition(outcome: NonNullable<DecisionFilter['outcome']>): Condition {
  const told = 'SELECT 1 FROM outcomes WHERE merchant = d.merchant AND evaluation = d.id';
  if (outcome === 'none') return { leading: null, looking: { sql: `NOT EXISTS (${told})`, binds: [] } };
  return {
    leading: {
      sql: 'l.status = ?',
      binds: [outcome],
      through: { table: 'outcomes', id: 'evaluation' },
      index: 'outcomes_by_status',
    },
    looking: { sql: `EXISTS (${told} AND status = ?)`, binds: [outcome] },
  };
}

function lookingOnly(sql: string, bind: string): Condition {
  return { leading: null, looking: { sql, binds: [bind] } };
}

const BIN_DIGITS = 6;
