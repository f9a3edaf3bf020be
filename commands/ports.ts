// The ports of the demo: where Cordon and the shop listen, and whether a port is free.

import { createServer, type Server } from 'node:net';

export interface Ports {
  cordon: number;
  shop: number;
}

const highestPort = 65_535;

/** Reads PORT (Cordon, 8787 by default) and SHOP_PORT (8788). Throws on what is not a port. */
export function readPorts(environment: NodeJS.ProcessEnv): Ports {
  const ports = { cordon: readPort(environment, 'PORT', 8787), shop: readPort(environment, 'SHOP_PORT', 8788) };
  if (ports.cordon === ports.shop) throw new Error(`PORT and SHOP_PORT are both ${ports.shop}; choose two.`);
  return ports;
}

export async function isFree(port: number): Promise<boolean> {
  const server = await listen(port);
  server?.close();
  return server !== undefined;
}

/** Two ports that nothing listened on a moment ago. */
export async function findTwoFreePorts(): Promise<[number, number]> {
  // Both are held until both are known: else they might be one.
  const servers = [await listen(0), await listen(0)];
  const ports = servers.map(readListeningPort);
  for (const server of servers) server?.close();
  const [first, second] = ports;
  if (first === undefined || second === undefined) throw new Error('No free port on this machine.');
  return [first, second];
}

function readPort(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= highestPort) return port;
  throw new Error(`${name} is "${text}", which is not a port.`);
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(server));
  });
}

function readListeningPort(server: Server | undefined): number | undefined {
  const address = server?.address();
  return typeof address === 'object' ? address?.port : undefined;
}
