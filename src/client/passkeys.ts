/**
 * Passkeys of a merchant's customers, for whoever speaks for them.
 */
import { type Line, pathOf } from './line.ts';

/** `host`: of the page, with its port where it has one. */
export interface PasskeyOptionsRequest {
  readonly host: string;
  /** What the device is to call the customer there; at most 64 characters. */
  readonly label?: string | undefined;
}

/** As a browser says of it: `PublicKeyCredential.toJSON()`. */
export interface RegistrationJson {
  readonly id: string;
  readonly rawId: string;
  readonly type: string;
  readonly response: {
    readonly clientDataJSON: string;
    readonly attestationObject: string;
    readonly transports?: readonly string[] | undefined;
  };
}

export interface Passkey {
  readonly id: string;
  readonly rp_id: string;
  readonly created_at: string;
  /** `customer`, `admin`, or `key:` and the id of the key by which it was enrolled. */
  readonly created_by: string;
  /** Before, it proves nothing. */
  readonly usable_from: string;
  readonly last_used_at: string | null;
  /** It may have a copy, and proves nothing any more. */
  readonly suspect: boolean;
}

export interface Passkeys {
  readonly passkeys: readonly Passkey[];
}

export class CustomerPasskeys {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** WebAuthn's creation options, for the browser of a customer who is signed in. */
  async options(merchant: string, customer: string, wanted: PasskeyOptionsRequest): Promise<Record<string, unknown>> {
    const path = pathOf('merchants', merchant, 'customers', customer, 'passkeys', 'options');
    return this.#line.send({ method: 'POST', path, body: wanted, isRepeatable: true });
  }

  /** What the browser made for them. */
  async enrol(
    merchant: string,
    customer: string,
    made: { host: string; response: RegistrationJson },
  ): Promise<Passkey> {
    const path = pathOf('merchants', merchant, 'customers', customer, 'passkeys');
    return this.#line.send({ method: 'POST', path, body: made, isRepeatable: false });
  }

  async list(merchant: string, customer: string): Promise<Passkeys> {
    const path = pathOf('merchants', merchant, 'customers', customer, 'passkeys');
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }

  async remove(merchant: string, customer: string, passkey: string): Promise<void> {
    const path = pathOf('merchants', merchant, 'customers', customer, 'passkeys', passkey);
    await this.#line.send({ method: 'DELETE', path, isRepeatable: false });
  }
}
