/**
 * The layers are independent: each on, in shadow or off, in every combination. One address that has everything against it.
 */
import { expect, it } from 'vitest';
import { evaluate, type Occasion } from '../../src/decision/evaluation.ts';
import { checkNetwork, NETWORK_CODES, type NetworkRules } from '../../src/network/network-rules.ts';
import { gather } from '../../src/network/reputation.ts';
import { weigh } from '../../src/network/risk-findings.ts';
import { NO_TABLES } from '../../src/network/tables.ts';
import { asking, rules as baseline, HOSTING_ASN, NL, said, source, sourcesOf } from './reputation-baseline.ts';

const LAYERS = ['country', 'asn', 'hosting', 'country_mismatch', 'reputation', 'risk_score'] as const;
type Layer = (typeof LAYERS)[number];
const MODES = ['enforce', 'shadow', 'off'] as const;
type Modes = Readonly<Record<Layer, (typeof MODES)[number]>>;

const whence = { ...NL, country: 'KP', asn: HOSTING_ASN };
const provenance = { hasCard: true, cardCountry: 'DE', billingCountry: 'NL', timeZone: 'Europe/Berlin' };
const occasion: Occasion = {
  id: 'ev_1',
  merchant: 'acme',
  mode: 'enforce',
  configVersion: 'v1',
  now: 0,
  reservedUntil: null,
  challengeFallback: 'review',
};
/** What each layer that counts brings: 40, 20 + 15 + 10 + 10, 50. */
const SCORES = { hosting: [40], country_mismatch: [20, 15, 10, 10], reputation: [50] } as const;

function judged(modes: Modes) {
  const everyMode = Object.fromEntries(NETWORK_CODES.map((code) => [code, 'enforce']));
  const network: NetworkRules = {
    operatingCountries: null,
    denyCountries: new Set(['KP']),
    payerCountry: false,
    unknownCountry: 'ignore',
    tor: 'ignore',
    allowAsns: null,
    denyAsns: new Set([HOSTING_ASN]),
    modes: { ...(everyMode as NetworkRules['modes']), ...modes },
  };
  const rules = {
    ...baseline,
    feeds: [{ ...source('a', { response: 'block' }), weight: 1 }],
    classes: { hosting: { response: 'review', score: 40 }, vpn: { response: 'ignore', score: 30 } } as const,
    mismatch: { cardIp: 20, cardBilling: 15, billingIp: 10, timeZone: 10 },
    stepUpAbove: 30,
    modes,
  };
  const gathered = gather(whence, rules, { ...asking, sources: sourcesOf({ consult: () => said('feed:a', 50) }) });
  if (gathered instanceof Promise) throw new Error('nobody outside is asked');
  const { risk, findings } = weigh(gathered, { whence, provenance, tables: NO_TABLES }, rules);
  return evaluate([...checkNetwork(whence, network), ...findings], { ...occasion, risk });
}

const scoreOf = (modes: Modes, which: readonly string[]) => {
  const scores = (['hosting', 'country_mismatch', 'reputation'] as const)
    .filter((layer) => which.includes(modes[layer]))
    .flatMap((layer): readonly number[] => SCORES[layer]);
  return Math.round(100 * (1 - scores.reduce((left, score) => left * (1 - score / 100), 1)));
};

const every = LAYERS.reduce<readonly Partial<Modes>[]>(
  (all, layer) => all.flatMap((modes) => MODES.map((mode) => ({ ...modes, [layer]: mode }))),
  [{}],
) as readonly Modes[];

it('has a name for each combination', () => {
  expect(every).toHaveLength(729);
});

it.each(every)(
  'country $country, asn $asn, hosting $hosting, mismatch $country_mismatch, reputation $reputation, score $risk_score',
  (modes) => {
    const { decision, reasons, risk_score, risk_level } = judged(modes);
    const enforced = scoreOf(modes, ['enforce']);
    const withShadow = scoreOf(modes, ['enforce', 'shadow']);
    const isHeard = withShadow > 0;
    expect(risk_score).toBe(enforced);
    expect(risk_level === 'not_assessed').toBe(!isHeard);
    const expected = LAYERS.filter((layer) => modes[layer] !== 'off' && (layer !== 'risk_score' || withShadow > 30));
    expect([...new Set(reasons.map(({ code }) => code))]).toEqual(expected);
    for (const { code, mode } of reasons) {
      const isScoreByShadow = code === 'risk_score' && enforced <= 30;
      expect(mode).toBe(isScoreByShadow ? 'shadow' : modes[code as Layer]);
    }
    const isBlocked = [modes.country, modes.asn, modes.reputation].includes('enforce');
    const isReviewed = modes.hosting === 'enforce' || (modes.risk_score === 'enforce' && enforced > 30);
    expect(decision).toBe(isBlocked ? 'block' : isReviewed ? 'review' : 'allow');
  },
);
