// `npm run cordon -- COMMAND`: a merchant's command line, over Cordon's API. Ends with 0, with 1 when Cordon refused,
// with 2 when the command makes no sense, with 3 when Cordon cannot be reached.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './cordon/command-line.ts';
import { openNewFile } from './cordon/new-file.ts';
import { askAloud, askForCard, askForProof } from './cordon/terminal-input.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  devVarsPath: join(import.meta.dirname, '../.dev.vars'),
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  readFile: (path) => readFileSync(path === '-' ? 0 : path, 'utf8'),
  openFile: openNewFile,
  askForCard,
  askForProof,
  askAloud,
  isWatched: process.stderr.isTTY === true,
  stop: interrupted.signal,
});

// What goes on for ever ends itself in order; anything else is broken off, as without this handler.
function end(signal: NodeJS.Signals): void {
  interrupted.abort();
  if (process.argv[2] === 'tail' || process.argv.includes('--rehearse')) return;
  process.exit(signal === 'SIGINT' ? 130 : 143);
}
