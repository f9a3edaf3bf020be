/**
 * Allowlists as long as a test needs them: half IPv4, half IPv6, every field in use.
 */
export interface WrittenEntry {
  readonly cidr: string;
  readonly label: string;
  readonly asn: number;
  readonly country: string;
  readonly expires_at: string;
}

export function longAllowlist(count: number): readonly WrittenEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    cidr: index % 2 === 0 ? ipv4(index * 16) : `2001:db8:${index.toString(16)}:abcd::/64`,
    label: `payment core ${index}`,
    asn: 4_200_000_000 + index,
    country: 'NL',
    expires_at: '2030-12-31T23:59:59Z',
  }));
}

function ipv4(offset: number): string {
  const number = 0x0a000000 + offset;
  return `${[24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.')}/28`;
}
