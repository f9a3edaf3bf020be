// The demo shop's door: the keys by which it knows Cordon's requests, handed over once both run. `DOOR=shut npm start`
// has the shop turn everybody else away; open, `npm run attack` can show what happens without Cordon.

import { callOnce } from './loopback.ts';
import type { Ports } from './ports.ts';

const keySetPath = '/.cordon/jwks.json?merchant=demo';

export async function handOverKeys(ports: Ports): Promise<void> {
  const told = await callOnce('https', ports.cordon, { method: 'GET', path: keySetPath });
  if (told.kind === 'silent' || told.status !== 200) throw new Error('Cordon was asked for its keys and gave none.');
  const body = { authority: `127.0.0.1:${ports.shop}`, set: told.body, isShut: process.env.DOOR === 'shut' };
  const taken = await callOnce('http', ports.shop, { method: 'PUT', path: '/processor/keys', body });
  if (taken.kind === 'silent' || taken.status !== 204) throw new Error('The shop did not take the keys.');
}
