/**
 * The challenge's page: runs a method, posts its answer, and with the pass sends the payment again, or hands it to whoever
 * opened the page.
 */
import type { PageSetup } from '../page-setup.ts';
import { postAnswer, readTasks, type Task, type Told, type Trouble } from './calls.ts';
import type { Part, Ui } from './method-part.ts';
import { buttonOf, onPress, place, say, show, showButtons, showOthers, showProgress } from './stage.ts';
import { forgetPayment, hand, leave, settleIn } from './surroundings.ts';

const { challenge, methods, leftMs, isRepeated, texts } = JSON.parse(document.body.dataset.setup ?? '{}') as PageSetup;
const form = document.querySelector<HTMLFormElement>('#payment');

type Known = keyof typeof texts.methods;
const wordsOf = (name: string): Readonly<Record<string, string>> => texts.methods[name as Known] ?? {};

/** Of what is under way. */
let control = new AbortController();
let isOver = false;

async function run(chosen: string | null): Promise<void> {
  control.abort();
  control = new AbortController();
  const { signal } = control;
  show({ words: texts.loading, buttons: ['stop'] });
  try {
    const told = await readTasks(challenge, signal);
    await conclude(told.kind === 'tasks' ? await answerOne(told.tasks, chosen, signal) : told, signal);
  } catch {
    if (!signal.aborted) trouble('failed');
  }
}

async function answerOne(tasks: readonly Task[], chosen: string | null, signal: AbortSignal): Promise<Told> {
  const runnable = methods.filter(({ name }) => tasks.some((task) => task.name === name));
  const method = runnable.find(({ name }) => name === chosen) ?? runnable[0];
  if (method === undefined) return { kind: 'trouble', trouble: 'unavailable' };
  const { name, module } = method;
  showOthers(runnable.filter((one) => one !== method).map(choiceOf));
  const part = (await import(module)) as Part;
  const ui = uiOf(name, signal);
  try {
    const answer = await part.run(tasks.find((task) => task.name === name)?.task, ui);
    signal.throwIfAborted();
    place.replaceChildren();
    return await decided(`${challenge}/${name}`, answer, { part, ui });
  } finally {
    part.end?.();
  }
}

function choiceOf({ name }: { readonly name: string }) {
  return { label: `${texts.another}: ${wordsOf(name).name}`, choose: () => void run(name) };
}

/** Somebody may still be looking at it. */
async function decided(
  to: string,
  first: unknown,
  { part, ui }: { readonly part: Part; readonly ui: Ui },
): Promise<Told> {
  const { signal } = ui;
  for (let answer = first; ; ) {
    const told = await postAnswer(to, answer, signal);
    if (told.kind !== 'pending') return told;
    if (told.task !== undefined && part.goOn !== undefined) {
      answer = await part.goOn(told.task, ui);
      signal.throwIfAborted();
      place.replaceChildren();
    } else say(texts.waiting);
    showProgress(null);
    await new Promise((resolve) => setTimeout(resolve, told.waitMs));
    signal.throwIfAborted();
  }
}

function uiOf(name: string, signal: AbortSignal): Ui {
  const alive = (act: () => void) => !signal.aborted && act();
  return {
    place,
    signal,
    text: (word) => wordsOf(name)[word] ?? '',
    say: (words) => alive(() => say(words)),
    progress: (share) => alive(() => showProgress(share)),
    ask: (label) =>
      new Promise((resolve) => {
        const button = buttonOf(label, () => {
          button.remove();
          resolve();
        });
        button.className = 'main';
        place.append(button);
      }),
  };
}

function conclude(told: Told, signal: AbortSignal): void {
  signal.throwIfAborted();
  if (told.kind === 'pass') finish(told.pass);
  else trouble(told.kind === 'trouble' ? told.trouble : 'unavailable');
}

function finish(pass: string): void {
  isOver = true;
  showOthers([]);
  show({ words: form === null ? texts.passed : texts.sending, buttons: [] });
  if (form === null) hand(pass);
  else submit(form, pass);
}

function submit(payment: HTMLFormElement, pass: string): void {
  const field = payment.elements.namedItem('cordon_pass') as HTMLInputElement;
  field.value = pass;
  forgetPayment();
  payment.submit();
}

function trouble(what: Trouble): void {
  if (what === 'expired') end(texts.expired);
  else show({ words: texts[what], buttons: what === 'limited' ? ['back'] : ['retry', 'back'] });
}

/** Nothing more can be done here. */
function end(words: string): void {
  isOver = true;
  control.abort();
  showOthers([]);
  show({ words, buttons: ['back'] });
}

onPress('retry', () => void run(null));
onPress('again', () => void run(null));
onPress('back', leave);
onPress('stop', () => {
  control.abort();
  show({ words: texts.stopped, buttons: ['retry', 'back'] });
});
settleIn();
if (challenge === undefined) showButtons(['back']);
else {
  setTimeout(() => isOver || end(texts.expired), leftMs);
  // Whoever comes back to a page that has sent the payment sees no check again.
  addEventListener('pageshow', ({ persisted }) => persisted && isOver && end(texts.sent));
  if (isRepeated) show({ words: texts.sent, buttons: ['back', 'again'] });
  else void run(null);
}
