// How to begin with the typed client, as the documentation shows it. In your own application the import is
// 'cordon/client'.

import { type Cordon, createClient } from '../../src/client/client.ts';

interface Environment {
  CORDON_URL: string;
  CORDON_KEY: string;
}

export function client({ CORDON_URL, CORDON_KEY }: Environment): Cordon {
  // import { createClient, mayProceed } from 'cordon/client';
  const cordon = createClient({ url: CORDON_URL, key: CORDON_KEY, onUnreachable: 'block', timeoutMs: 2000 });
  return cordon;
}
