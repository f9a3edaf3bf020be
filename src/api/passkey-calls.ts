/**
 * `/.cordon/v1/merchants/{id}/customers/{customer}/passkeys`: for a shop whose backend speaks for its customers. It takes the
 * scope `manage`: a key that only asks about payments must not be able to enrol a passkey that lets them through.
 */
import { Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import { type Holder, holderOf, keeperOf } from '../passkeys/holder.ts';
import { enrolPasskey, listPasskeys, posePasskey, removePasskey } from '../passkeys/passkey-desk.ts';
import { problem } from '../wire.ts';
import { nameOf } from './bearer.ts';
import { audit, managing, unsure } from './managing.ts';
import { passkeyEnrolmentSchema, passkeyOptionsSchema } from './passkey-schemas.ts';
import { type ApiContext, type ApiVariables, bodyOf } from './request.ts';

const PLACE = '/:id/customers/:customer/passkeys';
const ID_LIMIT = 256;

export function passkeyCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const managed = managing(environment, policies);

  /** The customer, once the caller may manage his shop and it has passkeys. */
  async function holder(c: ApiContext): Promise<Holder | Response> {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const keeper = keeperOf(policy);
    if (keeper === null) return problem('passkeys_off');
    const id = c.req.param('customer') ?? '';
    if (id === '' || id.length > ID_LIMIT) return problem('not_found');
    return holderOf(keeper, environment, { id, by: nameOf(c.get('bearer').caller), now: Date.now() });
  }

  calls.get(PLACE, async (c) => {
    const of = await holder(c);
    return of instanceof Response ? of : listPasskeys(of);
  });

  calls.post(`${PLACE}/options`, async (c) => {
    const of = await holder(c);
    if (of instanceof Response) return of;
    const body = await bodyOf(c, passkeyOptionsSchema);
    if (body instanceof Response) return body;
    const { host, label } = body.value;
    return hasHost(of, host) ? posePasskey(of, host, label) : foreignHost();
  });

  calls.post(PLACE, async (c) => {
    const of = await holder(c);
    if (of instanceof Response) return of;
    const body = await bodyOf(c, passkeyEnrolmentSchema);
    if (body instanceof Response) return body;
    const { host, response } = body.value;
    if (!hasHost(of, host)) return foreignHost();
    const answer = await enrolPasskey(of, host, response);
    if (answer.status === 201) audit(c, 'passkey.enrol', { after: await answer.clone().json() });
    return answer;
  });

  calls.delete(`${PLACE}/:passkey`, async (c) => {
    const of = await holder(c);
    if (of instanceof Response) return of;
    const removed = await removePasskey(of, c.req.param('passkey'));
    if (removed === 'unsure') return unsure(c, 'passkey.remove');
    if (removed === 'unknown') return problem('not_found');
    audit(c, 'passkey.remove', { before: removed });
    return c.body(null, 204);
  });

  return calls;
}

/** The page is one of the shop's own. */
function hasHost({ keeper }: Holder, host: string): boolean {
  return keeper.hosts.has(host.replace(/:\d+$/, ''));
}

function foreignHost(): Response {
  return problem('invalid_attempt', { errors: [{ path: '/host', message: 'must be a host of this merchant' }] });
}
