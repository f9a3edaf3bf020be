/**
 * `/.cordon/v1/merchants/{id}/erasures`: one person's data, taken out of the record on his request. Who asked stays on
 * record, and by which kinds of names; the names do not.
 */
import { Hono } from 'hono';
import { parseIp } from '../attempt/ip-address.ts';
import { sessionIdentity } from '../attempt/session-cookie.ts';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import { askGateOnce } from '../gate/gate-client.ts';
import { shortened } from '../journal/entry.ts';
import type { Erased, Person } from '../journal/erasure.ts';
import { digestOfCustomer } from '../step-up/binding.ts';
import { cardName, customerName } from '../velocity/watched-touch.ts';
import { problem } from '../wire.ts';
import { cardsOf } from './identities.ts';
import { type ErasureRequest, erasureRequestSchema } from './journal-schemas.ts';
import { payerNames, removeOwn, shownValues } from './listed-payers.ts';
import { audit, managing, unsure } from './managing.ts';
import { type ApiVariables, bodyOf } from './request.ts';

const DAY_SECONDS = 86_400;
/** As long as the gate keeps an outcome, two names of a card, and who paid what may be disputed. */
const GATE_KEEPS_SECONDS = {
  outcomes: 7 * DAY_SECONDS,
  card_names: 90 * DAY_SECONDS,
  paid: 180 * DAY_SECONDS,
} as const;

export function erasureCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const managed = managing(environment, policies);

  calls.post('/:id/erasures', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const body = await bodyOf(c, erasureRequestSchema);
    if (body instanceof Response) return body;
    const passkeys = await forgetPasskeys(body.value, policy, environment);
    if (passkeys === null) return problem('gate_unavailable');
    const named = await personOf(body.value, policy);
    if (!(await forgetHistories(body.value, { named, policy, environment }))) return problem('gate_unavailable');
    const { records } = environment;
    if (records === null) return problem('storage_unavailable', { detail: 'the deployment keeps no record' });
    const names = await payerNames(body.value, policy);
    const unlisted = await removeOwn(names, policy, { gates: environment.gates });
    if (unlisted === null) return unsure(c, 'record.erase');
    if (unlisted.length > 0) policies.forget();
    const { erase } = await import('../journal/erasure.ts');
    const person = { ...named, listed: shownValues(names, body.value.email) };
    const erased = { ...(await erase(records, policy.merchant, person)), list_items: unlisted.length };
    const told = { ...toldOf(erased, policy), passkeys };
    audit(c, 'record.erase', { after: { by: Object.keys(body.value), ...erased, passkeys } });
    return c.json(told);
  });

  return calls;
}

/** How many a customer had, who is named by his id alone; null where the gate does not answer. */
async function forgetPasskeys(
  { customer_id: id }: ErasureRequest,
  policy: Policy,
  { gates }: Environment,
): Promise<number | null> {
  if (id === undefined) return 0;
  const customer = await digestOfCustomer(id, policy.digestKey);
  const forgotten = await askGateOnce(gates, policy, (gate) => gate.forgetPasskeys(customer));
  return forgotten.kind === 'answered' ? forgotten.value : null;
}

interface Asked {
  readonly named: Omit<Person, 'listed'>;
  readonly policy: Policy;
  readonly environment: Environment;
}

/** What he and his card have earned, whole; false where the gate does not answer. */
async function forgetHistories(
  { customer_id: id }: ErasureRequest,
  { named, policy, environment }: Asked,
): Promise<boolean> {
  const names = [...(id === undefined ? [] : [customerName(id)]), ...named.cards.map(cardName)];
  if (names.length === 0) return true;
  const forgotten = await askGateOnce(environment.gates, policy, (gate) => gate.forgetHistories(names));
  return forgotten.kind === 'answered';
}

async function personOf(
  { customer_id: id, card, ip, session_id: visit }: ErasureRequest,
  policy: Policy,
): Promise<Omit<Person, 'listed'>> {
  const cards = card === undefined ? [] : await cardsOf(card, policy);
  const named = cards.flatMap(({ fingerprint, formerFingerprints }) => [fingerprint, ...formerFingerprints]);
  const isDigest = visit?.startsWith('se_') === true;
  return {
    customer: id === undefined ? null : shortened(id),
    cards: [...new Set(named)],
    ip: ip === undefined ? null : (parseIp(ip)?.text ?? null),
    session: visit === undefined || isDigest ? (visit ?? null) : await sessionIdentity(visit, policy.digestKey),
  };
}

/** What the gate still counts by, and until when: without it a block would end with a letter to the shop. */
export function toldOf(
  erased: Erased & { readonly list_items: number },
  { velocity, maxBlockSeconds, watching }: Policy,
) {
  // A sliding count forgets a twelfth of its window late (velocity/parts.ts).
  const lives = velocity.map(({ windowSeconds, slides, blockSeconds = 0 }) =>
    Math.max(slides === true ? Math.ceil((windowSeconds * 13) / 12) : windowSeconds, blockSeconds),
  );
  const longest = Math.max(0, ...lives);
  return {
    ...erased,
    remains: [
      { what: 'counters', for_seconds: Math.max(longest, Math.min(longest, maxBlockSeconds)) },
      { what: 'outcomes', for_seconds: GATE_KEEPS_SECONDS.outcomes },
      { what: 'card_names', for_seconds: GATE_KEEPS_SECONDS.card_names },
      ...(watching === null ? [] : [{ what: 'paid', for_seconds: GATE_KEEPS_SECONDS.paid }]),
    ],
  };
}
