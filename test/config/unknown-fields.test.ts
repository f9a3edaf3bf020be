/**
 * An unknown field is a fault that names it, wherever in the configuration it stands: a typing error, or what a later
 * release brings.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { changed, deployment, faultsOf, pathsOf } from './deployment.ts';
import { full } from './full-merchant.ts';

let here: Environment;
beforeAll(async () => {
  here = await deployment();
});

describe('an unknown field is named wherever it stands', () => {
  it.each([
    '/x',
    '/reputation/x',
    '/reputation/sizes/x',
    '/reputation/providers/0/key',
    '/Mode',
    '/origin/x',
    '/origin/pool/0/x',
    '/origin/certificate',
    '/origin/health/x',
    '/routes/0/x',
    '/routes/0/preset',
    '/routes/0/match/x',
    '/routes/0/match/host',
    '/routes/0/fields/cvc',
    '/routes/0/customer/x',
    '/routes/0/customer/jwt/x',
    '/routes/0/outcome/x',
    '/routes/0/outcome/failed/0/x',
    '/returns/0/x',
    '/returns/0/kind',
    '/returns/0/match/x',
    '/returns/0/outcome/payment_id',
    '/returns/0/outcome/failed/0/x',
    '/card_testing_guard_config/x',
    '/card_testing_guard_config/card_ip_blocking_treshold',
    '/attack_mode/x',
    '/clean_history/x',
    '/network/x',
    '/network/asn/residential',
    '/network/leases/x',
    '/network/allowlist/0/until',
    '/network/egress_keys/0/private_key',
    '/routes/1/egress/allow',
    '/routes/1/egress/signature/window',
    '/routes/1/egress/client_certificate/sha1',
    '/session/max_countries',
    '/sealed/x',
    '/sealed/recipients',
    '/step_up/seconds',
    '/step_up/by_risk/0/x',
    '/step_up/proof_of_work/x',
    '/step_up/turnstile/x',
    '/step_up/passkey/x',
    '/step_up/identity/x',
    '/routes/0/step_up/fallback',
    '/gate/gates',
    '/__proto__',
    '/constructor',
    '/a b',
  ])('%s', (path) => {
    // Written under another name first: assigning `__proto__` would not make a field.
    const text = JSON.stringify(changed(full, `${path}§`, 1)).replace('§', '');
    expect(faultsOf(JSON.parse(text), here)).toEqual([{ path, message: expect.stringContaining('not a field') }]);
  });

  it('with its name escaped as a pointer', () => {
    expect(pathsOf(changed(full, '/x', undefined), here)).toEqual([]);
    expect(pathsOf({ ...full, 'a/b~c': 1 }, here)).toEqual(['/a~1b~0c']);
  });

  it('among the modes of the network, where only its codes may stand', () => {
    expect(pathsOf(changed(full, '/network/modes/unreadable', 'enforce'), here)).toEqual(['/network/modes/unreadable']);
  });

  it('among the conditions of an outcome, where only pointers may stand', () => {
    expect(pathsOf(changed(full, '/routes/0/outcome/failed/0/json', { status: ['failed'] }), here)).toEqual([
      '/routes/0/outcome/failed/0/json/status',
    ]);
  });
});
