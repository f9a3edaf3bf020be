/**
 * The page that a challenged payer sees: says what this is, runs a method, and sends the payment again. What moves is its
 * script's (page/page.ts); without one it says so.
 */
import type { FC, PropsWithChildren } from 'hono/jsx';
import type { MethodName } from '../step-up/method-name.ts';
import type { StepUpSettings } from '../step-up/settings.ts';
import { pathOf } from './page-files.ts';
import { PAGE_PARTS } from './page-parts.ts';
import { pageHeaders } from './page-policy.ts';
import type { PageSetup } from './page-setup.ts';
import type { Texts } from './texts/en.ts';

/** The payment that the page sends again. */
export interface Resending {
  /** The URL that it came to. */
  readonly action: string;
  /** What it was sent with, sealed; null where that is too large. */
  readonly sealed: string | null;
}

export interface Shown {
  /** Of the shop: name, and port where it has one. */
  readonly host: string;
  readonly evaluation: string;
  /** The challenge's path. */
  readonly challenge: string;
  readonly methods: readonly MethodName[];
  readonly settings: StepUpSettings;
  /** ms from now. */
  readonly leftMs: number;
  /** The payment was sent before: its payer says whether he means it. */
  readonly isRepeated: boolean;
  /** Null where whoever opened the page waits for the pass. */
  readonly resending: Resending | null;
  readonly texts: Texts;
}

export function renderChallenge(shown: Shown, status: number): Response {
  const { host, evaluation, challenge, methods, settings, leftMs, isRepeated, resending, texts } = shown;
  const parts = methods.flatMap((name) => {
    const part = PAGE_PARTS[name];
    return part === undefined ? [] : [{ name, ...part }];
  });
  const modules = parts.map(({ name, module }) => ({ name, module: pathOf(module) }));
  const setup: PageSetup = { challenge, methods: modules, leftMs, isRepeated, texts };
  const isTooLarge = resending !== null && resending.sealed === null;
  const page = (
    <Frame host={host} evaluation={evaluation} texts={texts} title={texts.title} setup={isTooLarge ? null : setup}>
      {isTooLarge ? <Refusal words={texts.tooLarge} texts={texts} /> : <Check resending={resending} texts={texts} />}
    </Frame>
  );
  const headers = pageHeaders(
    evaluation,
    parts.map(({ sources }) => sources(settings)),
  );
  return new Response(documentOf(page), { status, headers });
}

interface Refused {
  readonly host: string;
  readonly evaluation: string | null;
  readonly texts: Texts;
  readonly title: string;
  readonly words: string;
}

/** Where there is nothing to be done but to go back. */
export function renderRefusal({ words, ...frame }: Refused, status: number): Response {
  const page = (
    <Frame {...frame} setup={null}>
      <Refusal words={words} texts={frame.texts} />
    </Frame>
  );
  return new Response(documentOf(page), { status, headers: pageHeaders(frame.evaluation, []) });
}

/** Where a method had a window of its own. */
export function renderDone(frame: Omit<Refused, 'words' | 'title'>): Response {
  const { title, words } = frame.texts.done;
  const page = (
    <Frame {...frame} title={title} setup={null}>
      <p role="status">{words}</p>
    </Frame>
  );
  return new Response(documentOf(page), { headers: pageHeaders(frame.evaluation, []) });
}

const Check: FC<{ resending: Resending | null; texts: Texts }> = ({ resending, texts }) => (
  <>
    <p id="lead">{resending === null ? texts.leadWithin : texts.lead}</p>
    <noscript>
      <p class="note">{texts.withoutScript}</p>
    </noscript>
    <div id="place" />
    <progress id="progress" aria-label={texts.progress} max="1" value="0" hidden />
    <p id="status" role="status" aria-live="polite" />
    <p class="buttons">
      <button type="button" id="retry" class="main" hidden>
        {texts.retry}
      </button>
      <button type="button" id="stop" hidden>
        {texts.stop}
      </button>
      <button type="button" id="back" hidden>
        {texts.back}
      </button>
      <button type="button" id="again" hidden>
        {texts.again}
      </button>
    </p>
    <div id="others" class="others" hidden />
    {resending?.sealed != null && (
      <form id="payment" method="post" action={resending.action} enctype="text/plain">
        <input type="hidden" name="cordon_sealed" value={resending.sealed} />
        <input type="hidden" name="cordon_pass" value="" />
      </form>
    )}
  </>
);

const Refusal: FC<{ words: string; texts: Texts }> = ({ words, texts }) => (
  <>
    <p role="alert">{words}</p>
    <p class="buttons">
      <button type="button" id="back" hidden>
        {texts.back}
      </button>
    </p>
  </>
);

type FrameProps = PropsWithChildren<{
  host: string;
  evaluation: string | null;
  texts: Texts;
  title: string;
  setup: PageSetup | null;
}>;

const Frame: FC<FrameProps> = ({ host, evaluation, texts, title, setup, children }) => (
  <html lang={texts.language}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>{`${title} · ${host}`}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href={pathOf('page-style')} />
      <script type="module" src={pathOf('page')} />
      {setup?.methods.slice(0, 1).map(({ module }) => (
        <link rel="modulepreload" href={module} />
      ))}
    </head>
    <body data-setup={setup === null ? undefined : JSON.stringify(setup)}>
      <main>
        <p class="host">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <rect x="3" y="7" width="10" height="7.5" rx="1.5" />
            <path d="M5 7V4.5a3 3 0 0 1 6 0V7" />
          </svg>
          {host}
        </p>
        <h1>{title}</h1>
        {children}
        {evaluation !== null && (
          <p class="reference">
            {texts.reference} <code>{evaluation}</code>
          </p>
        )}
      </main>
    </body>
  </html>
);

function documentOf(page: unknown): string {
  return `<!doctype html>${String(page)}`;
}
