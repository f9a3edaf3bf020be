/**
 * Proof of work on the payer's device: this module both runs on the page and, in workers, does the work, so that the page
 * stays responsive. Each worker tries every n-th counter. Where there can be no worker the page does it all.
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
  let tried = 0;
  ui.say(ui.text('busy'));
  ui.progress(0);
  return new Promise((resolve, reject) => {
    const hear = (word: Word) => {
      if ('solution' in word) resolve({ challenge, solution: word.solution });
      else if ('fault' in word) reject(new Error(word.fault));
      else {
        tried += word.tried;
        ui.progress(most > 0 ? Math.min(tried / most, 1) : null);
      }
    };
    stop = startWorkers(challenge, hear, () => work({ challenge, first: 0, step: 1 }, hear, ui.signal));
    ui.signal.addEventListener('abort', () => {
      stop();
      reject(ui.signal.reason);
    });
  });
};

let stop: () => void = () => {};

/** The page has its answer, or wants none any more. */
export const end = () => stop();

/** `fail`: called once, when there is none. What ends them is returned. */
function startWorkers(challenge: Challenge, hear: (word: Word) => void, fail: () => void): () => void {
  const workers: Worker[] = [];
  const end = () => {
    for (const worker of workers.splice(0)) worker.terminate();
  };
  const giveUp = () => {
    if (workers.length > 0) fail();
    end();
  };
  const count = Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1));
  try {
    for (let first = 0; first < count; first++) {
      const worker = new Worker(import.meta.url, { type: 'module' });
      workers.push(worker);
      worker.addEventListener('error', giveUp);
      worker.addEventListener('message', ({ data }: MessageEvent<Word>) => hear(data));
      worker.postMessage({ challenge, first, step: count } satisfies Order);
    }
  } catch {
    end();
    fail();
  }
  return end;
}

function work({ challenge, first, step }: Order, say: (word: Word) => void, signal?: AbortSignal): void {
  let tried = 0;
  const counted: typeof deriveKey = (...asked) => {
    signal?.throwIfAborted();
    if (++tried % WORD_EVERY === 0) say({ tried: WORD_EVERY });
    return deriveKey(...asked);
  };
  solveChallenge({ challenge, counterStart: first, counterStep: step, deriveKey: counted, timeout: 0 }).then(
    (solution) => say(solution === null ? { fault: 'unsolved' } : { solution }),
    (error: unknown) => say({ fault: String(error) }),
  );
}

if (typeof document === 'undefined') {
  const say = (word: Word) => (self as unknown as Worker).postMessage(word);
  self.addEventListener('message', ({ data }: MessageEvent<Order>) => work(data, say));
}
