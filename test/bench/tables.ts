/**
 * The tables of the benchmark's locked merchant: a feed of 120,000 addresses, none of them a payer's, and whose cards
 * the payers' are. Imported as an operator would, by one of the workers under test: all read the same KV.
 */
import { BareClient } from '../support/bare-client.ts';
import { ADMIN_KEY } from '../support/bare-config.ts';
import { type BenchSite, CORDON } from './bench-site.ts';
import { ADMIN_HOST, FEED, ISSUERS } from './merchants.ts';

const ADDRESSES = 120_000;

export async function importTables({ runtime }: BenchSite): Promise<void> {
  const client = new BareClient(runtime.port(CORDON));
  const put = async (path: string, body: string) => {
    const headers = { host: ADMIN_HOST, authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/plain' };
    const answer = await client.send({ method: 'PUT', path: `/.cordon/v1/feeds/${path}`, headers, body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body}`);
  };
  try {
    await put(FEED, Array.from({ length: ADDRESSES }, (_, i) => addressOf(i)).join('\n'));
    await put(`${ISSUERS}?kind=bins`, '400000,NL\n');
  } finally {
    client.close();
  }
}

/** Every third one, upwards from 20.0.0.0: apart from each other, and from 198.18.0.0/15. */
function addressOf(i: number): string {
  const n = 20 * 2 ** 24 + i * 3;
  return [24, 16, 8, 0].map((bits) => (n >>> bits) & 255).join('.');
}
