/**
 * What the fields of velocity rules mean, in a sentence each.
 */
export const VELOCITY_NOTES: Readonly<Record<string, string>> = {
  velocity: 'Counters with limits, or `recommended` for the set that ships.',
  'velocity.[].name': 'Stands in reasons, blocks and the record.',
  'velocity.[].by': 'What is counted by: one, or several that must all be the same.',
  'velocity.[].count': 'What is counted.',
  'velocity.[].of': 'What adds to a distinct count: failures that weigh anything (the default), or every attempt.',
  'velocity.[].decline_reasons': 'Failures of these reasons alone are counted. Absent: of every reason.',
  'velocity.[].limit': 'So many are let through.',
  'velocity.[].window_seconds': 'How long something stays counted.',
  'velocity.[].window': '`idle`: all of it until so long after the last. `sliding`: each by itself.',
  'velocity.[].block_seconds': 'From when the limit was reached. Absent: as long as the counter lives.',
  'velocity.[].audience': '`guests_refused`: everybody is counted, guests alone are refused.',
  'velocity.[].then': 'What becomes of an attempt beyond the limit.',
  'velocity.[].strength': 'Of a challenge: how strong a step-up must be to meet it. Absent: any.',
  'velocity.[].in_flight':
    '`reserve`: attempts that are under way count until they are settled, exactly. The default by card, ip or customer.',
  'velocity.[].when': 'Which attempts are looked at, in CEL (docs/rules.md). Absent: all.',
  'velocity.[].mode': 'Whether it acts, is only recorded, or is off.',
};
