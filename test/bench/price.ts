/**
 * What one request costs at the gate: object calls, rows read and rows written, counted beside the measurements by the
 * same workers with a counting module around them.
 */
import { BareClient } from '../support/bare-client.ts';
import type { BenchSite } from './bench-site.ts';
import type { BenchCase } from './cases.ts';
import { TALLY_PATH, type Tally } from './counting.ts';
import { SHOP_HOST } from './merchants.ts';
import { countedName } from './tenant.ts';

/** In fewer than the 1.5 s for which an isolate keeps a copy of a block. */
const COUNTED_REQUESTS = 50;

/** What one request costs, by itself and in company. */
export interface Price extends Tally {
  /** Object calls a request where many come at once: their calls go together (src/gate/shared-calls.ts). */
  readonly callsInCompany: number;
}

/** The cost of one request of the case (of both, where an outcome follows); `company`: connections at once. */
export async function priceOf(
  site: BenchSite,
  benchCase: BenchCase,
  { tenant, company }: { readonly tenant: string; readonly company: number },
): Promise<Price> {
  const counted = countedName(tenant);
  await site.load(counted, benchCase, { connections: 1, requests: 1 });
  await takeTally(site, counted);
  const count = async (connections: number, requests: number): Promise<Tally> => {
    await site.load(counted, benchCase, { connections, requests });
    const { objectCalls, rowsRead, rowsWritten } = await takeTally(site, counted);
    const each = (sum: number) => sum / requests;
    return { objectCalls: each(objectCalls), rowsRead: each(rowsRead), rowsWritten: each(rowsWritten) };
  };
  const alone = await count(1, COUNTED_REQUESTS);
  // After calls alone nobody waits for company, for a while.
  await count(company, COUNTED_REQUESTS * company);
  const { objectCalls: callsInCompany } = await count(company, COUNTED_REQUESTS * company);
  return { ...alone, callsInCompany };
}

async function takeTally({ runtime }: BenchSite, counted: string): Promise<Tally> {
  const client = new BareClient(runtime.port(counted));
  try {
    const headers = { host: SHOP_HOST };
    const { body } = await client.send({ method: 'GET', path: TALLY_PATH, headers });
    return JSON.parse(body) as Tally;
  } finally {
    client.close();
  }
}
