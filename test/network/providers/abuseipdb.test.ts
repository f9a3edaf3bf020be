/**
 * AbuseIPDB: what is sent, and how strictly the answer is read. One change of a real answer, one reading.
 */
import { describe, expect, it } from 'vitest';
import { parseIp } from '../../../src/attempt/ip-address.ts';
import { ABUSEIPDB } from '../../../src/network/providers/abuseipdb.ts';
import { ABUSEIPDB_ANSWER as ANSWER } from './answers.ts';

const ip = (text: string) => parseIp(text) ?? expect.fail(text);
const IP = ip('118.25.6.39');
const changed = (change: Record<string, unknown>) => ({ data: { ...ANSWER.data, ...change } });
const NONSENSE = { kind: 'nonsense' };

it('asks for one address, the key in a header and not in the URL', () => {
  const { path, headers } = ABUSEIPDB.request(IP, 'k3y');
  expect(path).toBe('/api/v2/check?ipAddress=118.25.6.39&maxAgeInDays=30');
  expect(headers).toEqual({ key: 'k3y' });
});

it('encodes the colons of IPv6, as the documentation asks', () => {
  const { path } = ABUSEIPDB.request(ip('2001:4860::1'), 'k');
  expect(path).toContain('ipAddress=2001%3A4860%3A%3A1&');
});

describe('reads', () => {
  it('a score, with the number of reports', () => {
    const message = 'AbuseIPDB: confidence of abuse 87, 42 reports in 30 days';
    expect(ABUSEIPDB.read(ANSWER, IP)).toEqual({ kind: 'score', score: 87, message });
  });

  it.each([0, 100])('a score of %i', (score) => {
    expect(ABUSEIPDB.read(changed({ abuseConfidenceScore: score }), IP)).toMatchObject({ kind: 'score', score });
  });

  it('an IPv6 address however it is written', () => {
    const answer = changed({ ipAddress: '2001:4860:0:0:0:0:0:1', ipVersion: 6 });
    expect(ABUSEIPDB.read(answer, ip('2001:4860::1'))).toMatchObject({ kind: 'score' });
  });

  it('past what it does not need', () => {
    const { ipAddress, abuseConfidenceScore, totalReports } = ANSWER.data;
    const bare = { data: { ipAddress, abuseConfidenceScore, totalReports, news: [1] }, more: 1 };
    expect(ABUSEIPDB.read(bare, IP)).toMatchObject({ kind: 'score', score: 87 });
  });
});

describe('takes for nonsense', () => {
  it.each([undefined, null, 'x', 3, true, [], [ANSWER], {}, { data: null }, { data: [] }, { errors: [] }])(
    'the answer %j',
    (answer) => {
      expect(ABUSEIPDB.read(answer, IP)).toEqual(NONSENSE);
    },
  );

  it.each([undefined, null, '87', true, [87], -1, 101, 1e308, Number.NaN])('a score of %j', (score) => {
    expect(ABUSEIPDB.read(changed({ abuseConfidenceScore: score }), IP)).toEqual(NONSENSE);
  });

  it.each([undefined, null, '42', -1, 1.5, 1e300])('%j reports', (reports) => {
    expect(ABUSEIPDB.read(changed({ totalReports: reports }), IP)).toEqual(NONSENSE);
  });

  it.each([undefined, null, 7, '118.25.6.38', '118.25.6.039', 'x'])('an answer about %j', (ipAddress) => {
    expect(ABUSEIPDB.read(changed({ ipAddress }), IP)).toEqual(NONSENSE);
  });
});

it('quotes nothing that the provider wrote', () => {
  const answer = changed({ isp: 'x"\n{"event":"decision"}', domain: '<script>' });
  expect(JSON.stringify(ABUSEIPDB.read(answer, IP))).not.toMatch(/script|event/);
});
