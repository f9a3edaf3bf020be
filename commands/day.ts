// `npm run day`: a simulated day of 327 malicious accesses beside ordinary trade, sent through the real Worker with each
// layer of the two locks alone and with all of them, as a table of what got through. Talks to this machine only.
// `--seed N` makes another day, `--markdown` and `--json` write the table for documents and programs. Ends with 1 when
// more than 11 malicious accesses passed all layers, or anyone who means well was refused.

import { parseArgs } from 'node:util';
import { showProgress } from './attack/progress.ts';
import { seedChance } from './day/chance.ts';
import { listFaults } from './day/faults.ts';
import { startGuard } from './day/guard.ts';
import { makeHonest } from './day/honest.ts';
import { hostOf, listLayers } from './day/layers.ts';
import { makeMenaces } from './day/malicious.ts';
import { importTables, openShop } from './day/opening.ts';
import { printJson, printMarkdown, printTable } from './day/report.ts';
import { Sender } from './day/sender.ts';
import { Signer } from './day/signer.ts';
import { Tally } from './day/tally.ts';

const parallel = 8;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '327' },
    markdown: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
await run(Number(values.seed));

async function run(seed: number): Promise<void> {
  const chance = seedChance(seed);
  const { accesses: menaces, feed } = makeMenaces(chance);
  const planned = [...menaces, ...makeHonest(chance)];
  const accesses = chance.shuffle(planned);
  const signer = new Signer();
  const layers = listLayers(signer.publicKey);
  const tally = new Tally(planned, layers.length);
  const progress = showProgress(process.stderr);
  const guard = await startGuard();
  try {
    await importTables(guard, feed);
    for (const [i, layer] of layers.entries()) {
      await openShop(guard, layer);
      progress.begin(layer.name, accesses.length);
      const sender = new Sender(guard, hostOf(layer), signer);
      const queue = accesses.values();
      const drain = async (): Promise<void> => {
        for (const access of queue) {
          if (await sender.send(access)) tally.pass(access, i);
          progress.advance();
        }
      };
      await Promise.all(Array.from({ length: parallel }, drain));
      progress.finish();
    }
  } finally {
    await guard.close();
  }
  const report = { seed, layers, tally, faults: listFaults(tally.rows()) };
  if (values.json) printJson(report);
  else if (values.markdown) printMarkdown(report);
  else printTable(report);
  process.exitCode = report.faults.length === 0 ? 0 : 1;
}
