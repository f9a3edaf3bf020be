/**
 * Challenges: how many are unanswered, how often one was answered, and whether its pass was used. A pass is used in the
 * same step as the admission, and only by an attempt that is let in. Times are ms since the epoch.
 */
import { judge, type Verdict, wantChallenge } from '../velocity/admission.ts';
import { addFailure, takeBack } from '../velocity/counter.ts';
import type { Touch } from '../velocity/touch.ts';
import type { Judged } from './book.ts';
import type { AnswerLeave, AnswerResult, Asked, AskedChallenge, ShownPass } from './challenge-messages.ts';
import type { AdmitRequest } from './gate-messages.ts';
import type { Ledger } from './ledger.ts';
import { keysOf, merged } from './touched-counters.ts';

const SCHEMA = `CREATE TABLE IF NOT EXISTS challenges (
  evaluation TEXT PRIMARY KEY, state TEXT NOT NULL, tries INTEGER NOT NULL, touches TEXT NOT NULL, used_by TEXT,
  expires_at INTEGER NOT NULL) WITHOUT ROWID`;

/** A payer who misreads a picture needs two or three. */
const TRIES_LIMIT = 5;

/**
 * `asked`: counted as unanswered. `early`: answered before it was known to be asked, and counted under whoever answers.
 * `shut`: asked when too many were unanswered; not counted, and not to be answered. `unknown`: seen by its pass alone.
 */
type State = 'asked' | 'early' | 'shut' | 'passed' | 'unknown';

interface Challenge {
  readonly evaluation: string;
  readonly state: State;
  readonly tries: number;
  /** What it is counted under. */
  readonly touches: readonly Touch[];
  readonly usedBy: string | null;
  readonly expiresAt: number;
}

interface Row extends Record<string, SqlStorageValue> {
  state: State;
  tries: number;
  touches: string;
  used_by: string | null;
  expires_at: number;
}

export class Challenges {
  readonly #sql: SqlStorage;
  readonly #ledger: Ledger;
  readonly #onPut: (now: number) => void;

  /** `onPut`: a row is there, which is to be swept some day. */
  constructor(sql: SqlStorage, ledger: Ledger, onPut: (now: number) => void) {
    this.#sql = sql;
    this.#ledger = ledger;
    this.#onPut = onPut;
    sql.exec(SCHEMA);
  }

  /** Counts a challenge as unanswered, once; where too many are, it is not asked. */
  ask({ evaluation, touches, allOverAt }: AskedChallenge, now: number): Asked {
    const known = this.#get(evaluation);
    const before = this.#verdicts(touches, now);
    if (known !== null && known.state !== 'early') return { isAsked: known.state !== 'shut', verdicts: before };
    if (before.some(({ state }) => state === 'shut')) {
      if (known === null) this.#put({ ...NEW, evaluation, state: 'shut', expiresAt: allOverAt }, now);
      return { isAsked: known !== null, verdicts: before };
    }
    const counted = known?.touches ?? [];
    const further = touches.filter(({ key }) => !counted.some((one) => one.key === key));
    this.#count(further, now);
    const challenge = { ...(known ?? NEW), evaluation, touches: [...counted, ...further], expiresAt: allOverAt };
    this.#put({ ...challenge, state: 'asked' }, now);
    return { isAsked: true, verdicts: this.#verdicts(touches, now) };
  }

  /** Whether one more answer is looked at, by one who is counted under `touches`. It is counted before it is looked at. */
  answer({ evaluation, touches, allOverAt }: AskedChallenge, now: number): AnswerLeave {
    const known = this.#get(evaluation);
    if (known === null) return this.#answerEarly({ evaluation, touches, allOverAt }, now);
    if (known.state === 'shut' || known.tries >= TRIES_LIMIT) return 'limited';
    this.#put({ ...known, tries: known.tries + 1 }, now);
    return 'open';
  }

  /** What became of an answer: a failed one counts as one more that is unanswered, the first passed one takes its own back. */
  conclude(evaluation: string, result: AnswerResult, now: number): void {
    const known = this.#get(evaluation);
    if (known === null || known.state === 'passed' || known.state === 'shut') return;
    switch (result) {
      case 'passed':
        this.#takeBack(known.touches, now);
        this.#put({ ...known, state: 'passed' }, now);
        break;
      case 'failed':
        this.#count(known.touches, now);
        break;
      case 'undecided':
        this.#put({ ...known, tries: known.tries - 1 }, now);
    }
  }

  /** Judges an attempt that comes with a pass, unless that was used; it is used up where the attempt is let in. */
  once(first: AdmitRequest | undefined, now: number, judgeAll: () => readonly Judged[]): readonly Judged[] {
    if (first?.pass === undefined) return judgeAll();
    const { pass, evaluation } = first;
    if (this.#isUsed(pass, evaluation, now)) return [{ kind: 'refused', verdicts: [], pass: 'used' }];
    const judged = judgeAll();
    const isWanted = pass.isLate !== true || judged.some(wantsOne);
    if (isWanted && judged.every(({ kind }) => kind === 'admitted')) this.#use(pass, evaluation, now);
    return judged.map((one) => ({ ...one, pass: 'good' }));
  }

  /**
   * The same evaluation may ask again: every call may run twice. One whose time is over is as good as used, and so is one
   * that was given unanswered, for no method could be run, where too many were open.
   */
  #isUsed({ challenge, expiresAt }: ShownPass, evaluation: string, now: number): boolean {
    const { state, usedBy = null } = this.#get(challenge) ?? {};
    return expiresAt <= now || state === 'shut' || (usedBy !== null && usedBy !== evaluation);
  }

  #use({ challenge, allOverAt }: ShownPass, evaluation: string, now: number): void {
    const known = this.#get(challenge) ?? { ...NEW, evaluation: challenge, state: 'unknown', expiresAt: allOverAt };
    const expiresAt = Math.max(known.expiresAt, allOverAt);
    this.#put({ ...known, usedBy: evaluation, expiresAt }, now);
  }

  #answerEarly({ evaluation, touches, allOverAt }: AskedChallenge, now: number): AnswerLeave {
    if (this.#verdicts(touches, now).some(({ state }) => state === 'shut')) return 'limited';
    this.#count(touches, now);
    this.#put({ ...NEW, evaluation, state: 'early', tries: 1, touches, expiresAt: allOverAt }, now);
    return 'open';
  }

  #verdicts(touches: readonly Touch[], now: number): readonly Verdict[] {
    const counters = this.#ledger.counters(touches.flatMap(keysOf));
    return touches.map((touch) => judge({ touch, counter: merged(touch, counters, now), inFlight: 0 }));
  }

  #count(touches: readonly Touch[], now: number): void {
    if (touches.length === 0) return;
    const counters = this.#ledger.counters(touches.flatMap(keysOf));
    const counted = touches.map((life) => {
      return [life.key, addFailure(merged(life, counters, now), 1, { life, now })] as const;
    });
    this.#ledger.putCounters(new Map(counted));
    this.#ledger.deleteCounters(touches.flatMap(({ formerKeys }) => formerKeys));
    this.#onPut(now);
  }

  #takeBack(touches: readonly Touch[], now: number): void {
    const counters = this.#ledger.counters(touches.flatMap(keysOf));
    const left = touches.flatMap((touch) => {
      const counter = merged(touch, counters, now);
      return counter === null ? [] : [[touch.key, takeBack(counter, 1, touch)] as const];
    });
    this.#ledger.putCounters(new Map(left));
    this.#ledger.deleteCounters(touches.flatMap(({ formerKeys }) => formerKeys));
  }

  #get(evaluation: string): Challenge | null {
    const [row] = this.#sql.exec<Row>(
      'SELECT state, tries, touches, used_by, expires_at FROM challenges WHERE evaluation = ?',
      evaluation,
    );
    if (row === undefined) return null;
    const { state, tries, used_by: usedBy, expires_at: expiresAt } = row;
    return { evaluation, state, tries, touches: JSON.parse(row.touches) as readonly Touch[], usedBy, expiresAt };
  }

  #put({ evaluation, state, tries, touches, usedBy, expiresAt }: Challenge, now: number): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO challenges (evaluation, state, tries, touches, used_by, expires_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
      evaluation,
      state,
      tries,
      JSON.stringify(touches),
      usedBy,
      expiresAt,
    );
    this.#onPut(now);
  }
}

/** By a counter, or for the use of its session. */
function wantsOne({ verdicts, ...judged }: Judged): boolean {
  return wantChallenge(verdicts) || ('reuse' in judged && (judged.reuse ?? []).length > 0);
}

const NEW = { state: 'asked', tries: 0, touches: [], usedBy: null } as const satisfies Partial<Challenge>;
