/**
 * What there is to answer: each method that can be run now, with what its page must know.
 */
import type { Json } from '../attempt/json-body.ts';
import { log } from '../journal/log.ts';
import { NOT_FOR_PAYER } from '../step-up/method.ts';
import { METHOD_STRENGTHS, type MethodName } from '../step-up/method-name.ts';
import { loadMethod } from '../step-up/methods.ts';
import { problem } from '../wire.ts';
import { hardened } from './hardening.ts';
import { textsFor } from './language.ts';
import type { Opened } from './opened-challenge.ts';
import { wantsPage } from './page-wish.ts';
import { passUnreached } from './passing.ts';

export interface Task {
  readonly name: MethodName;
  readonly strength: number;
  readonly task: Json;
}

/** A challenge as it is told in JSON. */
export interface Shown {
  readonly evaluation: string;
  readonly expires_at: string;
  readonly methods: readonly Task[];
  /** Given at once where none can be run and the merchant lets payments go on then. */
  readonly pass?: string;
}

export async function showChallenge(opened: Opened, request: Request): Promise<Response> {
  const { ticket } = opened;
  if (wantsPage(request.headers)) return showPage(opened, request);
  const methods = await tasksOf(opened, ticket.methods);
  const pass = methods.length === 0 ? await passUnreached(opened) : null;
  if (methods.length === 0 && pass === null) {
    return problem('challenge_unavailable', { evaluation: ticket.evaluation });
  }
  const told = { evaluation: ticket.evaluation, expires_at: new Date(ticket.expiresAt).toISOString(), methods };
  return Response.json(pass === null ? told : { ...told, pass: pass.token });
}

/** Its script asks for the tasks: none is posed twice. */
async function showPage({ ticket, on }: Opened, request: Request): Promise<Response> {
  const { renderChallenge } = await import('./page.tsx');
  const shown = {
    host: on.host,
    evaluation: ticket.evaluation,
    challenge: new URL(request.url).pathname,
    methods: ticket.methods,
    settings: on.settings,
    leftMs: ticket.expiresAt - on.now,
    isRepeated: false,
    resending: null,
    texts: textsFor(request),
  };
  return renderChallenge(shown, 200);
}

/** Those of `names` that can be run now. */
export async function tasksOf(opened: Opened, names: readonly MethodName[]): Promise<readonly Task[]> {
  const on = await hardened(opened, names);
  const posed = await Promise.all(
    names.map(async (name): Promise<readonly Task[]> => {
      const task = (await (await loadMethod(name))?.pose(on)) ?? null;
      if (task === NOT_FOR_PAYER) return [];
      if (task !== null) return [{ name, strength: METHOD_STRENGTHS[name], task }];
      reportUnavailable(opened, name, 'cannot_be_posed');
      return [];
    }),
  );
  return posed.flat();
}

/** Whoever runs the shop must know: his payers meet the fallback. */
export function reportUnavailable({ policy, ticket }: Opened, method: MethodName, because: string): void {
  const { merchant } = policy;
  log({ event: 'step_up_unavailable', merchant, evaluation: ticket.evaluation, method, because });
}
