/**
 * The command line of `npm run bench`.
 */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Of one measurement of one worker. */
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  readonly json: boolean;
  /** Only cases whose names hold this text. */
  readonly only: string;
  /** Files of other bundles of Cordon, to run in the same rounds. */
  readonly against: readonly string[];
  /** The objects' storage lies on the disk of the temporary folder, not in memory. */
  readonly disk: boolean;
  /** Profiles instead of measuring. */
  readonly profile: boolean;
}

export const USAGE = `npm run bench -- [options]
  --seconds N       of each measurement (1)
  --rounds N        of all cases, interleaved with their floors (9)
  --connections N   kept alive, one request at a time on each (16)
  --only TEXT       cases whose names hold the text
  --against FILE    another bundle of Cordon (dist/index.js of another tree), in the same rounds; may come again
  --disk            the objects' storage on disk, where each commit waits for a sync, not in memory
  --profile         where processor time goes, by V8's sampling profiler, instead of measurements
  --json            everything that was measured, as JSON
`;

export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '9' },
      connections: { type: 'string', default: '16' },
      only: { type: 'string', default: '' },
      against: { type: 'string', multiple: true, default: [] },
      disk: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { json, profile, disk, only, against } = values;
  return {
    seconds: positive('seconds', values.seconds),
    rounds: Math.ceil(positive('rounds', values.rounds)),
    connections: Math.ceil(positive('connections', values.connections)),
    json,
    profile,
    disk,
    only,
    against,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1_000)) throw new Error(`--${name} must be a number above 0`);
  return value;
}
