// What a check has found, and what to do about it.

export type Verdict = 'good' | 'bad' | 'unsure';

export interface Finding {
  check: string;
  verdict: Verdict;
  found: string;
  /** What to do; null where there is nothing to do. */
  advice: string | null;
}

export function good(check: string, found: string): Finding {
  return { check, verdict: 'good', found, advice: null };
}

export function bad(check: string, found: string, advice: string): Finding {
  return { check, verdict: 'bad', found, advice };
}

export function unsure(check: string, found: string, advice: string): Finding {
  return { check, verdict: 'unsure', found, advice };
}
