/**
 * How far a run is: a bar on a terminal, lines elsewhere.
 */
import { SingleBar } from 'cli-progress';

export interface Progress {
  begin(steps: number): void;
  say(what: string): void;
  step(): void;
  finish(): void;
}

export function showProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? bar(stream) : lines(stream);
}

function bar(stream: NodeJS.WriteStream): Progress {
  const format = '{bar} {percentage}% | {eta_formatted} left | {what}';
  const shown = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true, barsize: 24 });
  return {
    begin: (steps) => shown.start(steps, 0, { what: '' }),
    say: (what) => shown.update({ what }),
    step: () => shown.increment(),
    finish: () => shown.stop(),
  };
}

/** One line where what is done changes in kind, not one a step. */
function lines(stream: NodeJS.WriteStream): Progress {
  let last = '';
  return {
    begin: () => {},
    say: (what) => {
      const [kind = ''] = what.split(':');
      if (kind !== last) stream.write(`${kind}\n`);
      last = kind;
    },
    step: () => {},
    finish: () => {},
  };
}
