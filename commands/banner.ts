// What `npm start` says when everything runs: one row per thing worth knowing.

import { styleText } from 'node:util';
import type { Ports } from './ports.ts';

export function printBanner(ports: Ports): void {
  const rows = listRows(ports);
  const width = Math.max(...rows.map(([title]) => title.length));
  const lines = rows.map(([title, text]) => `  ${styleText('bold', title.padEnd(width))}  ${text}`);
  process.stdout.write(`\n${lines.join('\n')}\n\n  Ctrl-C ends it.\n\n`);
}

function listRows(ports: Ports): [string, string][] {
  return [
    ['Shop, guarded', `https://localhost:${ports.cordon}/  (self-signed: the browser asks once)`],
    ['Shop, unguarded', `http://127.0.0.1:${ports.shop}/`],
    [
      'Who was it?',
      'both have /door: the shop says whether the request was signed by Cordon (DOOR=shut refuses others)',
    ],
    ['Admin key', '.dev.vars, CORDON_ADMIN_KEY'],
    ['A card to try', '4242 4242 4242 4242, 12/34, any CVC'],
    ['A declined card', '4000 0000 0000 0002: from the fourth try on, Cordon refuses it'],
    ['Attack it', `${listPortVariables(ports)}npm run attack  (in a second terminal)`],
    ['Logs', '.wrangler/start/'],
  ];
}

// The attack command finds the demo by the same variables.
function listPortVariables(ports: Ports): string {
  const cordon = ports.cordon === 8787 ? '' : `PORT=${ports.cordon} `;
  const shop = ports.shop === 8788 ? '' : `SHOP_PORT=${ports.shop} `;
  return cordon + shop;
}
