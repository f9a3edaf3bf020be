/**
 * What the page asks Cordon: what there is to answer, and whether an answer is right.
 */

export interface Task {
  readonly name: string;
  readonly task: unknown;
}

/** Why there is no pass. `unreachable`: the network; all others Cordon has said. */
export type Trouble = 'failed' | 'limited' | 'unavailable' | 'unreachable' | 'expired';

export type Told =
  | { readonly kind: 'tasks'; readonly tasks: readonly Task[] }
  | { readonly kind: 'pass'; readonly pass: string }
  | { readonly kind: 'pending'; readonly waitMs: number }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

const TROUBLES: Readonly<Record<number, Trouble>> = { 403: 'failed', 410: 'expired', 429: 'limited' };

interface Body {
  readonly methods?: readonly Task[];
  readonly pass?: string;
  readonly pending?: boolean;
  readonly retry_after_seconds?: number;
}

export function readTasks(challenge: string, signal: AbortSignal): Promise<Told> {
  return tell(fetch(challenge, { headers: { accept: 'application/json' }, cache: 'no-store', signal }), signal);
}

export function postAnswer(place: string, answer: unknown, signal: AbortSignal): Promise<Told> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return tell(fetch(place, { method: 'POST', headers, body: JSON.stringify({ answer }), signal }), signal);
}

async function tell(asked: Promise<Response>, signal: AbortSignal): Promise<Told> {
  try {
    const answer = await asked;
    if (!answer.ok) return { kind: 'trouble', trouble: TROUBLES[answer.status] ?? 'unavailable' };
    return read((await answer.json()) as Body);
  } catch {
    signal.throwIfAborted();
    return { kind: 'trouble', trouble: 'unreachable' };
  }
}

function read({ pass, pending = false, retry_after_seconds: seconds = 2, methods = [] }: Body): Told {
  if (pass !== undefined) return { kind: 'pass', pass };
  return pending ? { kind: 'pending', waitMs: seconds * 1000 } : { kind: 'tasks', tasks: methods };
}
