/**
 * Asks providers about addresses, as seldom and as briefly as may be: from the isolate's memory, then from the data
 * centre's, then from the provider within budget; each address once at a time, and nobody who does not answer.
 */
import type { IpAddress } from '../attempt/ip-address.ts';
import type { Environment } from '../config/environment.ts';
import type { ProviderPolicy } from '../config/provider-schema.ts';
import type { GateLocation } from '../gate/gate-client.ts';
import { PROVIDERS } from '../network/providers/catalogue.ts';
import { isPublic } from '../network/public-address.ts';
import type { SilenceReason } from '../network/risk.ts';
import { Allowance } from './allowance.ts';
import { AnswerCache, type Heard } from './answer-cache.ts';
import { Inquiry } from './inquiry.ts';
import { JointWork } from './joint-work.ts';
import { Line } from './line.ts';
import { CALL_LIMIT_MS, callProvider, type ProviderAnswer } from './provider-call.ts';
import { placeOf, readShared, writeShared } from './shared-answers.ts';

/** On whose behalf. */
export interface Asker {
  readonly merchant: string;
  readonly gate: GateLocation;
  readonly digestKey: CryptoKey;
  readonly providers: readonly ProviderPolicy[];
}

export interface Occasion {
  /** When the request began, in ms since the epoch. */
  readonly now: number;
  /** For what goes on after the answer: a look-up that is late is there for the next payment. */
  readonly afterwards: (work: Promise<unknown>) => void;
}

/** How long an address is not asked about again after a look-up that failed. */
const FAILURE_KEPT_MS = 5_000;
/** The gate's budget and the data centre's copy come before the call. */
const LONGEST_LOOK_UP_MS = CALL_LIMIT_MS + 8_000;
/** At once in an isolate: a flood of new addresses must not fill it. */
const UNDER_WAY_LIMIT = 512;
/** One a merchant and provider. */
const LINES_LIMIT = 1_000;

export class Providers {
  readonly #environment: Pick<Environment, 'gates' | 'sharedSecret'>;
  readonly #answers = new AnswerCache();
  readonly #underWay = new JointWork<Heard>(LONGEST_LOOK_UP_MS);
  readonly #lines = new Map<string, { readonly line: Line; readonly allowance: Allowance }>();

  constructor(environment: Pick<Environment, 'gates' | 'sharedSecret'>) {
    this.#environment = environment;
  }

  /** Begins to ask about an address; null where nobody is to be asked. */
  ask(asker: Asker, ip: IpAddress, occasion: Occasion): Inquiry | null {
    if (asker.providers.length === 0 || !isPublic(ip)) return null;
    const questions = asker.providers.map((policy) => {
      const { name: provider, timeoutMs, weight } = policy;
      return { provider, timeoutMs, weight, answer: this.#answer({ asker, policy, ip }, occasion) };
    });
    return new Inquiry(questions, occasion.now);
  }

  #answer(subject: Subject, { now, afterwards }: Occasion): Heard | Promise<Heard> {
    const name = nameOf(subject);
    const kept = this.#answers.get(name, now) ?? this.#underWay.of(name, now);
    if (kept !== null) return kept;
    const { line } = this.#lineOf(subject);
    const obstacle = line.obstacle(now);
    // Where it is the money that is lacking, somebody may have paid before.
    if (obstacle !== null && obstacle !== 'over_budget') return silent(obstacle);
    if (this.#underWay.size >= UNDER_WAY_LIMIT) return silent('over_budget');
    const work = this.#lookUp(name, subject, afterwards).catch(() => silent('unreachable'));
    afterwards(work);
    return this.#underWay.begin(name, now, work);
  }

  async #lookUp(name: string, subject: Subject, afterwards: Occasion['afterwards']): Promise<Heard> {
    const { asker, policy, ip } = subject;
    const place = await placeOf(policy.name, ip.counted, asker.digestKey);
    const shared = await readShared(place, Date.now());
    if (shared !== null) {
      this.#answers.put(name, shared.score, Math.min(shared.until, Date.now() + policy.cacheMs));
      return shared.score;
    }
    const heard = await this.#buy(name, subject);
    if (heard.kind === 'score') {
      const now = Date.now();
      afterwards(writeShared(place, { score: heard, until: now + policy.cacheMs }, now));
    }
    return heard;
  }

  async #buy(name: string, subject: Subject): Promise<Heard> {
    const { asker, policy, ip } = subject;
    const key = this.#environment.sharedSecret(policy.keyName);
    if (key === null) return silent('missing');
    const { line, allowance } = this.#lineOf(subject);
    const { merchant, gate } = asker;
    const isGranted = await allowance.take({ merchant, gate, provider: policy.name, limit: policy.dailyBudget });
    if (!isGranted) return silent('over_budget');
    const now = Date.now();
    const obstacle = line.obstacle(now);
    if (obstacle !== null) {
      allowance.giveBack();
      return silent(obstacle);
    }
    line.asked(now);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      line.late(Date.now());
      this.#answers.put(name, silent('timeout'), Date.now() + FAILURE_KEPT_MS);
    }, policy.timeoutMs);
    const answer = await callProvider({ provider: PROVIDERS[policy.name], apiUrl: policy.apiUrl, key, ip });
    clearTimeout(timer);
    line.heard(answer, isLate, Date.now());
    return this.#keep(name, answer, policy);
  }

  #keep(name: string, answer: ProviderAnswer, { cacheMs }: ProviderPolicy): Heard {
    const now = Date.now();
    switch (answer.kind) {
      case 'score':
        this.#answers.put(name, answer, now + cacheMs);
        return answer;
      case 'nonsense':
      case 'unreachable': {
        const heard = silent(answer.kind);
        this.#answers.put(name, heard, now + FAILURE_KEPT_MS);
        return heard;
      }
      // Not this address is to be left alone but the provider: its line says so.
      case 'over_budget':
      case 'refused':
        return silent(answer.kind);
    }
  }

  #lineOf({ asker: { merchant }, policy: { name: provider, keyName } }: Subject) {
    const id = `${merchant}|${provider}|${keyName}`;
    const known = this.#lines.get(id);
    if (known !== undefined) return known;
    if (this.#lines.size >= LINES_LIMIT) this.#lines.clear();
    const line = new Line((alert) => console.error(JSON.stringify({ ...alert, merchant, provider })));
    const made = { line, allowance: new Allowance(this.#environment.gates) };
    this.#lines.set(id, made);
    return made;
  }
}

interface Subject {
  readonly asker: Asker;
  readonly policy: ProviderPolicy;
  readonly ip: IpAddress;
}

// One subscriber owns a whole /64: what is known of one of its addresses is known of all.
function nameOf({ asker, policy, ip }: Subject): string {
  return `${asker.merchant}|${policy.name}|${ip.counted}`;
}

function silent(reason: SilenceReason): Heard {
  return { kind: 'silent', reason };
}
