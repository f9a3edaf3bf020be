/**
 * AbuseIPDB: how sure its reporters are that an address abuses others, 0 to 100.
 * Source: docs.abuseipdb.com, "CHECK Endpoint" of APIv2. Daily limits answer 429 with Retry-After, a wrong key 401.
 */
import { parseIp } from '../../attempt/ip-address.ts';
import { countIn, membersOf, NONSENSE, type ProviderApi, scoreIn } from '../provider-api.ts';

/** The documentation's own default: an address changes hands. */
const MAX_AGE_DAYS = 30;

export const ABUSEIPDB: ProviderApi = {
  name: 'abuseipdb',
  home: 'https://api.abuseipdb.com',
  request: ({ text }, key) => ({
    path: `/api/v2/check?ipAddress=${encodeURIComponent(text)}&maxAgeInDays=${MAX_AGE_DAYS}`,
    headers: { key },
  }),
  read(answer, ip) {
    const data = membersOf(membersOf(answer)?.data);
    const { ipAddress, abuseConfidenceScore, totalReports } = data ?? {};
    const score = scoreIn(abuseConfidenceScore);
    const reports = countIn(totalReports);
    // An answer about another address is nobody's, whoever mixed it up.
    const isAboutIt = typeof ipAddress === 'string' && parseIp(ipAddress)?.text === ip.text;
    if (score === null || reports === null || !isAboutIt) return NONSENSE;
    const message = `AbuseIPDB: confidence of abuse ${score}, ${reports} reports in ${MAX_AGE_DAYS} days`;
    return { kind: 'score', score, message };
  },
};
