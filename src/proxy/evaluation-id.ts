/**
 * Evaluation ids: time first, so that rows lie in order of time, then 80 random bits (the layout of RFC 9562, UUIDv7).
 */
export function newEvaluationId(now: number): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  return `ev_${now.toString(16).padStart(12, '0')}${random.toHex()}`;
}
