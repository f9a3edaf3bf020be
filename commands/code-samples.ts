// The examples in TypeScript: the bodies of the functions in examples/api, by their names, which are those of the
// operations and of the guide.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../examples/api');
const sample = /^export (?:async )?function (\w+)\([^\n]*\{\n([\s\S]*?)^\}$/gm;
const indent = /^ {2}/gm;
// What makes a function of it, and what an application writes itself.
const dressing = /^\/\/ (?=import )|^return cordon;\n?/gm;

export function readSamples(): ReadonlyMap<string, string> {
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const samples = texts.flatMap((text) => [...text.matchAll(sample)]);
  return new Map(samples.map(([, name = '', body = '']) => [name, undress(body)]));
}

function undress(body: string): string {
  return body.replace(indent, '').replace(dressing, '').trim();
}
