// What the day must show: few of the malicious accesses pass all layers, and no layer refuses anybody who means well.

import type { Row } from './tally.ts';

const mostMalicious = 11;

export function listFaults(rows: readonly Row[]): string[] {
  const malicious = rows.filter(({ isMalicious }) => isMalicious);
  const passedAll = malicious.reduce((sum, { passed }) => sum + (passed.at(-1) ?? 0), 0);
  const tooMany = passedAll > mostMalicious ? [`${passedAll} malicious accesses passed all layers`] : [];
  const refused = rows
    .filter(({ isMalicious, sent, passed }) => !isMalicious && passed.some((count) => count < sent))
    .map(({ kind }) => `honest and refused: ${kind}`);
  return [...tooMany, ...refused];
}
