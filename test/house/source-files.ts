/**
 * The files of `src`, with their text and with what is left of it without comments.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SourceFile {
  /** Relative to `src`. */
  readonly name: string;
  readonly text: string;
  readonly code: string;
}

const SRC = new URL('../../src/', import.meta.url).pathname;
// A string may hold what looks like a comment (a URL), so strings are matched first and kept.
const STRING_OR_COMMENT =
  /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|(?<!\\|\/)\/\/[^\n]*/g;

export function sourceFiles(): readonly SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') || name.endsWith('.tsx'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(SRC, name), 'utf8');
      return { name, text, code: text.replace(STRING_OR_COMMENT, (_, string: string | undefined) => string ?? '') };
    });
}
