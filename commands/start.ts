// `npm start`: the demo shop and Cordon in front of it, each a `wrangler dev`, until Ctrl-C or until one of them dies.
// Whatever the reason for the end, nothing that was started is left running.

import { fileURLToPath } from 'node:url';
import { printBanner } from './banner.ts';
import { putDemoMerchant } from './demo-merchant.ts';
import { startServers, waitUntilUp, watchOver } from './demo-servers.ts';
import { keepDevSecrets } from './dev-secrets.ts';
import { type DevServer, readLogTail } from './dev-server.ts';
import { listenForInterruption } from './interruption.ts';
import { isFree, type Ports, readPorts } from './ports.ts';
import { handOverKeys } from './shop-door.ts';

const root = fileURLToPath(new URL('..', import.meta.url).href);

let servers: DevServer[] = [];

process.exitCode = await Promise.race([listenForInterruption(), run()]).then(() => 0, report);
await Promise.all(servers.map((server) => server.stop()));
process.exit();

async function run(): Promise<void> {
  const ports = readPorts(process.env);
  await refuseTakenPorts(ports);
  const { adminKey } = keepDevSecrets(`${root}.dev.vars`);
  process.stderr.write('Starting the shop and Cordon …\n');
  servers = await startServers(root, ports);
  await waitUntilUp(servers);
  await putDemoMerchant(ports, adminKey);
  await handOverKeys(ports);
  printBanner(ports);
  await watchOver(servers);
}

async function refuseTakenPorts(ports: Ports): Promise<void> {
  for (const [name, port] of [['PORT', ports.cordon] as const, ['SHOP_PORT', ports.shop] as const]) {
    if (await isFree(port)) continue;
    const advice = `Choose another: ${name}=${port + 1000} npm start`;
    throw new Error(`Port ${port} is taken. Is another \`npm start\` running? ${advice}`);
  }
}

function report(error: Error): number {
  for (const server of servers) process.stderr.write(`\n── ${server.plan.logPath}\n${readLogTail(server)}\n`);
  process.stderr.write(`\n${error.message}\n`);
  return 1;
}
