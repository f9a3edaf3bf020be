/**
 * The examples for origins (examples/origin), each run by the interpreter that it is for. One that this machine does not have
 * is null: whoever tests says so.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { CordonVerifier, type Verdict } from '../../../examples/origin/typescript/cordon-verifier.ts';

export interface Seen {
  readonly method: string;
  readonly target: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Verifier {
  /** `now` in ms since the epoch. */
  readonly verify: (seen: Seen, now: number) => Promise<Verdict>;
  readonly end: () => void;
}

export interface Setting {
  readonly keysUrl: string;
  readonly authority: string;
  /** Empty, and the test's to remove. */
  readonly folder: string;
}

const EXAMPLES = join(import.meta.dirname, '../../../examples/origin');

type Make = (setting: Setting) => Verifier;

export const VERIFIERS: Readonly<Record<string, Make | null>> = {
  TypeScript: ({ keysUrl, authority }) => {
    const verifier = new CordonVerifier({ keysUrl, authorities: [authority] });
    const verify = ({ headers, ...seen }: Seen, now: number) =>
      verifier.verify({ ...seen, headers: new Headers(headers) }, now);
    return { verify, end: () => {} };
  },
  Python: pythonWith('cryptography'),
  PHP: runs('php', ['-r', 'exit(extension_loaded("sodium") ? 0 : 1);'])
    ? (setting) => inProcess('php', 'drive.php', [join(EXAMPLES, 'php'), ...of(setting), setting.folder])
    : null,
};

/** Debian's own Python has Debian's packages, another may have them too. */
function pythonWith(module: string): Make | null {
  const python = ['python3', '/usr/bin/python3'].find((name) => runs(name, ['-c', `import ${module}`]));
  if (python === undefined) return null;
  return (setting) => inProcess(python, 'drive.py', [join(EXAMPLES, 'python'), ...of(setting)]);
}

function of({ keysUrl, authority }: Setting): readonly string[] {
  return [keysUrl, authority];
}

function runs(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args).status === 0;
}

function inProcess(program: string, driver: string, args: readonly string[]): Verifier {
  const child = spawn(program, [join(import.meta.dirname, driver), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout });
  child.stdin.on('error', () => {}); // it ended, which its exit tells
  const verify = async ({ body, ...seen }: Seen, now: number) => {
    const answer = nextLine(answers, child);
    child.stdin.write(`${JSON.stringify({ ...seen, body: body.toString('base64'), now })}\n`);
    return JSON.parse(await answer) as Verdict;
  };
  return { verify, end: () => void child.kill() };
}

function nextLine(answers: Interface, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null) reject(new Error(`ended with ${child.exitCode}`));
    answers.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}
