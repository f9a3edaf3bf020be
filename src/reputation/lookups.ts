/**
 * Asks one provider about addresses, as seldom and as briefly as may be: from the isolate's memory, then from the data
 * centre's, then from the provider within budget; each address once at a time, and never who does not answer.
 */
import type { Whence } from '../attempt/attempt.ts';
import type { IpAddress } from '../attempt/ip-address.ts';
import type { Gates } from '../gate/gate-client.ts';
import { log } from '../journal/log.ts';
import type { ProviderApi } from '../network/provider-api.ts';
import { isPublic } from '../network/public-address.ts';
import type { Asking, Provider, ProviderRule } from '../network/reputation.ts';
import type { Intelligence, SilenceReason } from '../network/risk.ts';
import { Allowance } from './allowance.ts';
import { AnswerCache, type LookedUp } from './answer-cache.ts';
import { JointWork } from './joint-work.ts';
import { Line } from './line.ts';
import { CALL_LIMIT_MS, callProvider, type ProviderAnswer } from './provider-call.ts';
import { placeOf, readShared, writeShared } from './shared-answers.ts';

/** What of the deployment look-ups need. */
export interface Deployment {
  readonly gates: Gates;
  readonly sharedSecret: (name: string) => string | null;
}

/** How long an address is not asked about again after a look-up that failed. */
const FAILURE_KEPT_MS = 5_000;
/** The gate's budget and the data centre's copy come before the call. */
const LONGEST_LOOK_UP_MS = CALL_LIMIT_MS + 8_000;
/** At once in an isolate: a flood of new addresses must not fill it. */
export const UNDER_WAY_LIMIT = 512;
/** One a merchant and key. */
const LINES_LIMIT = 1_000;
const NOT_ASKED: Intelligence = { asked: 0, signals: [], silent: [] };

export class Lookups implements Provider {
  readonly #api: ProviderApi;
  readonly #deployment: Deployment;
  readonly #answers = new AnswerCache();
  readonly #underWay = new JointWork<LookedUp>(LONGEST_LOOK_UP_MS);
  readonly #lines = new Map<string, { readonly line: Line; readonly allowance: Allowance }>();

  constructor(api: ProviderApi, deployment: Deployment) {
    this.#api = api;
    this.#deployment = deployment;
  }

  /** What is known at once, or what is said in time: `timeoutMs` after `now` it is a silence. */
  consult({ ip }: Whence, asking: Asking): Intelligence | Promise<Intelligence> {
    const { rule, now } = asking;
    const found = this.#find(ip, asking);
    if (found === null) return NOT_ASKED;
    if (!(found instanceof Promise)) return tell(found, rule);
    return inTime(found, rule.timeoutMs - (Date.now() - now)).then((it) => tell(it, rule));
  }

  /** Null for an address that nobody is asked about. */
  #find(ip: IpAddress, asking: Asking): LookedUp | Promise<LookedUp> | null {
    const { asker, now, afterwards } = asking;
    // One subscriber owns a whole /64: what is known of one of its addresses is known of all.
    const name = `${asker.merchant}|${ip.counted}`;
    const known = this.#answers.get(name, now) ?? this.#underWay.of(name, now);
    if (known !== null) return known;
    if (!isPublic(ip)) return null;
    const { line } = this.#lineOf(asking);
    const obstacle = line.obstacle(now);
    // Where it is the money that is lacking, somebody may have paid before.
    if (obstacle !== null && obstacle !== 'over_budget') return silent(obstacle);
    if (this.#underWay.count(now) >= UNDER_WAY_LIMIT) return silent('over_budget');
    const work = this.#lookUp({ name, ip, asking }).catch(() => silent('unreachable'));
    afterwards(work);
    return this.#underWay.begin(name, now, work);
  }

  async #lookUp(subject: Subject): Promise<LookedUp> {
    const { asker, rule, afterwards } = subject.asking;
    const place = await placeOf(this.#api.name, subject.ip.counted, asker.digestKey);
    const shared = await readShared(place, Date.now());
    if (shared !== null) {
      this.#answers.put(subject.name, shared.score, Math.min(shared.until, Date.now() + rule.cacheMs));
      return shared.score;
    }
    const found = await this.#buy(subject);
    if (found.kind !== 'score') return found;
    const now = Date.now();
    afterwards(writeShared(place, { score: found, until: now + rule.cacheMs }, now));
    return found;
  }

  async #buy({ name, ip, asking }: Subject): Promise<LookedUp> {
    const { asker, rule } = asking;
    const key = this.#deployment.sharedSecret(rule.keyName);
    if (key === null) return silent('missing');
    const { line, allowance } = this.#lineOf(asking);
    const { merchant, gate } = asker;
    const isGranted = await allowance.take({ merchant, gate, provider: this.#api.name, limit: rule.dailyBudget });
    if (!isGranted) return silent('over_budget');
    const obstacle = line.obstacle(Date.now());
    if (obstacle !== null) {
      allowance.giveBack();
      return silent(obstacle);
    }
    line.asked(Date.now());
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      line.late(Date.now());
      this.#answers.put(name, silent('timeout'), Date.now() + FAILURE_KEPT_MS);
    }, rule.timeoutMs);
    const answer = await callProvider({ api: this.#api, apiUrl: rule.apiUrl, key, ip });
    clearTimeout(timer);
    line.heard(answer, isLate, Date.now());
    return this.#keep(name, answer, rule);
  }

  #keep(name: string, answer: ProviderAnswer, { cacheMs }: ProviderRule): LookedUp {
    const now = Date.now();
    switch (answer.kind) {
      case 'score':
        this.#answers.put(name, answer, now + cacheMs);
        return answer;
      case 'nonsense':
      case 'unreachable': {
        const failed = silent(answer.kind);
        this.#answers.put(name, failed, now + FAILURE_KEPT_MS);
        return failed;
      }
      // Not this address is to be left alone but the provider: its line says so.
      case 'over_budget':
      case 'refused':
        return silent(answer.kind);
    }
  }

  #lineOf({ asker: { merchant }, rule: { keyName } }: Asking) {
    const id = `${merchant}|${keyName}`;
    const known = this.#lines.get(id);
    if (known !== undefined) return known;
    if (this.#lines.size >= LINES_LIMIT) this.#lines.clear();
    const provider = this.#api.name;
    const line = new Line((event) => log({ event, merchant, provider }));
    const made = { line, allowance: new Allowance(this.#deployment.gates) };
    this.#lines.set(id, made);
    return made;
  }
}

interface Subject {
  readonly name: string;
  readonly ip: IpAddress;
  readonly asking: Asking;
}

function silent(reason: SilenceReason): LookedUp {
  return { kind: 'silent', reason };
}

function tell(found: LookedUp, { name, weight }: ProviderRule): Intelligence {
  const source = `provider:${name}`;
  if (found.kind === 'silent') return { asked: 1, signals: [], silent: [{ source, reason: found.reason }] };
  const score = Math.round(found.score * weight);
  return { asked: 1, signals: score > 0 ? [{ source, score, message: found.message }] : [], silent: [] };
}

/** What `work`, which never rejects, comes to within the time that is left. */
function inTime(work: Promise<LookedUp>, leftMs: number): Promise<LookedUp> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(silent('timeout')), Math.max(0, leftMs));
    void work.then((found) => {
      clearTimeout(timer);
      resolve(found);
    });
  });
}
