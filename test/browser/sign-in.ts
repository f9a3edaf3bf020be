/**
 * The shop's own login, as far as Cordon sees it: tokens, and the keys by which they are proven.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface SignIn {
  /** Of a route (`customer`). */
  readonly rule: object;
  readonly headersOf: (customer: string) => Promise<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

export async function openSignIn(): Promise<SignIn> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });
  const server = createServer((_, answer) => void answer.setHeader('content-type', 'application/json').end(keys));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    rule: { jwt: { header: 'authorization', claim: 'sub', jwks_url: `http://127.0.0.1:${port}/keys` } },
    headersOf: async (customer) => {
      const token = new SignJWT({ sub: customer }).setProtectedHeader({ alg: 'ES256', kid: 'one' });
      return { authorization: `Bearer ${await token.setExpirationTime('1h').sign(privateKey)}` };
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
