/**
 * The bodies of the examples about deny and allow lists.
 */
export const listItemRequestExample = {
  type: 'ip',
  value: '203.0.113.77',
  reason: 'chargebacks in May',
  expires_at: '2090-01-01T00:00:00Z',
} as const;

export const listItemExample = {
  id: 'li_WyJpcCIsIjIwMy4wLjExMy43NyJd',
  list: 'deny',
  type: 'ip',
  value: '203.0.113.77',
  reason: 'chargebacks in May',
  actor: 'admin',
  created_at: '2026-11-21T10:00:00.000Z',
  updated_at: '2026-11-21T10:00:00.000Z',
  expires_at: '2090-01-01T00:00:00.000Z',
} as const;

export const listItemsExample = { items: [listItemExample], next_cursor: null } as const;

export const importedExample = {
  added: 99_998,
  updated: 1,
  refused: 1,
  lines: [{ line: 17, message: 'value must be an IPv4 or IPv6 address' }],
  dry_run: false,
  is_complete: true,
} as const;
