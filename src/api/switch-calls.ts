/**
 * `/.cordon/v1/merchants/{id}/switches`: what an operator turns without touching the configuration. A bypass is a hole on
 * purpose: whoever may write the configuration may open it, for a day at most, with a reason, and loudly.
 */
import { type Context, Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import { BYPASS_LIMIT_MS, type Bypass } from '../gate/bypass.ts';
import { log } from '../journal/log.ts';
import { problem } from '../wire.ts';
import { nameOf } from './bearer.ts';
import { Drains, type DrainTarget, drainOf, faultInDrain, toldOrigin } from './drains.ts';
import { audit, managing, unsure } from './managing.ts';
import { type ApiVariables, bodyOf } from './request.ts';
import { type SwitchRequest, switchRequestSchema } from './switch-schemas.ts';
import { Switches, type ToldSwitches, type ToldTurn, toldOf } from './switches.ts';

const NO_REASON = 'ended';
const NO_REASON_TOLD = 'none was given';

export function switchCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const switches = new Switches(environment);
  const drains = new Drains(environment);
  const managed = managing(environment, policies);

  calls.get('/:id/switches', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const now = Date.now();
    const { origin } = policy;
    const [last, attackMode, word] = await Promise.all([
      switches.last(policy, now),
      switches.attackMode(policy),
      origin === null ? null : drains.word(policy),
    ]);
    const told = origin === null || word === null ? null : toldOrigin(origin, word, now);
    return c.json({ bypass: toldOf(last, now), attack_mode: attackMode, origin: told } satisfies ToldSwitches);
  });

  calls.post('/:id/switches', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const body = await bodyOf(c, switchRequestSchema);
    if (body instanceof Response) return body;
    const now = Date.now();
    const fault = faultIn(body.value, now);
    if (fault !== null) return problem('invalid_attempt', { errors: [{ path: '/until', message: fault }] });
    const who = nameOf(c.get('bearer').caller);
    const target = body.value.drain ?? body.value.undrain;
    if (target !== undefined) return turnDrain(c, policy, { ...body.value, target, who, now });
    if (body.value.attack_mode !== undefined) return turnAttackMode(c, policy, { ...body.value, who, now });
    const last = await switches.last(policy, now);
    const before = toldOf(last, now);
    const turned = await switches.turn(policy, wordOf(body.value, { who, now, last }));
    policies.forget();
    const what = `bypass.${body.value.bypass}`;
    if (turned === null) return unsure(c, what);
    const bypass = toldOf(turned.bypass, now);
    const { until, reason } = turned.bypass;
    const ends = new Date(until).toISOString();
    log({ event: 'bypass_turned', merchant: policy.merchant, state: bypass.state, until: ends, reason, who });
    audit(c, what, { before, after: bypass });
    return c.json({ bypass, heard: turned.heard });
  });

  /** Where nothing is watched there is nobody to step up. */
  async function turnAttackMode(c: Context<ApiVariables>, policy: Policy, said: SaidOfAttack): Promise<Response> {
    const { attack_mode: state, until, reason = NO_REASON_TOLD, who, now } = said;
    if (policy.watching === null) return problem('attack_mode_off');
    const ends = until === undefined ? null : Date.parse(until);
    const turned = state === 'auto' || state === undefined ? null : { state, at: now, until: ends, reason, by: who };
    const told = await switches.turnAttackMode(policy, turned);
    const what = `attack_mode.${state}`;
    if (told === null) return unsure(c, what);
    audit(c, what, { after: { state: told.state, until: told.until, reason: told.reason } });
    return c.json({ attack_mode: told } satisfies ToldTurn);
  }

  /** Who drains the last place takes the shop off the net: that is not what this switch is for. */
  async function turnDrain(c: Context<ApiVariables>, policy: Policy, said: SaidOfDrain): Promise<Response> {
    const { drain: on, target, until, reason = NO_REASON_TOLD, who: by, now } = said;
    const { origin, merchant } = policy;
    const what = on === undefined ? 'origin.undrain' : 'origin.drain';
    const path = on === undefined ? '/undrain' : '/drain';
    const ends = until === undefined ? null : Date.parse(until);
    const drain = drainOf(target, { at: now, until: on === undefined ? now : ends, reason, by });
    const before = origin === null ? null : await drains.word(policy);
    if (origin === null) return problem('invalid_attempt', { errors: [{ path, message: 'needs an origin' }] });
    if (before === null) return unsure(c, what);
    const fault = on === undefined ? null : faultInDrain(drain, origin, before, now);
    if (fault !== null) return problem('invalid_attempt', { errors: [{ path, message: fault }] });
    const word = await drains.turn(policy, drain);
    if (word === null) return unsure(c, what);
    if (word === 'too_many')
      return problem('invalid_attempt', { errors: [{ path, message: 'is one more than the gate keeps' }] });
    // Somebody may have drained the rest meanwhile.
    const meanwhile = on === undefined ? null : faultInDrain(drain, origin, word, now);
    if (meanwhile !== null) {
      const lifted = await drains.turn(policy, { ...drain, until: now });
      return lifted === null ? unsure(c, what) : problem('invalid_attempt', { errors: [{ path, message: meanwhile }] });
    }
    const told = toldOrigin(origin, word, now);
    const { kind, name } = drain;
    const state = on === undefined ? 'lifted' : 'on';
    log({ event: 'origin_drain_turned', merchant, state, kind, name, until: until ?? 'lifted', reason, who: by });
    audit(c, what, { before: toldOrigin(origin, before, now).drains, after: told.drains });
    return c.json({ origin: told } satisfies ToldTurn);
  }

  return calls;
}

interface SaidOfDrain extends SwitchRequest {
  readonly target: DrainTarget;
  readonly who: string;
  /** ms since the epoch. */
  readonly now: number;
}

interface SaidOfAttack extends SwitchRequest {
  readonly who: string;
  /** ms since the epoch. */
  readonly now: number;
}

function faultIn({ until, drain }: SwitchRequest, now: number): string | null {
  if (until === undefined) return null;
  const lastsMs = Date.parse(until) - now;
  if (lastsMs <= 0) return 'must be in the future';
  // Nothing is open meanwhile: a country may be left alone for as long as somebody likes.
  if (drain !== undefined) return null;
  return lastsMs > BYPASS_LIMIT_MS ? 'must be at most 24 hours from now' : null;
}

/** To end one is to say that it was in force until now. What was written by hand may be ahead of every clock here. */
function wordOf({ until, reason = NO_REASON }: SwitchRequest, { who: by, now, last }: Occasion): Bypass {
  const at = Math.max(now, (last?.at ?? 0) + 1);
  return { at, until: until === undefined ? now : Date.parse(until), reason, by };
}

interface Occasion {
  readonly who: string;
  /** ms since the epoch. */
  readonly now: number;
  /** The last word so far, which this one is to come after. */
  readonly last: Bypass | null;
}
