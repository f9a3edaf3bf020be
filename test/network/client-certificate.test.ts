/**
 * A good client certificate as the edge tells it, and one change: what is not said is not proven.
 */
import { describe, expect, it } from 'vitest';
import { readCertificate } from '../../src/network/client-certificate.ts';

const PIN = 'ab12'.repeat(16);
const good = { certPresented: '1', certVerified: 'SUCCESS', certRevoked: '0', certFingerprintSHA256: PIN };
const pins = new Set(['0'.repeat(64), PIN]);
const kindOf = (told: unknown) => readCertificate(told, pins).kind;

describe('takes', () => {
  it.each([
    ['a pinned certificate', good],
    ['its fingerprint in upper case', { ...good, certFingerprintSHA256: PIN.toUpperCase() }],
    ['whatever else is told', { ...good, certIssuerDN: 'CN=x', certSubjectDN: '' }],
  ])('%s', (_, told) => {
    expect(kindOf(told)).toBe('pinned');
  });
});

const { certPresented: _p, ...notPresented } = good;
const { certVerified: _v, ...notVerified } = good;
const { certRevoked: _r, ...notRevoked } = good;
const { certFingerprintSHA256: _f, ...noFingerprint } = good;

describe('refuses', () => {
  it.each<[string, unknown, string]>([
    ['nothing at all', undefined, 'absent'],
    ['null', null, 'absent'],
    ['a text', 'SUCCESS', 'absent'],
    ['no word of a certificate', notPresented, 'absent'],
    ['none shown', { ...good, certPresented: '0' }, 'absent'],
    ['shown, as a number', { ...good, certPresented: 1 }, 'absent'],
    ['shown, as a truth', { ...good, certPresented: true }, 'absent'],
    [
      'what Cloudflare says without mutual TLS',
      { certPresented: '0', certVerified: 'NONE', certRevoked: '0', certFingerprintSHA256: '' },
      'absent',
    ],
    ['no word of verification', notVerified, 'unverified'],
    ['NONE', { ...good, certVerified: 'NONE' }, 'unverified'],
    ['an expired one', { ...good, certVerified: 'FAILED:certificate has expired' }, 'unverified'],
    ['one of an unknown authority', { ...good, certVerified: 'FAILED:self signed certificate' }, 'unverified'],
    ['success in lower case', { ...good, certVerified: 'success' }, 'unverified'],
    ['a success and more', { ...good, certVerified: 'SUCCESS ' }, 'unverified'],
    ['a revoked one', { ...good, certRevoked: '1' }, 'revoked'],
    ['no word of revocation', notRevoked, 'revoked'],
    ['a revocation that is no text', { ...good, certRevoked: 0 }, 'revoked'],
    ['no fingerprint', noFingerprint, 'not_pinned'],
    ['an empty fingerprint', { ...good, certFingerprintSHA256: '' }, 'not_pinned'],
    ['another fingerprint', { ...good, certFingerprintSHA256: 'ab13'.repeat(16) }, 'not_pinned'],
    ['a part of the fingerprint', { ...good, certFingerprintSHA256: PIN.slice(0, 63) }, 'not_pinned'],
    ['the fingerprint with colons', { ...good, certFingerprintSHA256: PIN.match(/../g)?.join(':') }, 'not_pinned'],
    ['a list of fingerprints', { ...good, certFingerprintSHA256: [PIN] }, 'not_pinned'],
    ['its SHA-1 alone', { ...noFingerprint, certFingerprintSHA1: PIN.slice(0, 40) }, 'not_pinned'],
  ])('%s', (_, told, kind) => {
    expect(kindOf(told)).toBe(kind);
  });

  it('everything where nothing is pinned', () => {
    expect(readCertificate(good, new Set()).kind).toBe('not_pinned');
  });
});
