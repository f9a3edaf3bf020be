// `npm run attack`: the same card-testing attack at the demo shop, without the guard and through it, as a table.
// Talks to this machine only. `--json` writes the result as JSON. Ends with 1 when Cordon let more through than its
// rules allow, with 2 when there is no demo to attack.

import { parseArgs } from 'node:util';
import { drawAddress } from './attack/addresses.ts';
import { readAnswer } from './attack/answer.ts';
import { planCampaigns } from './attack/campaigns.ts';
import { makeGoodCard } from './attack/cards.ts';
import { type Progress, showProgress } from './attack/progress.ts';
import { printJson, printTable } from './attack/report.ts';
import { type CampaignResult, listFaults } from './attack/result.ts';
import { sendAttempt, sendCampaign } from './attack/sender.ts';
import { readGuardConfig } from './demo-merchant.ts';
import { callOnce, openLine } from './loopback.ts';
import { type Ports, readPorts } from './ports.ts';

await run().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const ports = readPorts(process.env);
  await demandDemo(ports);
  const before = await payHonestly(ports);
  const results = await attack(ports, showProgress(process.stderr));
  const honest = { before, after: await payHonestly(ports) };
  const report = { results, honest, faults: listFaults(results, honest) };
  if (values.json) printJson(report);
  else printTable(report);
  process.exitCode = report.faults.length === 0 ? 0 : 1;
}

async function attack(ports: Ports, progress: Progress): Promise<CampaignResult[]> {
  const results: CampaignResult[] = [];
  for (const campaign of planCampaigns(readGuardConfig())) {
    progress.begin(`${campaign.name}, no guard`, campaign.attempts.length);
    const unguarded = await sendCampaign(campaign, { scheme: 'http', port: ports.shop }, ports.shop, progress.advance);
    progress.finish();
    progress.begin(`${campaign.name}, with Cordon`, campaign.attempts.length);
    const guarded = await sendCampaign(campaign, { scheme: 'https', port: ports.cordon }, ports.shop, progress.advance);
    progress.finish();
    results.push({ campaign, unguarded, guarded });
  }
  return results;
}

/** A good card through the guard, from an address without a past; returns the answer's status and code. */
async function payHonestly(ports: Ports): Promise<string> {
  const line = openLine('https', ports.cordon);
  const reply = await sendAttempt(line, { address: drawAddress(), card: makeGoodCard() });
  line.close();
  return readAnswer(reply).wording;
}

async function demandDemo(ports: Ports): Promise<void> {
  const shop = await callOnce('http', ports.shop, { method: 'GET', path: '/processor/stats' });
  const cordon = await callOnce('https', ports.cordon, { method: 'GET', path: '/.cordon/health' });
  if (shop.kind === 'answered' && shop.status === 200 && cordon.kind === 'answered' && cordon.status === 200) return;
  throw new Error(
    `There is no demo on ports ${ports.cordon} (Cordon) and ${ports.shop} (shop). Start it in another terminal: npm start\n` +
      'If it runs on other ports, name them: PORT=… SHOP_PORT=… npm run attack',
  );
}
