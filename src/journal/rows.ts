/**
 * Entries as rows of the tables in schema.ts. Pure. Each row is an object whose names are the columns.
 */
import type { ChallengeEntry, ChangeEntry, DecisionEntry, Entry, LabelEntry, OutcomeEntry } from './entry.ts';

export interface Rows {
  readonly decisions: readonly object[];
  readonly rules: readonly object[];
  readonly outcomes: readonly object[];
  readonly labels: readonly object[];
  readonly challenges: readonly object[];
  readonly changes: readonly object[];
}

/** The rows of some entries; of a decision that comes twice only one. */
export function rowsOf(entries: readonly Entry[]): Rows {
  const decisions = new Map<string, DecisionEntry>();
  const outcomes: OutcomeEntry[] = [];
  const labels: LabelEntry[] = [];
  const challenges: ChallengeEntry[] = [];
  const changes: ChangeEntry[] = [];
  for (const entry of entries) {
    switch (entry.kind) {
      case 'decision':
        decisions.set(entry.id, entry);
        if (entry.outcome !== null) outcomes.push(entry.outcome);
        break;
      case 'outcome':
        outcomes.push(entry);
        break;
      case 'label':
        labels.push(entry);
        break;
      case 'challenge':
        challenges.push(entry);
        break;
      case 'change':
        changes.push(entry);
        break;
      default:
        throw new Error(`no entry of this release: ${String((entry satisfies never as Entry)?.kind).slice(0, 40)}`);
    }
  }
  const all = [...decisions.values()];
  return {
    decisions: all.map(decisionRow),
    rules: all.flatMap(ruleRows),
    outcomes: outcomes.map(outcomeRow),
    labels,
    challenges,
    changes: changes.map(changeRow),
  };
}

function decisionRow(entry: DecisionEntry): object {
  const { reasons, counts, risk, lease, challenge, timing, origin, outcome: _, kind: __, attempt_kind, ...row } = entry;
  return { ...row, kind: attempt_kind, detail: { reasons, counts, risk, lease, challenge, timing, origin } };
}

/** Every rule that spoke, by `code`, and by `code:name` too where it has a name: either finds it. */
function ruleRows({ merchant, id, reasons }: DecisionEntry): readonly object[] {
  return reasons.flatMap(({ code, rule: name, mode }) => {
    const known = { merchant, id, rule: code, mode };
    return name === undefined ? [known] : [known, { ...known, rule: `${code}:${name}` }];
  });
}

function outcomeRow({ evaluation, try: tryId, at, contradicted, kind: _, ...row }: OutcomeEntry): object {
  const id = tryId === null ? evaluation : `${evaluation}/${tryId}`;
  return {
    ...row,
    id,
    evaluation,
    contradicted: contradicted ? 1 : 0,
    settled_at: at,
    began_at: timeOf(evaluation, at),
  };
}

function changeRow({ id, merchant, at, who, what, before, after }: ChangeEntry): object {
  return { id, merchant: merchant ?? '', at, who, what, before, after };
}

const ID = /^ev_[0-9a-f]{32}/;

/** When an evaluation began: its id says so (gate/evaluation-id.ts). */
function timeOf(evaluation: string, otherwise: number): number {
  return ID.test(evaluation) ? Number.parseInt(evaluation.slice(3, 15), 16) : otherwise;
}
