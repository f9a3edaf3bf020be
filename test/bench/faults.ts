/**
 * What in a run is not as the contract has it. Ratios are reported and do not fail a run: the machine may be busy.
 */
import type { BenchSite } from './bench-site.ts';
import { CASES } from './cases.ts';
import type { Tally } from './counting.ts';
import { outcomesOnDisk } from './disk.ts';
import type { Measured } from './measurement.ts';
import { countedName, floorName } from './tenant.ts';

/** The one failure that shut the payer of the blocked case. */
const SHUTTING = 1;

export function priceFaults(measured: readonly Measured[]): readonly string[] {
  return measured.flatMap(({ case: { name, most }, floors, cordons }) =>
    cordons.flatMap(({ tenant, price }) => [
      ...(price.objectCalls > most.objectCalls ? [`${name}, ${tenant}: ${price.objectCalls} object calls`] : []),
      ...(price.rowsWritten > most.rowsWritten ? [`${name}, ${tenant}: ${price.rowsWritten} rows written`] : []),
      ...floors
        .filter(({ price: { objectCalls: calls, rowsWritten: rows } }) => !isSamePrice(price, calls, rows))
        .map((floor) => `${name}, ${tenant}: ${floor.tenant} costs other calls or rows`),
    ]),
  );
}

function isSamePrice({ objectCalls, rowsWritten }: Tally, calls: number, rows: number): boolean {
  return objectCalls === calls && rowsWritten === rows;
}

/** Ends the runtime and holds what was answered against what is on record. */
export async function diskFaults(site: BenchSite): Promise<readonly string[]> {
  await site.runtime.kill();
  const settling = CASES.filter(({ most }) => most.rowsWritten > 0);
  const floors = [...new Set(settling.flatMap((it) => it.floors.map(floorName)))];
  const tenants = [...site.cordons, ...floors].flatMap((name) => [name, countedName(name)]);
  const faults = tenants.map(async (tenant) => {
    const answered = settling.reduce((sum, { name }) => sum + site.answersTo(tenant, name), 0);
    const expected = answered + (floors.some((floor) => tenant.startsWith(floor)) ? 0 : SHUTTING);
    if (expected === 0) return [];
    const recorded = await outcomesOnDisk(site.runtime.storageFolder, tenant);
    return recorded === expected ? [] : [`${tenant}: ${expected} attempts answered, ${recorded} on disk`];
  });
  return (await Promise.all(faults)).flat();
}
