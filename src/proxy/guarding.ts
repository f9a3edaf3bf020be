/**
 * What the steps of one attempt on a protected route share.
 */
import type { InForce } from '../config/policies.ts';
import type { Route } from '../config/policy.ts';
import type { Evaluation } from '../decision/evaluation.ts';
import type { Finding } from '../decision/reason.ts';
import { newEvaluationId } from '../gate/evaluation-id.ts';
import type { Touch } from '../velocity/touch.ts';
import type { Identified } from './attempt-reader.ts';
import type { Afterwards, Edge } from './edge.ts';
import type { Visit } from './visit.ts';

export interface Guarding {
  readonly edge: Edge;
  readonly visit: Visit;
  readonly inForce: InForce;
  readonly route: Route;
  readonly id: string;
  readonly now: number;
  readonly afterwards: Afterwards;
  readonly tls: readonly Finding[];
}

/** What was decided, and what the gate must be told afterwards. */
export interface Judgement {
  readonly evaluation: Evaluation;
  readonly places: readonly Touch[];
  readonly guest: boolean;
  /** What the request tries: none where it could not be read. */
  readonly identified: readonly Identified[];
}

export function beginGuarding(parts: Omit<Guarding, 'id' | 'now'>): Guarding {
  const now = Date.now();
  return { ...parts, now, id: newEvaluationId(parts.inForce.policy.merchant, now) };
}
