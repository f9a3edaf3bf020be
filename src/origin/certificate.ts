/**
 * How the merchant's servers are asked: by the platform's own fetch, or behind a client certificate.
 */
import type { Certificate } from '../config/origin-policy.ts';
import { log } from '../journal/log.ts';

/** As fetch does, and throws as it does. */
export function fetchBehind(certificate: Certificate, url: string, init: RequestInit): Promise<Response> {
  switch (certificate.kind) {
    case 'none':
      return fetch(url, init);
    case 'bound':
      return certificate.binding.fetch(url, init);
    case 'missing':
      // An origin that asks for a certificate is not asked without one: it might be somebody else.
      log({ event: 'origin_certificate_missing', name: certificate.name });
      return Promise.reject(new Error('no certificate'));
  }
}
