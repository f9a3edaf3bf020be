// `npm run describe`: makes src/api/openapi.json from the schemas that the Worker parses with, the list of calls, and
// the examples in examples/api. A test finds a description that was not made anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSamples } from './code-samples.ts';

interface Describer {
  describeApi(samples: ReadonlyMap<string, string>, version: string): Promise<object>;
}

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
// By a name that the compiler does not follow: the Worker's sources know the types of another platform.
const describer = join(root, 'src/api/openapi.ts');
const { describeApi } = (await import(describer)) as Describer;

const description = await describeApi(readSamples(), version);
writeFileSync(join(root, 'src/api/openapi.json'), `${JSON.stringify(description, null, 2)}\n`);
