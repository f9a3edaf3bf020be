/**
 * What is wrong with something that was written: every fault with the JSON Pointer of its field, no value ever.
 */
import type { z } from 'zod';
import { childPointer, nameable } from '../attempt/fields.ts';

export interface Fault {
  /** JSON Pointer of the field. */
  readonly path: string;
  readonly message: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What fields mean together, once each is well-formed. */
type CheckTogether<T> = (value: T) => readonly Fault[];

/**
 * Checks `input` and lists every fault: what the fields mean together is checked on the part that is well-formed, so
 * that one answer is enough.
 */
export function check<T>(schema: z.ZodType<T>, input: unknown, together: CheckTogether<T> = () => []): Checked<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    const faults = together(parsed.data);
    return faults.length === 0 ? { ok: true, value: parsed.data } : { ok: false, faults };
  }
  const issues = opened(parsed.error.issues);
  const faults = faultsOf(issues);
  const rest = schema.safeParse(withoutFaulty(input, issues));
  // What is missing now was taken out: only rules over several fields are news, and only over sound ones.
  const rules = rest.success ? [] : faultsOf(opened(rest.error.issues).filter(({ code }) => code === 'custom'));
  const further = rest.success ? together(rest.data) : rules;
  const isSound = ({ path }: Fault) =>
    !faults.some((fault) => fault.path === path || fault.path.startsWith(`${path}/`));
  return { ok: false, faults: [...faults, ...further.filter(isSound)] };
}

/** Of something that may be a word or a list of things, what is wrong with the things of the list. */
function opened(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  return issues.flatMap((issue): readonly z.core.$ZodIssue[] => {
    const within = issue.code === 'invalid_union' ? issue.errors : [];
    const own = within.find((branch) => branch.some(isWithinEntry));
    if (own === undefined) return [issue];
    return opened(own.map((one) => ({ ...one, path: [...issue.path, ...one.path] })));
  });
}

function isWithinEntry(issue: z.core.$ZodIssue): boolean {
  const { path, code } = issue;
  // Among words a wrong one is told by all that may stand there; where an object belongs, by its place.
  const isNoObject = code === 'invalid_type' && issue.expected === 'object';
  return typeof path[0] === 'number' && (path.length > 1 || code === 'unrecognized_keys' || isNoObject);
}

/** zod's issues; each unknown field is a fault of its own. */
function faultsOf(issues: readonly z.core.$ZodIssue[]): readonly Fault[] {
  return issues.flatMap((issue) => {
    const path = pointerOf(issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    const unknown = issue.keys.map((key) => nameable(childPointer(path, key)));
    return unknown.map((it) => ({ path: it, message: 'is not a field of this release' }));
  });
}

function withoutFaulty(input: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(input);
  for (const issue of issues) {
    const isUnknown = issue.code === 'unrecognized_keys';
    const names = isUnknown ? issue.keys : issue.path.slice(-1);
    const parent = isUnknown ? issue.path : issue.path.slice(0, -1);
    const owner = parent.reduce<unknown>(
      (value, token) => (value as Record<PropertyKey, unknown> | undefined)?.[token],
      copy,
    );
    for (const name of names) if (typeof owner === 'object' && owner !== null) Reflect.deleteProperty(owner, name);
  }
  return copy;
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((parent, token) => childPointer(parent, String(token)), '');
}
