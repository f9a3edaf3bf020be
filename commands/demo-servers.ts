// The two dev servers of the demo: how each is started, when both are up, and when one is no longer there.

import { setTimeout as wait } from 'node:timers/promises';
import { type DevServer, type DevServerPlan, startDevServer } from './dev-server.ts';
import { callOnce } from './loopback.ts';
import { findTwoFreePorts, type Ports } from './ports.ts';

// Another folder is another deployment: nothing counted before, no merchant yet.
const stateFolder = process.env.STATE_FOLDER ?? '.wrangler';
const startTimeoutMs = 90_000;
const startPollMs = 200;
const heartbeatMs = 5_000;
const heartbeatsMissed = 3;

/** Settles when both processes run, which is long before they answer. */
export async function startServers(root: string, ports: Ports): Promise<DevServer[]> {
  const [shopInspector, cordonInspector] = await findTwoFreePorts();
  const shop: DevServerPlan = {
    name: 'the shop',
    root,
    config: 'examples/shop/wrangler.toml',
    scheme: 'http',
    port: ports.shop,
    healthPath: '/processor/stats',
    inspectorPort: shopInspector,
    logPath: '.wrangler/start/shop.log',
    persistTo: `${stateFolder}/shop-state`,
  };
  const cordon: DevServerPlan = {
    name: 'Cordon',
    root,
    config: 'wrangler.toml',
    scheme: 'https',
    port: ports.cordon,
    healthPath: '/.cordon/health',
    inspectorPort: cordonInspector,
    logPath: '.wrangler/start/cordon.log',
    // Wrangler's own default, so that `wrangler kv key put --local` writes where this Cordon reads.
    persistTo: `${stateFolder}/state`,
  };
  return [startDevServer(shop), startDevServer(cordon)];
}

/** Rejects when one of them ends first, or needs too long. */
export async function waitUntilUp(servers: readonly DevServer[]): Promise<void> {
  await Promise.race([Promise.all(servers.map(waitForAnswer)), Promise.all(servers.map(rejectAtEnd))]);
}

/** Never settles well: rejects when one of them ends or no longer answers. */
export async function watchOver(servers: readonly DevServer[]): Promise<void> {
  await Promise.race([...servers.map(rejectAtSilence), ...servers.map(rejectAtEnd)]);
}

async function waitForAnswer(server: DevServer): Promise<void> {
  const deadlineMs = Date.now() + startTimeoutMs;
  while (!(await isHealthy(server))) {
    if (Date.now() > deadlineMs) throw new Error(`After ${startTimeoutMs / 1000} s ${server.plan.name} is not ready.`);
    await wait(startPollMs);
  }
}

async function rejectAtEnd(server: DevServer): Promise<never> {
  throw new Error(`The server of ${server.plan.name} ended: ${await server.ended}.`);
}

// A wrangler whose workerd was killed starts another and then answers nothing (4.156.2), without ending.
async function rejectAtSilence(server: DevServer): Promise<never> {
  for (let missed = 0; missed < heartbeatsMissed; ) {
    await wait(heartbeatMs);
    missed = (await isHealthy(server)) ? 0 : missed + 1;
  }
  throw new Error(`The server of ${server.plan.name} no longer answers.`);
}

async function isHealthy({ plan }: DevServer): Promise<boolean> {
  const reply = await callOnce(plan.scheme, plan.port, { method: 'GET', path: plan.healthPath });
  return reply.kind === 'answered' && reply.status === 200;
}
