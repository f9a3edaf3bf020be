// Sends one access through the guard, as the edge would hand it over.

import type { Access, Purpose } from './access.ts';
import type { Guard } from './guard.ts';
import type { Signed, Signer } from './signer.ts';

const okay = 200;

export class Sender {
  readonly #guard: Guard;
  readonly #host: string;
  readonly #signer: Signer;

  constructor(guard: Guard, host: string, signer: Signer) {
    this.#guard = guard;
    this.#host = host;
    this.#signer = signer;
  }

  /** Whether it got through to the shop. */
  async send(access: Access): Promise<boolean> {
    const { scheme, tlsVersion, place, address, purpose } = access;
    const { country, asn, timezone } = place;
    const cf = { country, asn, timezone, tlsVersion };
    const path = `/${purpose.path}`;
    const url = `https://${this.#host}${path}`;
    const written = await this.#write(purpose, url);
    const status = await this.#guard.send({ scheme, host: this.#host, path, address, cf, ...written });
    if (purpose.path === 'charge' && purpose.signature === 'own') this.#signer.overhear(url, written);
    return status === okay;
  }

  async #write(purpose: Purpose, url: string): Promise<Signed> {
    const message = { url, body: bodyOf(purpose) };
    if (purpose.path === 'pay') return { headers: {}, body: message.body };
    switch (purpose.signature) {
      case 'none':
        return { headers: {}, body: message.body };
      case 'own':
        return this.#signer.sign(message);
      case 'forged':
        return this.#signer.forge(message);
      case 'replayed':
        return this.#signer.replay(message);
    }
  }
}

function bodyOf(purpose: Purpose): string {
  return purpose.path === 'pay'
    ? JSON.stringify({ card: purpose.card, country: purpose.billingCountry, amount: 1999, currency: 'EUR' })
    : JSON.stringify({ token: purpose.token, amount: 1999, currency: 'EUR' });
}
