/**
 * One person's data, taken out of the record: rows stay as what happened, without whom it happened to. Totals name
 * nobody. A bounded number of rows a call; asked again it goes on.
 */

import { parseIp } from '../attempt/ip-address.ts';
import { prefixOf } from './decision-entry.ts';
import { ensureSchema } from './schema.ts';

/** By what the person is known; each of these names the same one. */
export interface Person {
  readonly customer: string | null;
  /** The card under each fingerprint key. */
  readonly cards: readonly string[];
  readonly ip: string | null;
  readonly session: string | null;
  /** Items of the lists, by type and value as they are shown. */
  readonly listed: readonly (readonly [type: string, value: string])[];
}

export interface Erased {
  /** Decisions that name him no more. */
  readonly decisions: number;
  /** Changes that do not. */
  readonly changes: number;
  /** False where there may be more: ask again. */
  readonly is_complete: boolean;
}

const ROWS_AT_ONCE = 500;
const ROUNDS = 20;
/** Stands where a name was. */
const ERASED = 'erased';

export async function erase(records: D1Database, merchant: string, person: Person): Promise<Erased> {
  await ensureSchema(records);
  let decisions = 0;
  let rounds = 0;
  for (const { where, values } of findings(person)) {
    for (let found = ROWS_AT_ONCE; found === ROWS_AT_ONCE; rounds++) {
      if (rounds === ROUNDS) return { decisions, changes: 0, is_complete: false };
      found = await eraseSome(records, { merchant, where, values });
      decisions += found;
    }
  }
  return { decisions, changes: await eraseChanges(records, merchant, person), is_complete: true };
}

interface Finding {
  /** Over columns of `decisions`; its parameters begin with ?2. */
  readonly where: string;
  readonly values: readonly string[];
}

function findings({ customer, cards, ip, session }: Person): readonly Finding[] {
  const address = ip === null ? null : parseIp(ip);
  return [
    ...(customer === null ? [] : [{ where: 'customer = ?2', values: [customer] }]),
    ...cards.map((card) => ({ where: 'card = ?2', values: [card] })),
    ...(session === null ? [] : [{ where: 'session = ?2', values: [session] }]),
    ...(address === null ? [] : [{ where: 'ip_prefix = ?2 AND ip = ?3', values: [prefixOf(address), address.text] }]),
  ];
}

async function eraseSome(
  records: D1Database,
  { merchant, where, values }: Finding & { readonly merchant: string },
): Promise<number> {
  const { results } = await records
    .prepare(`SELECT id FROM decisions WHERE merchant = ?1 AND ${where} LIMIT ${ROWS_AT_ONCE}`)
    .bind(merchant, ...values)
    .all<{ id: string }>();
  if (results.length === 0) return 0;
  const ids = JSON.stringify(results.map(({ id }) => id));
  const named = '(SELECT value FROM json_each(?2))';
  await records.batch([
    // What a rule says in words may name the address.
    records
      .prepare(
        `UPDATE decisions SET detail = replace(replace(detail, coalesce(ip, ''), '${ERASED}'),
             coalesce(ip_prefix, ''), '${ERASED}'),
           ip = NULL, ip_prefix = NULL, card = NULL, customer = NULL, session = NULL
         WHERE merchant = ?1 AND id IN ${named}`,
      )
      .bind(merchant, ids),
    records
      .prepare(`UPDATE outcomes SET payment_id = NULL WHERE merchant = ?1 AND evaluation IN ${named}`)
      .bind(merchant, ids),
  ]);
  return results.length;
}

/**
 * What was changed may name whom it was changed for: who was let in again. Only where a payer is named: whoever may erase
 * must not be able to take out of the log what else was done.
 */
async function eraseChanges(records: D1Database, merchant: string, person: Person): Promise<number> {
  const statements = [...membersOf(person), ...itemsOf(person)].map(([before, name, value]) => {
    // As they stand within JSON.
    const beginning = `${before}${JSON.stringify(name)}:`;
    const written = `${beginning}${JSON.stringify(value)}`;
    return records
      .prepare(
        `UPDATE changes SET before = replace(before, ?2, ?3), after = replace(after, ?2, ?3)
           WHERE merchant = ?1 AND (instr(before, ?2) > 0 OR instr(after, ?2) > 0)`,
      )
      .bind(merchant, written, `${beginning}"${ERASED}"`);
  });
  if (statements.length === 0) return 0;
  return (await records.batch(statements)).reduce((sum, { meta }) => sum + meta.changes, 0);
}

/** The members by which calls tell of a payer (api/holds.ts); an address stands there as it is counted, too. */
function membersOf({ customer, cards, ip, session }: Person): readonly Member[] {
  const address = ip === null ? null : parseIp(ip);
  const addresses = address === null ? [] : [...new Set([address.text, address.counted])];
  return [
    ...(customer === null ? [] : [['', 'customer_id', customer] as const]),
    ...cards.map((card) => ['', 'card', card] as const),
    ...addresses.map((one) => ['', 'ip', one] as const),
    ...(session === null ? [] : [['', 'session', session] as const]),
  ];
}

/** What stands before it in JSON, its name, and its value. */
type Member = readonly [before: string, name: string, value: string];

/** An item stands there by type and value (api/list-items.ts): a value alone may be anything's. */
function itemsOf({ listed }: Person): readonly Member[] {
  return listed.map(([type, value]) => [`"type":${JSON.stringify(type)},`, 'value', value]);
}
