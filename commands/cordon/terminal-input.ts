// What is asked of whoever sits at the terminal. A card number or a proof is not shown, and is read from standard input when
// nobody sits there; a confirmation is a person's to give.

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

export const askForCard = () => askForSecret('Card number');
export const askForProof = () => askForSecret('Proof');

async function askForSecret(what: string): Promise<string> {
  if (!process.stdin.isTTY) return ((await text(process.stdin)).split('\n')[0] ?? '').trim();
  process.stderr.write(`${what}: `);
  // Readline writes what is typed to its output, so it gets one that shows nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  prompt.on('SIGINT', () => process.exit(130));
  try {
    return (await prompt.question('')).trim();
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}

export async function askAloud(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  prompt.on('SIGINT', () => process.exit(130));
  try {
    return (await prompt.question(question)).trim();
  } finally {
    prompt.close();
  }
}
