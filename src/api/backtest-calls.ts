/**
 * `/.cordon/v1/merchants/{id}/backtests`: a configuration tried on past attempts of the record.
 */
import { Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import { recordsOf } from '../records/records.ts';
import { problem } from '../wire.ts';
import { type BacktestRequest, backtestRequestSchema } from './backtest-schemas.ts';
import { audit, managing } from './managing.ts';
import { withoutRecord } from './record-calls.ts';
import { type ApiVariables, afterwardsOf, bodyOf, inertAnswer } from './request.ts';

const BY_DEFAULT_MS = 7 * 86_400_000;

export function backtestCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const managed = managing(environment, policies);
  const ask = recordsOf(environment.records);
  const { tables } = environment.sources;

  calls.post('/:id/backtests', async (c) => {
    const inForce = await managed(c);
    if (inForce instanceof Response) return inForce;
    const body = await bodyOf(c, backtestRequestSchema);
    if (body instanceof Response) return body;
    const policy = await policyOf(body.value, inForce, environment.masterKey);
    if (policy instanceof Response) return policy;
    const now = Date.now();
    const { to = now, from = to - BY_DEFAULT_MS, suggestions } = body.value;
    const rules = typeof suggestions === 'boolean' ? undefined : suggestions;
    const unknown = unknownRules(rules, policy);
    if (unknown.length > 0) return problem('invalid_attempt', { errors: unknown });
    if (policy.tables !== null) await tables.prepare(policy.tables, now, afterwardsOf(c));
    const [{ backtest }, { givenTo }] = await Promise.all([import('./backtests.ts'), import('./backtest-given.ts')]);
    const given = await givenTo(policy, { policy: inForce, gates: environment.gates }, tables);
    if (given === null) return problem('gate_unavailable');
    const question = { policy, given, from, to, suggests: suggestions !== false, rules };
    const tried = await backtest(ask, question, Date.now);
    if (tried.kind !== 'answered') return withoutRecord(tried);
    const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    audit(c, 'read.backtest', {
      after: { ...span, config_version: policy.version.hash, attempts: tried.value.attempts },
    });
    return inertAnswer(tried.value);
  });

  return calls;
}

/** A name that no rule has would be tried by nobody, and nobody would know. */
function unknownRules(rules: readonly string[] | undefined, { velocity }: Policy) {
  return (rules ?? []).flatMap((rule, at) => {
    const isThere = velocity.some(({ name }) => name === rule);
    return isThere ? [] : [{ path: `/suggestions/${at}`, message: 'is no velocity rule of the configuration' }];
  });
}

/** One that is not this merchant's would name other keys, and other rows. */
async function policyOf(
  { config }: BacktestRequest,
  inForce: Policy,
  masterKey: CryptoKey,
): Promise<Policy | Response> {
  if (config === undefined) return inForce;
  const { merchant } = inForce;
  const { readPolicy } = await import('../replay/policy-text.ts');
  const read = await readPolicy(JSON.stringify({ ...config, id: config.id ?? merchant }), masterKey);
  const faults = read.ok ? foreignFaults(read.policy, merchant) : read.faults;
  const errors = faults.map(({ path, message }) => ({ path: `/config${path}`, message }));
  return read.ok && faults.length === 0 ? read.policy : problem('invalid_configuration', { errors });
}

function foreignFaults({ merchant: named }: Policy, merchant: string) {
  return named === merchant ? [] : [{ path: '/id', message: `must be "${merchant}", or left out` }];
}
