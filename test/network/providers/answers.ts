/**
 * Answers as the providers' documentation shows them, for a valid baseline.
 */

/** docs.abuseipdb.com, "CHECK Endpoint", without `verbose`. */
export const ABUSEIPDB_ANSWER = {
  data: {
    ipAddress: '118.25.6.39',
    isPublic: true,
    ipVersion: 4,
    isWhitelisted: false,
    abuseConfidenceScore: 87,
    countryCode: 'CN',
    usageType: 'Data Center/Web Hosting/Transit',
    isp: 'Tencent Cloud Computing (Beijing) Co. Ltd',
    domain: 'tencent.com',
    hostnames: [],
    isTor: false,
    totalReports: 42,
    numDistinctUsers: 10,
    lastReportedAt: '2026-11-20T20:55:14+00:00',
  },
};

/** ipqualityscore.com/documentation/proxy-detection, a free account. */
export const IPQUALITYSCORE_ANSWER = {
  success: true,
  message: 'Success',
  fraud_score: 85,
  country_code: 'RU',
  region: 'Penzenskaya Oblast',
  city: 'Penza',
  ISP: 'Rostelecom',
  ASN: 12389,
  organization: 'Rostelecom',
  is_crawler: false,
  timezone: 'Europe/Moscow',
  mobile: false,
  host: 'host-85-237-43-223.dsl.example.ru',
  proxy: true,
  vpn: false,
  tor: false,
  active_vpn: false,
  active_tor: false,
  recent_abuse: true,
  bot_status: false,
  connection_type: 'Premium required.',
  abuse_velocity: 'Premium required.',
  zip_code: 'N/A',
  latitude: 53.1958,
  longitude: 45,
  request_id: '4ZDu3uZ9dGK3Xh',
};
