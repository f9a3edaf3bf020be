// How far the attack is, on standard error: a bar on a terminal, a line per finished campaign elsewhere.

import { SingleBar } from 'cli-progress';

export interface Progress {
  begin(title: string, total: number): void;
  advance(): void;
  finish(): void;
}

export function showProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? drawBars(stream) : writeLines(stream);
}

function drawBars(stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({ stream, format: '{bar} {value}/{total}  {title}', barsize: 30, hideCursor: true });
  return {
    begin: (title, total) => bar.start(total, 0, { title }),
    advance: () => bar.increment(),
    finish: () => bar.stop(),
  };
}

function writeLines(stream: NodeJS.WriteStream): Progress {
  let title = '';
  let answered = 0;
  return {
    begin: (nextTitle) => {
      title = nextTitle;
      answered = 0;
    },
    advance: () => {
      answered += 1;
    },
    finish: () => void stream.write(`${title}: ${answered} answered\n`),
  };
}
