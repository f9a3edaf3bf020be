/**
 * An attempt's place in the watch, by the policy: what it has in common with others is made out here. Pure.
 */
import type { Traits } from '../attack/traits.ts';
import type { Attempt } from '../attempt/attempt.ts';
import { classOf } from '../network/asn-classes.ts';
import type { Tables } from '../network/tables.ts';
import type { Touch } from '../velocity/touch.ts';
import { type WatchRule, watchedTouch } from '../velocity/watched-touch.ts';

interface Circumstances {
  readonly rule: WatchRule | null;
  /** Null where a backend asks. */
  readonly route: string | null;
  readonly tables: Tables;
  /** The issuer's, where somebody said so; null: by imported lists. */
  readonly cardCountry: string | null;
  /** Whether whoever pays without a visit is told from others. */
  readonly asksSession: boolean;
}

/** The touch that is watched, or none. */
export function watchOver(attempt: Attempt, circumstances: Circumstances): readonly Touch[] {
  const { rule, route, tables, asksSession } = circumstances;
  if (rule === null || attempt.whence === null) return NONE;
  const network = networkOf(attempt.whence, tables);
  const hasSession = asksSession ? attempt.session !== null : null;
  const touch = watchedTouch(attempt, rule, { route, network, hasSession, isAbroad: isAbroad(attempt, circumstances) });
  return touch === null ? NONE : [touch];
}

function isAbroad({ whence, card }: Attempt, { tables, cardCountry }: Circumstances): boolean | null {
  const issued = cardCountry ?? (card?.bin == null ? null : tables.issuerCountry(card.bin));
  const country = whence?.country ?? null;
  return issued === null || country === null ? null : issued !== country;
}

const NONE: readonly Touch[] = [];
const TOR = 'T1';

function networkOf(whence: NonNullable<Attempt['whence']>, tables: Tables): Traits['network'] {
  if (whence.country === TOR) return 'tor';
  const kind = classOf(whence, tables);
  return kind === 'hosting' || kind === 'vpn' ? kind : 'ordinary';
}
