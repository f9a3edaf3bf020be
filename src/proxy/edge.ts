/**
 * What an isolate keeps between requests. All of it is a copy of something else, bounded, and may vanish at any time.
 */
import type { Environment } from '../config/environment.ts';
import { Policies } from '../config/policies.ts';
import type { TellFinding } from '../config/raw-writes.ts';
import { BlockCopies } from '../gate/block-copies.ts';
import type { OriginWord } from '../gate/origin-messages.ts';
import { ChangeLog } from '../journal/change-log.ts';
import type { Journal } from '../journal/journal.ts';
import { RepeatLog } from '../journal/repeat-log.ts';
import { Pools } from '../origin/pools.ts';
import type { PaymentPages } from './challenge-page.ts';
import { CustomerTokens } from './customer-tokens.ts';
import { DeniedAddresses } from './denied-addresses.ts';
import { Sightings } from './sightings.ts';

export class Edge {
  readonly environment: Environment;
  readonly policies: Policies;
  readonly journal: Journal;
  readonly blocks = new BlockCopies();
  readonly denied = new DeniedAddresses();
  readonly repeats: RepeatLog;
  readonly customers: CustomerTokens;
  readonly sightings: Sightings;
  readonly pools: Pools;
  /** Null: everybody is told in JSON. */
  readonly pages: PaymentPages | null;

  constructor(environment: Environment, journal: Journal, pages: PaymentPages | null = null) {
    this.environment = environment;
    this.journal = journal;
    this.repeats = new RepeatLog(journal);
    this.pages = pages;
    this.pools = new Pools(environment);
    const hear = (merchant: string, word: OriginWord) => this.pools.hear(merchant, word);
    this.policies = new Policies(environment, tellingOf(new ChangeLog(environment)), hear);
    this.customers = new CustomerTokens(environment);
    this.sightings = new Sightings(environment);
  }
}

/** A raw write and a faulty one stand where the writes of the API do: among the changes. */
function tellingOf(changes: ChangeLog): TellFinding {
  return (finding) => {
    const { merchant, who, version } = finding;
    const change =
      finding.kind === 'raw_write'
        ? { what: 'merchant.raw_write', before: finding.before, after: version }
        : { what: 'merchant.faulty', after: { version, faults: finding.faults } };
    return changes.record({ merchant, who, ...change }, Date.now());
  };
}

/** Work that goes on after the answer, and when the client has hung up. */
export type Afterwards = (work: Promise<unknown>) => void;

/** Work that a hang-up must not cancel. Whoever awaits it hears how it failed. */
export function seeThrough<T>(underWay: Promise<T>, afterwards: Afterwards): Promise<T> {
  afterwards(underWay.catch(() => null));
  return underWay;
}
