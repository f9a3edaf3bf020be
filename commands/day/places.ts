// Where the day's visitors come from: networks as the edge names them, with made-up addresses of 10.0.0.0/8, so that
// no real address is ever on a list. The numbers of the networks are real: classes go by them.

export interface Place {
  asn: number;
  country: string;
  timezone: string;
  /** The second byte of its addresses. */
  block: number;
}

const place = (asn: number, country: string, timezone: string, block: number): Place => {
  return { asn, country, timezone, block };
};

/** Homes, phones and offices where the shop sells. */
export const homes: readonly Place[] = [
  place(1136, 'NL', 'Europe/Amsterdam', 1), // KPN
  place(33915, 'NL', 'Europe/Amsterdam', 2), // VodafoneZiggo
  place(3320, 'DE', 'Europe/Berlin', 3), // Deutsche Telekom
  place(6805, 'DE', 'Europe/Berlin', 4), // Telefónica Germany
  place(3215, 'FR', 'Europe/Paris', 5), // Orange
  place(12322, 'FR', 'Europe/Paris', 6), // Free
];

/** Homes in countries where the shop does not sell, whose own cards it takes. */
export const abroad: readonly Place[] = [
  place(7922, 'US', 'America/New_York', 11), // Comcast
  place(2856, 'GB', 'Europe/London', 12), // BT
  place(4713, 'JP', 'Asia/Tokyo', 13), // NTT
  place(1221, 'AU', 'Australia/Sydney', 14), // Telstra
];

/** Holidays within the Union. */
export const holidays: readonly Place[] = [
  place(3352, 'ES', 'Europe/Madrid', 16), // Telefónica de España
  place(3269, 'IT', 'Europe/Rome', 17), // Telecom Italia
  place(6866, 'CY', 'Asia/Nicosia', 18), // Cyta
];

export const universities: readonly Place[] = [
  place(1103, 'NL', 'Europe/Amsterdam', 21), // SURF
  place(680, 'DE', 'Europe/Berlin', 22), // DFN
];

/** Private Relay, and offices behind a security provider. */
export const relays: readonly Place[] = [
  place(36183, 'NL', 'Europe/Amsterdam', 26), // Akamai, Private Relay
  place(13335, 'DE', 'Europe/Berlin', 27), // Cloudflare, Private Relay and WARP
  place(22616, 'FR', 'Europe/Paris', 28), // Zscaler
];

export const vpns: readonly Place[] = [
  place(9009, 'NL', 'Europe/Amsterdam', 31), // M247
  place(212238, 'DE', 'Europe/Berlin', 32), // Datacamp
];

export const dataCentres: readonly Place[] = [
  place(14061, 'NL', 'Europe/Amsterdam', 41), // DigitalOcean
  place(24940, 'DE', 'Europe/Berlin', 42), // Hetzner
  place(16276, 'FR', 'Europe/Paris', 43), // OVH
  place(16509, 'DE', 'Europe/Berlin', 44), // AWS
];

/** Homes whose machines are somebody else's, where the shop does not sell. */
export const botHomes: readonly Place[] = [
  place(45899, 'VN', 'Asia/Ho_Chi_Minh', 51), // VNPT
  place(7713, 'ID', 'Asia/Jakarta', 52), // Telkom Indonesia
  place(28573, 'BR', 'America/Sao_Paulo', 53), // Claro
  place(9829, 'IN', 'Asia/Kolkata', 54), // BSNL
];

export const tor: Place = place(60729, 'T1', 'Europe/Berlin', 61);

/** The shop's own core, and the range that somebody else announces. */
export const core: Place = place(1103, 'NL', 'Europe/Amsterdam', 71);
export const elsewhere: Place = place(64500, 'BR', 'America/Sao_Paulo', 71);
