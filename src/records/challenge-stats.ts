/**
 * How the methods of step-up fare: how often each was offered, passed, failed and left. Buyers come and go by it; a solver
 * passes always. Pure.
 */
export interface MethodStats {
  readonly method: string;
  /** Challenges that it was offered in. */
  readonly asked: number;
  readonly passed: number;
  /** Challenges with a wrong answer, whatever came of them later. */
  readonly failed: number;
  /** Neither passed by it nor by another method, so far. */
  readonly abandoned: number;
  /** Where the challenged came from: those that were asked most. */
  readonly countries: readonly { readonly country: string; readonly asked: number; readonly passed: number }[];
}

interface Total {
  readonly what: string;
  readonly value: string;
  readonly count: number;
}

const MOST_COUNTRIES = 5;

/** Of totals whose value is `asked/turnstile`, and `asked/turnstile/NL`. */
export function challengesOf(totals: readonly Total[]): readonly MethodStats[] {
  const methods = new Map<string, Map<string, number>>();
  const countries = new Map<string, Map<string, Map<string, number>>>();
  for (const { what, value, count } of totals) {
    const [step = '', method = '', country = ''] = value.split('/');
    if (what === 'challenge') mapIn(methods, method).set(step, count);
    if (what === 'challenge_country') mapIn(mapIn(countries, method), country).set(step, count);
  }
  const told = [...methods].map(([method, steps]) => statsOf(method, steps, countries.get(method) ?? new Map()));
  return told.toSorted((a, b) => b.asked - a.asked || b.passed - a.passed);
}

function statsOf(
  method: string,
  steps: ReadonlyMap<string, number>,
  from: ReadonlyMap<string, ReadonlyMap<string, number>>,
): MethodStats {
  const [asked, passed, failed, otherwise] = ['asked', 'passed', 'failed', 'otherwise'].map((it) => steps.get(it) ?? 0);
  const countries = [...from].map(([country, it]) => {
    return { country, asked: it.get('asked') ?? 0, passed: it.get('passed') ?? 0 };
  });
  return {
    method,
    asked: asked ?? 0,
    passed: passed ?? 0,
    failed: failed ?? 0,
    // A pass may fall into the time whose asking was before it.
    abandoned: Math.max(0, (asked ?? 0) - (passed ?? 0) - (otherwise ?? 0)),
    countries: countries.toSorted((a, b) => b.asked - a.asked).slice(0, MOST_COUNTRIES),
  };
}

function mapIn<V extends Map<string, unknown>>(map: Map<string, V>, key: string): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map() as V;
  map.set(key, made);
  return made;
}
