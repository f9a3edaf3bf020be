/**
 * What the gate is asked of an attempt, as it travels: a text (text-calls.ts).
 */
import { textOfTouches } from '../velocity/touch-text.ts';
import type { AdmitRequest } from './gate-messages.ts';

export function textOfRequest(request: AdmitRequest): string {
  const others = JSON.stringify({ ...request, touches: undefined });
  return `${others.slice(0, -1)},"touches":${textOfTouches(request.touches)}}`;
}
