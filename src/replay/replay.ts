/**
 * Recorded attempts judged by the engine that serves live traffic, under any policy, with counters in memory: the same
 * pure functions as in front of a checkout and in the API, in the same order. The clock is each attempt's own. An
 * outcome is told only where the attempt got through.
 */
import { inMode, occasionOf } from '../api/judging.ts';
import { AttackWatch } from '../attack/attack-watch.ts';
import type { Attempt } from '../attempt/attempt.ts';
import type { Policy } from '../config/policy.ts';
import { withoutDeadEnds } from '../decision/dead-end.ts';
import {
  answeringFinding,
  type Decision,
  type Evaluation,
  evaluate,
  isStopped,
  wouldBe,
} from '../decision/evaluation.ts';
import { liftByItems } from '../decision/list-lifting.ts';
import type { Finding } from '../decision/reason.ts';
import { countsByRule, ruleFindings } from '../decision/rule-findings.ts';
import { type Clearing, clearedStrength, demandedStrength, type Passed } from '../decision/step-up.ts';
import { velocityFindings } from '../decision/velocity-findings.ts';
import { canonicalDeclineReason } from '../outcome/outcome.ts';
import { METHOD_STRENGTHS, type MethodName } from '../step-up/method-name.ts';
import { methodsFor, offerIn } from '../step-up/offering.ts';
import { admits, isJustShut, judge, placesOf, type Reading, spokenFor, type Verdict } from '../velocity/admission.ts';
import { shut } from '../velocity/counter.ts';
import { ABANDONED, FAILURE, firstWord } from '../velocity/happening.ts';
import { mayDemand, type Touch, touchesOf } from '../velocity/touch.ts';
import { WatchPost } from '../velocity/watch-post.ts';
import { type Case, caseOf, toldToNobody } from './case.ts';
import { Counters } from './counters.ts';
import { atHand, type Given, NOTHING_GIVEN, replayable } from './given.ts';
import { leaveOf } from './leave.ts';
import { type LeftOut, leftOut } from './left-out.ts';
import { Naming } from './naming.ts';
import { Regulars } from './regulars.ts';
import { isPassedBy, type ReplayLine } from './replay-line.ts';
import { Waiting } from './waiting.ts';

/** What would have become of a recorded attempt. */
export interface Replayed {
  /** The first answer. */
  readonly evaluation: Evaluation;
  readonly wouldBe: Decision;
  /** The rule that it is for, `code` or `code:name`; null for a plain `allow`. */
  readonly rule: string | null;
  /** What the payer was offered; none unless the decision is `challenge`. */
  readonly methods: readonly string[];
  /** By which of them he passed; null where by none. */
  readonly passedBy: string | null;
  /** The answer to the same payer with the pass of one of them; null where he passed none, or none was asked for. */
  readonly afterChallenge: Evaluation | null;
  /** Whether the processor would have seen it. */
  readonly isThrough: boolean;
}

const EVALUATION = 'ev_replayed';
/** A challenge that nobody answered counts as a failure does. */
const UNANSWERED = firstWord('failed');
/** From 3-D Secure. */
const WALKED_AWAY = { failures: ABANDONED, weighted: ABANDONED, attempts: 0, declineReason: null } as const;

/** One policy over one run of attempts, in order of their times. */
export class Replay {
  readonly #written: Policy;
  readonly #policy: Policy;
  readonly #given: Given;
  readonly #seen = { emails: false, devices: false };
  readonly #naming: Naming;
  readonly #counters = new Counters();
  readonly #waiting = new Waiting();
  readonly #regulars = new Regulars();
  readonly #watch = new AttackWatch();
  readonly #post = new WatchPost({
    watchAt: () => this.#watch,
    historyOf: (name, former) => this.#regulars.of(name, former),
    byHand: () => null,
  });

  constructor(policy: Policy, given: Given = NOTHING_GIVEN) {
    this.#written = policy;
    this.#given = { ...given, tables: atHand(given.tables) };
    this.#policy = replayable(policy, given);
    this.#naming = new Naming(this.#policy);
  }

  /** What of the configuration was not judged, by what came so far. */
  get leftOut(): readonly LeftOut[] {
    return leftOut(this.#written, this.#given, this.#seen);
  }

  /** How many counters and waiting attempts are kept just now. */
  get size(): number {
    return this.#counters.size + this.#waiting.size;
  }

  /** A promise only where a card number is to be hashed. */
  next(line: ReplayLine): Replayed | Promise<Replayed> {
    const attempt = this.#naming.attemptOf(line.attempt);
    return attempt instanceof Promise ? attempt.then((one) => this.#replay(line, one)) : this.#replay(line, attempt);
  }

  #replay(line: ReplayLine, attempt: Attempt): Replayed {
    this.#passTime(line.at);
    this.#seen.emails ||= line.attempt.email !== undefined;
    this.#seen.devices ||= line.attempt.device_id !== undefined;
    const case_ = caseOf(line, attempt, { policy: this.#policy, tables: this.#given.tables });
    const clearing = this.#clearingOf(case_);
    const first = this.#judge(case_, clearing);
    if (first.evaluation.decision !== 'challenge') {
      this.#settle(line, attempt, first.places);
      return {
        ...told(first),
        methods: [],
        passedBy: null,
        afterChallenge: null,
        isThrough: isThrough(first.evaluation),
      };
    }
    return this.#challenge(line, case_, first);
  }

  /** Whoever is asked too often and never answers is refused; who passes is judged again, with his pass. */
  #challenge(line: ReplayLine, case_: Case, first: Judged): Replayed {
    const { stepUp, maxBlockSeconds } = this.#policy;
    const { attempt, now } = case_;
    const touches = touchesOf(attempt, stepUp?.rules ?? [], maxBlockSeconds);
    if (this.#verdicts(touches, now).some(({ state }) => state === 'shut')) {
      const shut = this.#judge(case_, { ...first.clearing, stepUp: { kind: 'shut' } });
      return { ...told(shut), methods: [], passedBy: null, afterChallenge: null, isThrough: false };
    }
    const { stepUp: offer } = first.clearing;
    const methods = (offer?.kind === 'offered' ? offer.methods : []) as readonly MethodName[];
    const method = methods.find((name) => isPassedBy(line, name));
    const asked = { ...told(first), methods };
    this.#counters.count(touches, UNANSWERED, now);
    if (method === undefined) {
      return { ...asked, passedBy: null, afterChallenge: null, isThrough: false };
    }
    // Taken back where it is answered; that it was asked keeps the counter alive all the same.
    this.#counters.takeBack(touches, FAILURE, now);
    const passed: Passed = { method, strength: METHOD_STRENGTHS[method] };
    const second = this.#judge(case_, { ...first.clearing, passed });
    this.#settle(line, attempt, second.places);
    return { ...asked, passedBy: method, afterChallenge: second.evaluation, isThrough: isThrough(second.evaluation) };
  }

  /** What the merchant's own rules find that name counts. */
  #lookLate({ facts, touches }: Case, verdicts: readonly Verdict[]): readonly Finding[] {
    const policy = this.#policy;
    if (facts === undefined || policy.rules === null || policy.rules.late.length === 0) return [];
    const counts = countsByRule(touches.length === verdicts.length ? verdicts : []);
    const found = ruleFindings(policy.rules.late, { ...facts, counts }, toldToNobody);
    return found.map((finding) => inMode(finding, policy));
  }

  #clearingOf(case_: Case): Clearing {
    const { clearing } = this.#policy;
    return { ...clearing, ...this.#offerFor(case_.early, case_, clearing) };
  }

  /** What there is for this payer where something asks for a challenge; nothing where nothing does, or he met it. */
  #offerFor(findings: readonly Finding[], { attempt, risk, touches }: Case, { passed, stepUp: known }: Clearing) {
    const { stepUp } = this.#policy;
    const demanded = Math.max(demandedStrength(findings, passed), mayDemand(touches));
    if (stepUp === null || demanded === 0 || known?.kind === 'shut') return {};
    const terms = { demanded, riskScore: risk?.score ?? 0, attempt, narrowed: null };
    return { stepUp: offerIn(methodsFor(stepUp, terms)) };
  }

  #judge(case_: Case, offered: Clearing): Judged {
    const { risk, now, touches: touched } = case_;
    const policy = this.#policy;
    const { isGiven, early, allow, isSpokenFor } = leaveOf(case_, offered, { policy, given: this.#given });
    const touches = isGiven ? withoutDeadEnds(touched, policy.velocity, offered) : [];
    const readings = this.#readings(touches, now);
    const spared = this.#post.spared(readings.map(judge), touches, now);
    const verdicts = isSpokenFor ? spokenFor(spared) : spared;
    const late = isGiven ? liftByItems(this.#lookLate(case_, verdicts), allow) : [];
    // What a rule asks for that names counts is known only now.
    const clearing =
      late.length === 0 ? offered : { ...offered, ...this.#offerFor([...early, ...late], case_, offered) };
    const occasion = { ...occasionOf(policy, EVALUATION, now), ...clearing, risk };
    const cleared = clearedStrength(clearing);
    const isAdmitted = isGiven && admits(verdicts, cleared) && !isStopped(late, clearing);
    this.#post.noteAlarms(readings, isAdmitted, now);
    const findings = [...early, ...liftByItems(velocityFindings(verdicts), allow), ...late];
    const reservedUntil = isAdmitted ? now + policy.reservationMs : null;
    const evaluation = evaluate(findings, { ...occasion, reservedUntil });
    return {
      clearing,
      evaluation,
      wouldBe: wouldBe(evaluation, findings, occasion),
      rule: evaluation.decision === 'allow' ? null : ruleOf(answeringFinding(findings, occasion)),
      places: isAdmitted ? placesOf(touches, verdicts, cleared) : null,
    };
  }

  #verdicts(touches: readonly Touch[], now: number): readonly Verdict[] {
    return this.#post.spared(this.#readings(touches, now).map(judge), touches, now);
  }

  #readings(touches: readonly Touch[], now: number): readonly Reading[] {
    return touches.map((touch): Reading => {
      const { watched } = touch;
      if (watched !== undefined) return { touch, counter: null, inFlight: 0, alarm: this.#post.alarmOf(watched, now) };
      const counter = this.#counters.of(touch, now);
      const reading = { touch, counter, ...this.#waiting.read(touch, counter) };
      if (isJustShut(reading)) this.#counters.put(touch, shut(reading.counter, { life: touch, now }));
      return reading;
    });
  }

  #settle({ outcome }: ReplayLine, { payer }: Attempt, places: readonly Touch[] | null): void {
    if (places === null) return;
    const now = this.#now;
    const { status, decline_reason: reason = null } = outcome;
    this.#counters.count(places, firstWord(status, canonicalDeclineReason(reason)), now);
    const expiresAt = now + this.#policy.reservationMs;
    this.#post.note(places, { status, declineReason: canonicalDeclineReason(reason) }, now);
    if (status === 'succeeded') this.#regulars.paid(places, now);
    if (status === 'pending') this.#waiting.add({ places, guest: payer.kind === 'guest', expiresAt });
  }

  /** Ends what is over by then, each at its own time. */
  #passTime(now: number): void {
    this.#now = now;
    for (let over = this.#waiting.takeOver(now); over !== undefined; over = this.#waiting.takeOver(now)) {
      if (over.guest) this.#counters.count(over.places, WALKED_AWAY, over.expiresAt);
    }
    this.#counters.sweep(now);
  }

  #now = 0;
}

interface Judged {
  readonly clearing: Clearing;
  readonly evaluation: Evaluation;
  readonly wouldBe: Decision;
  readonly rule: string | null;
  /** Null where the attempt goes no further. */
  readonly places: readonly Touch[] | null;
}

function told({ evaluation, wouldBe: would, rule }: Judged): Pick<Replayed, 'evaluation' | 'wouldBe' | 'rule'> {
  return { evaluation, wouldBe: would, rule };
}

function ruleOf(finding: Finding | undefined): string | null {
  if (finding === undefined) return null;
  return finding.rule === undefined ? finding.code : `${finding.code}:${finding.rule}`;
}

function isThrough({ decision }: Evaluation): boolean {
  return decision === 'allow' || decision === 'review';
}
