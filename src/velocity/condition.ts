/**
 * Which attempts a rule looks at: what a merchant wrote as `when`, compiled. Never throws.
 */
import type { Attempt } from '../attempt/attempt.ts';

export type Condition = (attempt: Attempt) => boolean;
