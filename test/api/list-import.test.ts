/**
 * CSV of items: all that is good goes in, what is not is told by its line, and nothing of it is repeated.
 */
import { describe, expect, it, vi } from 'vitest';
import type { Imported } from '../../src/api/list-import.ts';
import { importCsv, itemsOf } from '../support/lists.ts';
import { api, CARD, decided, everythingStored, newMerchant } from './backend.ts';

const HEADER = 'type,value,reason,expires_at';

async function imported(merchant: string, csv: string, query = ''): Promise<Imported> {
  const answer = await importCsv(merchant, 'deny', csv, query);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer.json();
}

it('takes items of every type, and the same file again changes nothing', async () => {
  const merchant = await newMerchant();
  const csv = `${HEADER}
ip,203.0.113.9,"chargebacks, May",
cidr,198.51.100.0/24,,2090-01-01T00:00:00Z
asn,AS64500,a,
country,KP,a,
card_fingerprint,processor-1,a,
card_bin,424242,a,
email,a@example.com,a,
email_domain,mail.example,a,
customer_id,cus_1,a,
`;
  expect(await imported(merchant, csv, '?reason=old+list')).toMatchObject({
    added: 9,
    updated: 0,
    refused: 0,
    lines: [],
  });
  expect(await imported(merchant, csv, '?reason=old+list')).toMatchObject({ added: 0, updated: 9, refused: 0 });
  const { items } = await itemsOf(merchant, 'deny');
  expect(items.length).toBe(9);
  expect(items.find(({ type }) => type === 'ip')?.reason).toBe('chargebacks, May');
  expect(items.find(({ type }) => type === 'cidr')).toMatchObject({
    reason: 'old list',
    expires_at: '2090-01-01T00:00:00.000Z',
  });
  expect(await decided(merchant, { ip: '198.51.100.77' })).toEqual(['block', 'list:cidr']);
});

it('a dry run tells the same and puts nothing', async () => {
  const merchant = await newMerchant();
  const csv = `${HEADER}\nip,203.0.113.9,a,\nip,no address,a,\n`;
  expect(await imported(merchant, csv, '?dry_run=true')).toEqual({
    added: 1,
    updated: 0,
    refused: 1,
    lines: [{ line: 3, message: 'value must be an IPv4 or IPv6 address' }],
    dry_run: true,
    is_complete: true,
  });
  expect((await itemsOf(merchant, 'deny')).items).toEqual([]);
});

const good = 'ip,203.0.113.1,a,';
const LONG = 'x'.repeat(1_000_000);

describe.each([
  ['a type that is none', 'iban,NL00,a,', /^type must be one of/],
  ['an address that is none', 'ip,203.0.113.999,a,', /^value must be an IPv4/],
  ['a prefix with host bits', 'cidr,203.0.113.9/24,a,', /^value has bits/],
  ['a prefix of everything', 'cidr,0.0.0.0/0,a,', /^value must be no wider/],
  ['a network that is none', 'asn,AS0,a,', /^value must be the number/],
  ['a country in lower case', 'country,nl,a,', /^value must be an ISO/],
  ['a BIN of seven digits', 'card_bin,4242424,a,', /^value must be the first/],
  ['a card for a fingerprint', `card_fingerprint,${CARD},a,`, /card number/],
  ['a card for a BIN', `card_bin,${CARD},a,`, /card number/],
  ['a card for a customer', `customer_id,${CARD},a,`, /card number/],
  ['a card in groups', 'customer_id,4242 4242 4242 4242,a,', /card number/],
  ['a card in Arabic digits', 'customer_id,٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢,a,', /card number/],
  ['a card as the reason', `ip,203.0.113.2,${CARD},`, /card number/],
  ['a card where a time belongs', `ip,203.0.113.2,a,${CARD}`, /card number/],
  ['a card where a type belongs', `${CARD},203.0.113.2,a,`, /^type must be one of/],
  ['an address without a domain', 'email,somebody,a,', /^value must be a plain e-mail/],
  ['a top-level domain', 'email_domain,com,a,', /^value must be a domain/],
  ['no reason', 'ip,203.0.113.2,,', /^reason/],
  ['a reason over lines', 'ip,203.0.113.2,"a\nb",', /quotes/],
  ['a time that is none', 'ip,203.0.113.2,a,tomorrow', /^expires_at must be a time/],
  ['a time that is over', 'ip,203.0.113.2,a,2020-01-01T00:00:00Z', /^expires_at must be in the future/],
  ['a cell too few', 'ip,203.0.113.2', /^has 2 cells, where the first line has 4/],
  ['a cell too many', 'ip,203.0.113.2,a,,', /^has 5 cells/],
  ['a quote that does not end', 'ip,"203.0.113.2,a,', /quotes/],
  ['a quote in the middle', 'customer_id,"a"b,a,', /quotes/],
  ['a NUL', 'customer_id,a\0b,a,', /nobody sees/],
  ['a NUL in the reason', 'ip,203.0.113.2,a\0b,', /^reason must be one line/],
  ['what turns the text', 'customer_id,a\u202eb,a,', /nobody sees/],
  ['no UTF-8', 'ip,203.0.113.2,\ufffd,', /^reason must be one line/],
  ['a line of a megabyte', `customer_id,${LONG},a,`, /^is longer than 2000/],
  ['a long customer', `customer_id,${'x'.repeat(257)},a,`, /^value must be 1 to 256/],
])('%s', (_, line, message) => {
  it('is refused by its line, spoils no other, and is not repeated', async () => {
    const log = vi.spyOn(console, 'log');
    const merchant = await newMerchant();
    const csv = [HEADER, good, line, 'ip,203.0.113.3,a,'].join('\n');
    const result = await imported(merchant, csv);
    expect(result.added).toBe(2);
    expect(result.lines[0]).toMatchObject({ line: 3, message: expect.stringMatching(message) });
    const told = JSON.stringify(result) + (await everythingStored(merchant)) + JSON.stringify(log.mock.calls);
    for (const secret of [CARD, '4242 4242', '٤٢٤٢', 'x'.repeat(300)]) expect(told).not.toContain(secret);
    log.mockRestore();
  });
});

describe.each([
  ['nothing', ''],
  ['no header', 'ip,203.0.113.9,a,\n'],
  ['an unknown column', 'type,value,note\nip,203.0.113.9,a\n'],
  ['a column twice', 'type,value,value\nip,203.0.113.9,203.0.113.9\n'],
  ['no value', 'type,reason\nip,a\n'],
  ['a card number', `${CARD}\n`],
  ['a line without an end', `${LONG}`],
])('a file that begins with %s', (_, csv) => {
  it('is refused as a whole', async () => {
    const merchant = await newMerchant();
    const answer = await importCsv(merchant, 'deny', csv);
    expect(answer.status).toBe(422);
    expect(await answer.text()).not.toContain(CARD);
  });
});

it.each([
  ['a BOM', `\ufeff${HEADER}\nip,203.0.113.9,a,\n`],
  ['lines that end as in Windows', `${HEADER}\r\nip,203.0.113.9,a,\r\n\r\n`],
  ['lines that end as on old Macs', `${HEADER}\rip,203.0.113.9,a,\r`],
  ['semicolons', 'type;value;reason\nip;203.0.113.9;a\n'],
  ['another order and spaces', 'Reason, Value ,TYPE\na, 203.0.113.9 ,ip\n'],
  ['every cell quoted', '"type","value","reason"\n"ip","203.0.113.9","a ""b"""\n'],
])('reads %s', async (_, csv) => {
  const merchant = await newMerchant();
  expect(await imported(merchant, csv)).toMatchObject({ added: 1, refused: 0 });
  expect((await itemsOf(merchant, 'deny')).items).toMatchObject([{ type: 'ip', value: '203.0.113.9' }]);
});

it('what a spreadsheet takes for a formula is a text', async () => {
  const merchant = await newMerchant();
  expect(await imported(merchant, `${HEADER}\nip,203.0.113.9,=1+1,\ncustomer_id,@cmd,+a,\n`)).toMatchObject({
    added: 2,
  });
  const { items } = await itemsOf(merchant, 'deny');
  expect(items.map(({ value, reason }) => [value, reason])).toEqual([
    ['@cmd', '+a'],
    ['203.0.113.9', '=1+1'],
  ]);
});

it('an item twice in a file is one, and the last word counts', async () => {
  const merchant = await newMerchant();
  expect(await imported(merchant, `${HEADER}\nip,203.0.113.9,a,\nip,::ffff:203.0.113.9,b,\n`)).toMatchObject({
    added: 1,
  });
  expect((await itemsOf(merchant, 'deny')).items).toMatchObject([{ value: '203.0.113.9', reason: 'b' }]);
});

describe('a hundred thousand', () => {
  const lines = Array.from({ length: 100_000 }, (_, n) => `ip,10.${n >> 16}.${(n >> 8) & 255}.${n & 255},a list,`);

  it('go in within seconds, in force at once, listed page by page', async () => {
    const merchant = await newMerchant();
    const began = Date.now();
    const result = await imported(merchant, [HEADER, ...lines, 'ip,nonsense,a,'].join('\n'));
    const tookMs = Date.now() - began;
    console.info(`100,000 rows in ${tookMs} ms`);
    expect(result).toMatchObject({ added: 100_000, refused: 1, is_complete: true });
    expect(result.lines).toEqual([{ line: 100_002, message: 'value must be an IPv4 or IPv6 address' }]);
    expect(tookMs).toBeLessThan(25_000);
    expect(await decided(merchant, { ip: '10.1.134.159' })).toEqual(['block', 'list:ip']);
    expect(await decided(merchant, { ip: '203.0.113.9' })).toEqual(['allow']);
    const page = await itemsOf(merchant, 'deny', '?limit=1000');
    expect(page.items.length).toBe(1_000);
    const next = await itemsOf(merchant, 'deny', `?limit=1000&cursor=${page.next_cursor}`);
    expect(next.items[0]?.value).not.toBe(page.items[0]?.value);
    const full = await imported(
      merchant,
      [HEADER, ...lines.map((line) => line.replace('10.', '11.')), good].join('\n'),
    );
    expect(full).toMatchObject({ added: 100_000, is_complete: false });
    expect(full.lines[0]?.message).toContain('there is no room');
    const one = { type: 'ip', value: '203.0.113.9', reason: 'a' };
    expect((await api('POST', `/merchants/${merchant}/lists/allow`, { body: one })).status).toBe(409);
  }, 120_000);
});
