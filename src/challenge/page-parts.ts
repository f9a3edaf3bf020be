/**
 * What each method needs of the page: its module (page/methods/), and from where beside Cordon itself something may come.
 * A method that is not here has no page.
 */
import type { MethodName } from '../step-up/method-name.ts';
import type { StepUpSettings } from '../step-up/settings.ts';
import type { PageFileName } from './page-files.ts';

/** Directives of the Content-Security-Policy, and what is added to them. */
export type Sources = Readonly<
  Partial<Record<'script' | 'frame' | 'connect' | 'worker' | 'style' | 'img', readonly string[]>>
>;

export interface PagePart {
  readonly module: PageFileName;
  readonly sources: (settings: StepUpSettings) => Sources;
}

export const PAGE_PARTS: Readonly<Partial<Record<MethodName, PagePart>>> = {
  passkey: { module: 'passkey', sources: () => ({}) },
  proof_of_work: { module: 'proof-of-work', sources: () => ({ worker: ["'self'"] }) },
  turnstile: { module: 'turnstile', sources: ({ turnstile }) => fromTurnstile(turnstile) },
  // Its page is a window of its own.
  identity: { module: 'identity', sources: () => ({}) },
};

/** developers.cloudflare.com/turnstile/reference/content-security-policy */
function fromTurnstile(settings: StepUpSettings['turnstile']): Sources {
  const sources = settings === null ? [] : [settings.apiUrl.origin];
  return { script: sources, frame: sources };
}
