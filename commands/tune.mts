import './bytes.ts';
import { Replay } from '../src/replay/replay.ts';
import { readReplayLine } from '../src/replay/replay-line.ts';
import { attacks } from './simulate/attacks.ts';
import * as cal from './simulate/calendar.ts';
import { contenders } from './simulate/contenders.ts';
import { readPolicy } from '../src/replay/policy-text.ts';
import { dayMs, lineOf } from './simulate/try.ts';
const seeds = (process.argv[2] ?? '41,42').split(',').map(Number);
const only = process.argv[3]?.split(',');
const names = ['quiet', 'sale', ...cal.attackNames].filter((n) => !only || only.includes(n));
const key = await crypto.subtle.importKey('raw', new Uint8Array(32), 'HKDF', false, ['deriveKey']);
const read = await readPolicy(JSON.stringify({ id: 'simulated', ...contenders.recommended }), key);
if (!read.ok) throw new Error(JSON.stringify(read.faults));
const row: string[] = [];
for (const name of names) {
  const t = { n: 0, kept: 0 }, g = { n: 0, ch: 0, pay: 0, bl: 0 }, rules: any = {}, saleG = { n: 0, ch: 0 };
  for (const seed of seeds) {
    const campaign: any = name === 'quiet' ? null : name;
    const lasts = campaign !== null && cal.isAttack(campaign) ? Math.ceil((attacks as any)[campaign].lastsMs / dayMs) : 1;
    const plan: any = { seed, scale: 1, pastDays: 90, days: 7 + lasts, quietDays: 7, only: campaign === null ? [] : [campaign], start: cal.firstDay };
    const replay = new Replay(read.policy);
    for (const tries of cal.daysOf(plan)) for (const one of tries as any[]) {
      const r = readReplayLine(lineOf(one)); if (!r.ok) throw new Error(r.fault);
      const { evaluation, afterChallenge, isThrough, rule } = await replay.next(r.line) as any;
      if (one.at < cal.firstDay + 7 * dayMs) continue;
      const would = one.outcome.status === 'succeeded';
      if (cal.isAttack(one.label)) { t.n++; if (!isThrough) t.kept++; }
      else { g.n++; if (would) g.pay++; if (evaluation.decision === 'challenge') { g.ch++; const k = String(rule).startsWith('attack_mode') ? rule : rule; rules[k] = (rules[k] ?? 0) + 1; } if (would && (afterChallenge ?? evaluation).decision === 'block') { g.bl++; rules['B ' + (rule)] = (rules['B ' + rule] ?? 0) + 1; } if (one.label === 'sale') { saleG.n++; if (evaluation.decision === 'challenge') saleG.ch++; } }
    }
  }
  const top = Object.entries<number>(rules).sort((a, b) => b[1] - a[1]).filter(([k], i) => i < 5 || k.startsWith('B')).map(([k, v]) => `${k}=${v}`).join(' ');
  console.log(name.padEnd(16), 'kept', t.n ? (100 * t.kept / t.n).toFixed(1) : '–', ' good ch', (100 * g.ch / g.n).toFixed(2), ' bl', (100 * g.bl / g.pay).toFixed(2), saleG.n ? ' sale ch ' + (100 * saleG.ch / saleG.n).toFixed(1) : '', '|', top);
}
