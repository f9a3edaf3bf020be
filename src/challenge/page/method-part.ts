/**
 * What a method brings to the challenge's page: one module of its own, loaded where the method is run, that exports `run`.
 * It shows what it must in the place that it is given, and ends with the answer, which the page posts.
 */

/** What a method may do to the page. */
export interface Ui {
  /** Empty, in the middle of the page; emptied again when `run` has ended. */
  readonly place: HTMLElement;
  /** Ends everything: the payer stopped it, chose another method, or the time is over. `run` then rejects, or never ends. */
  readonly signal: AbortSignal;
  /** A word of this method in the page's language (texts/en.ts, `methods`); empty where there is none of that name. */
  text(name: string): string;
  /** What a screen reader is told, and what stands below the place. */
  say(words: string): void;
  /** 0 to 1; null: nobody knows how far it is. Not called: there is no bar. */
  progress(share: number | null): void;
  /** A button in the place; ends when it is pressed, which is what browsers ask for before they open anything. */
  ask(label: string): Promise<void>;
}

/**
 * `task`: what the method's `pose` gave. The answer goes to its `check` as JSON. Where that says `pending`, the page asks
 * again with the same answer until it is decided. Rejects where it cannot be run; the page then offers to try again, with
 * a new task.
 */
export type Run = (task: unknown, ui: Ui) => Promise<unknown>;

/**
 * For a method that is begun with its first answer: `pending` may bring a further task (`check`, step-up/method.ts). Ends
 * with the answer that the page posts from then on.
 */
export type GoOn = (task: unknown, ui: Ui) => Promise<unknown>;

/** What a module exports. `end`: it is over, whatever came of it. */
export interface Part {
  readonly run: Run;
  readonly goOn?: GoOn;
  readonly end?: () => void;
}
