/**
 * What each method needs of the page: its module (page/methods/), and from where beside Cordon itself something may come.
 * A method that is not here has no page.
 */
import type { MethodName } from '../step-up/method-name.ts';
import type { PageFileName } from './page-files.ts';

/** Directives of the Content-Security-Policy, and what is added to them. */
export type Sources = Readonly<
  Partial<Record<'script' | 'frame' | 'connect' | 'worker' | 'style' | 'img', readonly string[]>>
>;

export interface PagePart {
  readonly module: PageFileName;
  readonly sources: Sources;
}

export const PAGE_PARTS: Readonly<Partial<Record<MethodName, PagePart>>> = {
  passkey: { module: 'passkey', sources: {} },
  proof_of_work: { module: 'proof-of-work', sources: { worker: ["'self'"] } },
};
