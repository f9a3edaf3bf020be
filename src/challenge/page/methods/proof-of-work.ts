/**
 * Proof of work on the payer's device: this module both runs on the page and, in workers, does the work, so that the page
 * stays responsive. Each worker tries every n-th counter.
 */
import { type Challenge, type Solution, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import type { Run } from '../method-part.ts';

interface Order {
  readonly challenge: Challenge;
  readonly first: number;
  readonly step: number;
}

type Word = { readonly tried: number } | { readonly solution: Solution } | { readonly fault: string };

const MOST_WORKERS = 4;
/** Derivations between two words about the progress. */
const WORD_EVERY = 8;

export const run: Run = (task, ui) => {
  const challenge = task as Challenge;
  const most = Number(challenge.parameters.data?.most);
  const count = Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1));
  const workers = Array.from({ length: count }, () => new Worker(import.meta.url, { type: 'module' }));
  let tried = 0;
  ui.say(ui.text('busy'));
  ui.progress(0);
  const solved = new Promise((resolve, reject) => {
    ui.signal.addEventListener('abort', () => reject(ui.signal.reason));
    workers.forEach((worker, first) => {
      worker.addEventListener('error', () => reject(new Error('a worker could not be started')));
      worker.addEventListener('message', ({ data }: MessageEvent<Word>) => {
        if ('solution' in data) resolve({ challenge, solution: data.solution });
        else if ('fault' in data) reject(new Error(data.fault));
        else {
          tried += data.tried;
          ui.progress(most > 0 ? Math.min(tried / most, 1) : null);
        }
      });
      worker.postMessage({ challenge, first, step: count } satisfies Order);
    });
  });
  return solved.finally(() => {
    for (const worker of workers) worker.terminate();
  });
};

if (typeof document === 'undefined') {
  const say = (word: Word) => (self as unknown as Worker).postMessage(word);
  self.addEventListener('message', ({ data: { challenge, first, step } }: MessageEvent<Order>) => {
    let tried = 0;
    const counted: typeof deriveKey = (...asked) => {
      if (++tried % WORD_EVERY === 0) say({ tried: WORD_EVERY });
      return deriveKey(...asked);
    };
    const options = { challenge, counterStart: first, counterStep: step, deriveKey: counted, timeout: 0 };
    solveChallenge(options).then(
      (solution) => say(solution === null ? { fault: 'unsolved' } : { solution }),
      (error: unknown) => say({ fault: String(error) }),
    );
  });
}
