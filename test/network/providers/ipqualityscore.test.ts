/**
 * IPQualityScore: what is sent, and how strictly the answer is read. One change of a real answer, one reading.
 */
import { describe, expect, it } from 'vitest';
import { parseIp } from '../../../src/attempt/ip-address.ts';
import { IPQUALITYSCORE } from '../../../src/network/providers/ipqualityscore.ts';
import { IPQUALITYSCORE_ANSWER as ANSWER } from './answers.ts';

const IP = parseIp('85.237.43.223') ?? expect.fail('no address');
const read = (answer: unknown) => IPQUALITYSCORE.read(answer, IP);

it('asks for one address with the gentlest settings, the key in a header and not in the URL', () => {
  const { path, headers } = IPQUALITYSCORE.request(IP, 'k3y');
  expect(path).toBe('/api/json/ip?ip=85.237.43.223&strictness=0&allow_public_access_points=true');
  expect(headers).toEqual({ 'ipqs-key': 'k3y' });
});

describe('reads', () => {
  it('a score, with what is flagged', () => {
    const message = 'IPQualityScore: fraud score 85 (proxy, recent abuse)';
    expect(read(ANSWER)).toEqual({ kind: 'score', score: 85, message });
  });

  it('a score of nothing', () => {
    const clean = { ...ANSWER, fraud_score: 0, proxy: false, recent_abuse: false };
    expect(read(clean)).toEqual({ kind: 'score', score: 0, message: 'IPQualityScore: fraud score 0' });
  });

  it('no flag in what is not true or false', () => {
    expect(read({ ...ANSWER, proxy: 'true', recent_abuse: 1 })).toMatchObject({
      message: expect.not.stringMatching(/\(/),
    });
  });

  it.each([
    'You have exceeded your request quota of 35 per day. Please upgrade to increase your request quota.',
    'You have insufficient credits to make this query. Please contact IPQualityScore support if this error persists.',
  ])('a used-up account: %s', (message) => {
    expect(read({ success: false, message, request_id: 'x' })).toEqual({ kind: 'over_budget' });
  });

  it('a key that is none', () => {
    const message = 'Invalid or unauthorized key. Please check the API key and try again.';
    expect(read({ success: false, message })).toEqual({ kind: 'refused' });
  });
});

describe('takes for nonsense', () => {
  it.each([undefined, null, 'x', 3, [], [ANSWER], {}, { success: false }, { success: false, message: 7 }])(
    'the answer %j',
    (answer) => {
      expect(read(answer)).toEqual({ kind: 'nonsense' });
    },
  );

  it.each([undefined, null, '85', true, -1, 101, Number.POSITIVE_INFINITY])('a score of %j', (score) => {
    expect(read({ ...ANSWER, fraud_score: score })).toEqual({ kind: 'nonsense' });
  });

  it.each([undefined, 'true', 1, null])('success: %j', (success) => {
    expect(read({ ...ANSWER, success })).toEqual({ kind: 'nonsense' });
  });

  it('a sentence that it does not know', () => {
    expect(read({ success: false, message: 'Please enter a valid IP address.' })).toEqual({ kind: 'nonsense' });
  });
});
