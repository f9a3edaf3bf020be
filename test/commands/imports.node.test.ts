/**
 * CSV files of processors as lines of the replay: which column is what, and what becomes of rows that are none.
 */
import { describe, expect, it } from 'vitest';
import type { Columns } from '../../commands/backtest/imports/columns.ts';
import { type ImporterName, importCsv } from '../../commands/backtest/imports/importing.ts';

const NOWHERE: Columns = { ip: [], card: [], bin: [], session: [], device: [] };

function imported(
  name: ImporterName,
  rows: readonly Readonly<Record<string, string>>[],
  columns: Partial<Columns> = {},
) {
  const head = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (text = '') => `"${text.replaceAll('"', '""')}"`;
  const text = [head.map(cell).join(','), ...rows.map((row) => head.map((one) => cell(row[one])).join(','))].join('\n');
  const { lines, faults, skipped } = importCsv(text, name, { ...NOWHERE, ...columns });
  return { lines: lines.map((line) => JSON.parse(line)), faults, skipped };
}

const CHARGE = {
  id: 'ch_1',
  'Created (UTC)': '2026-01-05 10:00:01',
  Amount: '1,234.50',
  Currency: 'eur',
  Status: 'Failed',
  'Seller Message': 'The bank returned the decline code `insufficient_funds`.',
  'Customer ID': 'cus_1',
  'Customer Email': 'anna@mail.example',
  'Card Fingerprint': 'ztg6Hv5g3sbjBE57',
  'Card Issue Country': 'NL',
  'Card Address Country': 'DE',
};

describe('Stripe', () => {
  it('has charges as attempts', () => {
    expect(imported('stripe', [CHARGE])).toEqual({
      faults: [],
      skipped: 0,
      lines: [
        {
          at: '2026-01-05T10:00:01.000Z',
          attempt: {
            card: { fingerprint: 'ztg6Hv5g3sbjBE57', country: 'NL' },
            customer_id: 'cus_1',
            email: 'anna@mail.example',
            amount: 123_450,
            currency: 'EUR',
            billing_country: 'DE',
            kind: 'payment',
          },
          outcome: { status: 'failed', decline_reason: 'insufficient_funds' },
        },
      ],
    });
  });

  it.each([
    [{ Status: 'Paid' }, { status: 'succeeded' }],
    [{ Status: 'Refunded' }, { status: 'succeeded' }],
    [{ Status: 'requires_action' }, { status: 'pending' }],
    [{ Status: 'canceled' }, { status: 'unknown' }],
    [{ 'Seller Message': 'Stripe blocked this payment as too risky.' }, { status: 'unknown' }],
    [
      { 'Seller Message': 'The bank did not return any further details with this decline.' },
      { decline_reason: 'other' },
    ],
    [{ 'Seller Message': '', 'Card CVC Status': 'fail' }, { decline_reason: 'incorrect_cvc' }],
    [{ 'Seller Message': '', 'Decline Reason': 'expired_card' }, { decline_reason: 'expired' }],
  ])('has %j as %j', (change, outcome) => {
    expect(imported('stripe', [{ ...CHARGE, ...change }]).lines[0].outcome).toMatchObject(outcome);
  });

  it.each([
    [{ Amount: '20,00' }, { amount: 2_000 }],
    [
      { Amount: '500', Currency: 'jpy' },
      { amount: 500, currency: 'JPY' },
    ],
    [{ 'ip (metadata)': '203.0.113.9' }, { ip: '203.0.113.9' }],
    [{ Description: 'Subscription update', 'ip (metadata)': '203.0.113.9' }, { kind: 'renewal' }],
    [{ 'Customer ID': 'gcus_1' }, { email: 'anna@mail.example' }],
  ])('reads %j as %j', (change, attempt) => {
    expect(imported('stripe', [{ ...CHARGE, ...change }]).lines[0].attempt).toMatchObject(attempt);
  });

  it('takes no guest for a customer, and a renewal from nowhere', () => {
    const rows = [
      { ...CHARGE, 'Customer ID': 'gcus_1' },
      { ...CHARGE, Description: 'Subscription update', 'ip (metadata)': 'x' },
    ];
    const [guest, renewal] = imported('stripe', rows).lines;
    expect([guest.attempt.customer_id, renewal.attempt.ip]).toEqual([undefined, undefined]);
  });

  it('takes an address from the column that is named', () => {
    const [line] = imported('stripe', [{ ...CHARGE, 'buyer (metadata)': '203.0.113.9' }], {
      ip: ['buyer (metadata)'],
    }).lines;
    expect(line.attempt.ip).toBe('203.0.113.9');
  });
});

const PAYMENT = {
  'Psp Reference': '8516',
  'Creation Date': '2026-07-05 12:00:01',
  TimeZone: 'CEST',
  Amount: '19.99',
  Currency: 'EUR',
  Type: 'Refused',
  'Shopper Interaction': 'Ecommerce',
  'Shopper Country': 'NL',
  'Issuer Country': 'NL',
  'Shopper Reference': 'shopper 1',
  'Shopper IP': '203.0.113.9',
  'Acquirer Response': 'Refused',
  'Raw Acquirer Response': '51 : Insufficient funds',
};

describe('Adyen', () => {
  it('has payments as attempts, in the account’s time zone', () => {
    const [line] = imported('adyen', [{ ...PAYMENT, Alias: 'A373176724022941', 'Issuer Bin': '910001' }]).lines;
    expect(line).toEqual({
      at: '2026-07-05T10:00:01.000Z',
      attempt: {
        ip: '203.0.113.9',
        card: { fingerprint: 'A373176724022941', bin: '910001', country: 'NL' },
        customer_id: 'shopper 1',
        amount: 1_999,
        currency: 'EUR',
        billing_country: 'NL',
        kind: 'payment',
      },
      outcome: { status: 'failed', decline_reason: 'insufficient_funds' },
    });
  });

  it.each([
    [{ Type: 'Authorised' }, { status: 'succeeded' }],
    [{ Type: 'Error' }, { decline_reason: 'processing_error' }],
    [{ Type: 'Cancelled' }, { status: 'unknown' }],
    [{ Type: 'RedirectShopper' }, { status: 'pending' }],
    [
      { 'Acquirer Response': 'CVC Declined', 'Raw Acquirer Response': '05 : Do not honor' },
      { decline_reason: 'incorrect_cvc' },
    ],
  ])('has %j as %j', (change, outcome) => {
    expect(imported('adyen', [{ ...PAYMENT, ...change }]).lines[0].outcome).toMatchObject(outcome);
  });

  it('leaves out what happens in shops, and takes recurring payments for renewals', () => {
    const rows = [
      { ...PAYMENT, 'Shopper Interaction': 'POS' },
      { ...PAYMENT, 'Shopper Interaction': 'ContAuth' },
    ];
    const { lines, skipped } = imported('adyen', rows);
    expect([lines.map(({ attempt }) => [attempt.kind, attempt.ip]), skipped]).toEqual([[['renewal', undefined]], 1]);
  });
});

it('puts newest-first files in order of time', () => {
  const rows = ['03', '01', '02'].map((second) => ({ ...CHARGE, 'Created (UTC)': `2026-01-05 10:00:${second}` }));
  const times = imported('stripe', rows).lines.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
});

it('tells bad lines by their number, says no value, and goes on with the others', () => {
  const rows = [
    CHARGE,
    { ...CHARGE, 'Created (UTC)': 'yesterday' },
    { ...CHARGE, Amount: '-' },
    { ...CHARGE, 'ip (metadata)': 'nowhere' },
    { ...CHARGE, 'Card Fingerprint': '4242 4242 4242 4242' },
    { ...CHARGE, Status: '' },
    CHARGE,
  ];
  const { lines, faults } = imported('stripe', rows);
  expect(lines).toHaveLength(2);
  expect(faults).toEqual([
    { line: 3, fault: 'has a time that is none' },
    { line: 4, fault: 'has an amount that is none' },
    { line: 5, fault: '/attempt/ip must be an IPv4 or IPv6 address' },
    { line: 6, fault: 'Card Fingerprint looks like a card number' },
    { line: 7, fault: 'has no Status' },
  ]);
  expect(JSON.stringify({ lines, faults })).not.toContain('4242');
});

it.each([
  ['semicolons and commas in amounts', ';', '"1.234,50"'],
  ['tabs', '\t', '1234.50'],
])('reads %s, behind a byte order mark', (_, delimiter, amount) => {
  const rows = [
    ['Created date (UTC)', 'Amount', 'Currency', 'Status'],
    ['2026-01-05 10:00', amount, 'eur', 'Paid'],
  ];
  const text = `\ufeff${rows.map((row) => row.join(delimiter)).join('\r\n')}\r\n`;
  const { lines, faults } = importCsv(text, 'stripe', NOWHERE);
  expect(faults).toEqual([]);
  expect(lines.map((line) => JSON.parse(line).attempt.amount)).toEqual([123_450]);
});

it.each([
  ['2026-07-05 12:00:01', 'CEST', '2026-07-05T10:00:01.000Z'],
  ['2026-01-05 12:00:01', 'CET', '2026-01-05T11:00:01.000Z'],
  ['2026-07-05T12:00:01+03:00', 'CEST', '2026-07-05T09:00:01.000Z'],
])('takes %s in %s for %s', (written, zone, at) => {
  expect(imported('adyen', [{ ...PAYMENT, 'Creation Date': written, TimeZone: zone }]).lines[0].at).toBe(at);
});

it.each([
  ['JPY', '500', 500],
  ['KRW', '12,000', 12_000],
  ['KWD', '1.234', 1_234],
  ['EUR', '20,5', 2_050],
])('reads an amount of %s by its digits: %s', (currency, amount, minor) => {
  expect(imported('stripe', [{ ...CHARGE, Currency: currency, Amount: amount }]).lines[0].attempt.amount).toBe(minor);
});

it('tells of a row with too many cells', () => {
  const text = 'Created (UTC),Amount,Currency,Status\n2026-01-05 10:00,1,eur,Paid\n2026-01-05 10:00,1,eur,Paid,more\n';
  const { lines, faults } = importCsv(text, 'stripe', NOWHERE);
  expect([lines.length, faults]).toEqual([1, [{ line: 3, fault: expect.any(String) }]]);
});
