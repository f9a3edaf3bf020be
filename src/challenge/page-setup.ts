/**
 * What the page tells its script, as an attribute of its body. Types alone: both sides read this file.
 */
import type { Texts } from './texts/en.ts';

export interface PageSetup {
  /** Path of the challenge: its tasks are read from it, and answered below it. */
  readonly challenge: string;
  /** Those that have a page, in order, with the path of their module. */
  readonly methods: readonly { readonly name: string; readonly module: string }[];
  /** How long there is to answer, in ms from now: clocks differ. */
  readonly leftMs: number;
  /** Nothing begins before the payer says that he means to pay again. */
  readonly isRepeated: boolean;
  readonly texts: Texts;
}
