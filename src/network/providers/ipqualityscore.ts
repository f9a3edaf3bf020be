/**
 * IPQualityScore: a fraud score of an address, 0 to 100, with what it is made of.
 * Source: ipqualityscore.com/documentation/proxy-detection/overview, with the key in a header. Whatever is wrong is told
 * with status 200, `success: false` and a sentence; an answer does not say which address it is about.
 */
import { membersOf, NONSENSE, type ProviderApi, type Reading, scoreIn } from '../provider-api.ts';

// The gentlest settings of theirs: offices, hotels and universities are where buyers sit.
const SETTINGS = 'strictness=0&allow_public_access_points=true';
/** What they flag, and the word for it. */
const FLAGS = { proxy: 'proxy', vpn: 'VPN', tor: 'Tor', recent_abuse: 'recent abuse', bot_status: 'bot' } as const;
const USED_UP = /\b(?:quota|credits?|limit)\b/i;
const WRONG_KEY = /\b(?:key|unauthorized)\b/i;

export const IPQUALITYSCORE: ProviderApi = {
  name: 'ipqualityscore',
  home: 'https://www.ipqualityscore.com',
  request: ({ text }, key) => ({
    path: `/api/json/ip?ip=${encodeURIComponent(text)}&${SETTINGS}`,
    headers: { 'ipqs-key': key },
  }),
  read(answer) {
    const members = membersOf(answer);
    if (members === null || members.success !== true) return readRefusal(members);
    const score = scoreIn(members.fraud_score);
    if (score === null) return NONSENSE;
    const flags = Object.entries(FLAGS).flatMap(([name, word]) => (members[name] === true ? [word] : []));
    const why = flags.length === 0 ? '' : ` (${flags.join(', ')})`;
    return { kind: 'score', score, message: `IPQualityScore: fraud score ${score}${why}` };
  },
};

function readRefusal(members: Readonly<Record<string, unknown>> | null): Reading {
  const { success, message } = members ?? {};
  if (success !== false || typeof message !== 'string') return NONSENSE;
  if (USED_UP.test(message)) return { kind: 'over_budget' };
  return WRONG_KEY.test(message) ? { kind: 'refused' } : NONSENSE;
}
