/**
 * What differs between two configurations, field by field. Lists are compared as sequences, so that an entry which came
 * in at the front is one difference and not a shift of all that follow. Pure, and bounded in time and length.
 */
import { diffArrays } from 'diff';
import { childPointer } from '../attempt/fields.ts';
import type { Json } from '../attempt/json-body.ts';

/** `before` is absent where something came, `after` where it went. */
export interface Difference {
  /** JSON Pointer into the later one; of what went, into the earlier. */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** Lists that differ in more entries are told whole: what it takes to compare them grows with the square of this. */
const EDITS_LIMIT = 1_000;

export function differencesBetween(before: Json, after: Json, path = ''): readonly Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) return inLists(before, after, path);
  if (isObject(before) && isObject(after)) return inObjects(before, after, path);
  return before === after ? [] : [{ path, before, after }];
}

type Members = { readonly [name: string]: Json };

function isObject(value: Json): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inObjects(before: Members, after: Members, path: string): readonly Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const [was, is] = [valueIn(before, name), valueIn(after, name)];
    const at = childPointer(path, name);
    if (was === undefined) return is === undefined ? [] : [{ path: at, after: is }];
    return is === undefined ? [{ path: at, before: was }] : differencesBetween(was, is, at);
  });
}

function valueIn(members: Members, name: string): Json | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function inLists(before: readonly Json[], after: readonly Json[], path: string): readonly Difference[] {
  const hunks = hunksOf(before.map(textOf), after.map(textOf));
  if (hunks === null) return [{ path, before, after }];
  const at = (index: number) => childPointer(path, String(index));
  return hunks.flatMap(({ from, went, to, came }) => {
    // What went where something came is what changed, entry by entry.
    const changed = Math.min(went, came);
    return [
      ...stretch(changed).flatMap((i) =>
        differencesBetween(valueAt(before, from + i), valueAt(after, to + i), at(to + i)),
      ),
      ...stretch(went, changed).map((i) => ({ path: at(from + i), before: valueAt(before, from + i) })),
      ...stretch(came, changed).map((i) => ({ path: at(to + i), after: valueAt(after, to + i) })),
    ];
  });
}

/** A place where entries went, came, or both: from which index on, and how many. */
interface Hunk {
  readonly from: number;
  went: number;
  readonly to: number;
  came: number;
}

/** Null where there is too much to compare. */
function hunksOf(before: string[], after: string[]): readonly Hunk[] | null {
  const parts = diffArrays(before, after, { maxEditLength: EDITS_LIMIT });
  if (parts === undefined) return null;
  const hunks: Hunk[] = [];
  let [from, to, isOpen] = [0, 0, false];
  for (const { added, removed, count } of parts) {
    const isSame = !added && !removed;
    if (!isSame && !isOpen) hunks.push({ from, went: 0, to, came: 0 });
    const hunk = hunks.at(-1);
    if (removed && hunk !== undefined) hunk.went += count;
    if (added && hunk !== undefined) hunk.came += count;
    isOpen = !isSame;
    from += added ? 0 : count;
    to += removed ? 0 : count;
  }
  return hunks;
}

function stretch(end: number, begin = 0): readonly number[] {
  return Array.from({ length: Math.max(0, end - begin) }, (_, i) => begin + i);
}

function textOf(value: Json): string {
  return JSON.stringify(value);
}

function valueAt(list: readonly Json[], index: number): Json {
  return list[index] ?? null;
}
