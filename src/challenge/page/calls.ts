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
  /** `task`: what there is to do before it is asked again. */
  | { readonly kind: 'pending'; readonly waitMs: number; readonly task: unknown }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

const SOON_SECONDS = 60;
const TROUBLES: Readonly<Record<number, Trouble>> = { 403: 'failed', 410: 'expired', 429: 'limited' };

interface Body {
  readonly methods?: readonly Task[];
  readonly pass?: string;
  readonly pending?: boolean;
  readonly retry_after_seconds?: number;
  readonly task?: unknown;
}

export function readTasks(challenge: string, signal: AbortSignal): Promise<Told> {
  return tell(fetch(challenge, { headers: { accept: 'application/json' }, cache: 'no-store', signal }), signal);
}

export function postAnswer(place: string, answer: unknown, signal: AbortSignal): Promise<Told> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return tell(fetch(place, { method: 'POST', headers, body: JSON.stringify({ answer }), signal }), signal);
}

/** Whoever is told to come back within a minute was not too often here: his whole network was. */
function troubleIn({ status, headers }: Response): Trouble {
  const isSoon = status === 429 && Number(headers.get('retry-after')) <= SOON_SECONDS;
  return isSoon ? 'unavailable' : (TROUBLES[status] ?? 'unavailable');
}

async function tell(asked: Promise<Response>, signal: AbortSignal): Promise<Told> {
  try {
    const answer = await asked;
    if (!answer.ok) return { kind: 'trouble', trouble: troubleIn(answer) };
    return read((await answer.json()) as Body);
  } catch {
    signal.throwIfAborted();
    return { kind: 'trouble', trouble: 'unreachable' };
  }
}

function read({ pass, pending = false, retry_after_seconds: seconds = 2, task, methods = [] }: Body): Told {
  if (pass !== undefined) return { kind: 'pass', pass };
  return pending ? { kind: 'pending', waitMs: seconds * 1000, task } : { kind: 'tasks', tasks: methods };
}
