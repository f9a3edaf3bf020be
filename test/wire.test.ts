/**
 * Answers of one code are copies of a kept one: nothing of an answer may be found in another.
 */
import { describe, expect, it } from 'vitest';
import { problem } from '../src/wire.ts';

const EVALUATION = 'cordon-evaluation';

describe('a problem', () => {
  it('names its own evaluation, whatever comes after it', async () => {
    const first = problem('payment_refused', { evaluation: 'ev_1' });
    const second = problem('payment_refused', { evaluation: 'ev_2' });
    expect(first.headers.get(EVALUATION)).toBe('ev_1');
    expect(second.headers.get(EVALUATION)).toBe('ev_2');
    expect(await first.json()).toMatchObject({ evaluation: 'ev_1' });
  });

  it('of no evaluation names none, though one of the same code has named one', async () => {
    problem('unreadable', { evaluation: 'ev_1' });
    const answer = problem('unreadable');
    expect(answer.headers.has(EVALUATION)).toBe(false);
    expect(await answer.text()).not.toContain('ev_1');
  });

  it('keeps what it alone says to itself', () => {
    problem('attempt_in_flight', { evaluation: 'ev_1', retryAfterSeconds: 5 });
    problem('method_not_allowed', { evaluation: 'ev_1', allow: ['POST'] });
    expect(problem('attempt_in_flight', { evaluation: 'ev_2' }).headers.has('retry-after')).toBe(false);
    expect(problem('method_not_allowed', { evaluation: 'ev_2' }).headers.has('allow')).toBe(false);
  });
});
