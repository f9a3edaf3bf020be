/**
 * What is wrong with something that was written: every fault with the JSON Pointer of its field.
 */
import type { z } from 'zod';
import { childPointer } from '../attempt/fields.ts';

export interface Fault {
  /** JSON Pointer of the field. */
  readonly path: string;
  readonly message: string;
}

/** zod's issues; each unknown field is a fault of its own. */
export function faultsOf(issues: readonly z.core.$ZodIssue[]): readonly Fault[] {
  return issues.flatMap((issue) => {
    const path = pointerOf(issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({ path: childPointer(path, key), message: 'is not a field of this release' }));
  });
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((parent, token) => childPointer(parent, String(token)), '');
}
