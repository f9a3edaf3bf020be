/**
 * Whether one of two matches takes the requests that are meant for the other, which would then never be asked.
 */
import { compilePath, isExactly } from '../attempt/path-pattern.ts';

export interface Matching {
  readonly match: {
    readonly methods: readonly string[];
    readonly path: string;
    readonly query?: Readonly<Record<string, readonly string[]>> | undefined;
  };
}

/** Whether the earlier of two takes requests that are meant for the later one. */
export function shadows({ match: earlier }: Matching, { match: later }: Matching): boolean {
  if (!earlier.methods.some((method) => later.methods.includes(method))) return false;
  if (earlier.query !== undefined && JSON.stringify(earlier.query) !== JSON.stringify(later.query)) return false;
  const sample = later.path.replaceAll(/\{[a-z_]+\}/g, 'x');
  return earlier.path === '*' || (later.path !== '*' && isExactly(sample, compilePath(earlier.path)));
}
