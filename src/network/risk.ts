/**
 * What is known against an address or a payment, and the score that comes of it: 0 to 100, with everything that
 * contributed, and with the sources that said nothing. Pure.
 */

/** What one source has against an attempt. */
export interface Signal {
  /** `feed:NAME`, `provider:NAME`, `shared`, or the name of a check such as `hosting`. */
  readonly source: string;
  /** 0 to 100: the score if nothing else were known. */
  readonly score: number;
  readonly message: string;
}

/** Why a source that was asked has not answered. */
export type SilenceReason =
  | 'timeout'
  | 'unreachable'
  | 'nonsense'
  | 'over_budget'
  | 'circuit_open'
  /** It does not take our key. */
  | 'refused'
  | 'stale'
  | 'missing';

export interface Silence {
  readonly source: string;
  readonly reason: SilenceReason;
}

/** What the sources said when they were asked. */
export interface Intelligence {
  /** How many sources were asked. */
  readonly asked: number;
  readonly signals: readonly Signal[];
  readonly silent: readonly Silence[];
}

export interface Risk {
  /** 0 to 100. */
  readonly score: number;
  /** 0 to 1: the share of the sources that answered. */
  readonly confidence: number;
  /** The heaviest first. */
  readonly contributions: readonly Signal[];
  readonly silent: readonly Silence[];
}

const MAX_SCORE = 100;

/** Several sources at once. */
export function joinIntelligence(all: readonly Intelligence[]): Intelligence {
  return {
    asked: all.reduce((sum, { asked }) => sum + asked, 0),
    signals: all.flatMap(({ signals }) => signals),
    silent: all.flatMap(({ silent }) => silent),
  };
}

/**
 * The risk; null where no source was asked. Signals are taken as independent: each takes its share of what the others
 * leave, so that many weak ones make a strong one and none exceeds 100. A silent source lowers the confidence alone.
 */
export function assessRisk({ asked, signals, silent }: Intelligence): Risk | null {
  if (asked === 0) return null;
  const left = signals.reduce((rest, { score }) => rest * (1 - Math.min(Math.max(score, 0), MAX_SCORE) / MAX_SCORE), 1);
  return {
    score: Math.round(MAX_SCORE * (1 - left)),
    confidence: Math.max(0, asked - silent.length) / asked,
    contributions: signals.toSorted((a, b) => b.score - a.score),
    silent,
  };
}
