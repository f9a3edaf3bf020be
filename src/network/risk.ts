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

/** What a signal does beside counting in the score: `score` is nothing. */
export const SIGNAL_RESPONSES = ['score', 'review', 'challenge', 'block'] as const;
export type SignalResponse = (typeof SIGNAL_RESPONSES)[number];

/** Why a source that was asked has not answered. */
export const SILENCE_REASONS = [
  'timeout',
  'unreachable',
  'nonsense',
  'over_budget',
  'circuit_open',
  /** It does not take our key. */
  'refused',
  'stale',
  'missing',
] as const;
export type SilenceReason = (typeof SILENCE_REASONS)[number];

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

/** What a layer heard. Of one in shadow all is on record, and nothing counts. */
export interface Heard {
  readonly mode: 'enforce' | 'shadow';
  readonly intelligence: Intelligence;
}

export interface Contribution extends Signal, Pick<Heard, 'mode'> {}

export interface Risk {
  /** 0 to 100; of what is enforced alone. */
  readonly score: number;
  /** 0 to 1: the share of the sources that answered. */
  readonly confidence: number;
  /** The heaviest first. */
  readonly contributions: readonly Contribution[];
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

/** The risk; null where no source was asked. A silent source lowers the confidence alone. */
export function assessRisk(heard: readonly Heard[]): Risk | null {
  const { asked, silent } = joinIntelligence(heard.map(({ intelligence }) => intelligence));
  if (asked === 0) return null;
  const contributions = heard.flatMap(({ mode, intelligence }) =>
    intelligence.signals.map((signal): Contribution => ({ ...signal, mode })),
  );
  return {
    score: scoreOf(contributions.filter(({ mode }) => mode === 'enforce')),
    confidence: Math.round((100 * Math.max(0, asked - silent.length)) / asked) / 100,
    contributions: contributions.toSorted((a, b) => b.score - a.score),
    silent,
  };
}

/**
 * 0 to 100. Signals are taken as independent: each takes its share of what the others leave, so that many weak ones
 * make a strong one and none exceeds 100.
 */
export function scoreOf(signals: readonly Pick<Signal, 'score'>[]): number {
  const left = signals.reduce((rest, { score }) => rest * (1 - Math.min(Math.max(score, 0), MAX_SCORE) / MAX_SCORE), 1);
  return Math.round(MAX_SCORE * (1 - left));
}
