/**
 * The bodies of the examples about versions and changes.
 */
const FIRST = '5f2d0c7a9e1b4c3d8a6f0e9d7c5b3a19';
const SECOND = '9a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d';

export const versionsExample = {
  versions: [
    { version: SECOND, in_force: true, since: '2026-11-21T12:00:00.000Z', who: 'admin', restores: null, bytes: 412 },
    { version: FIRST, in_force: false, since: '2026-11-20T09:30:00.000Z', who: 'kv', restores: null, bytes: 398 },
  ],
  next_cursor: null,
} as const;

export const differenceExample = {
  version: SECOND,
  with: FIRST,
  differences: [
    { path: '/card_testing_guard_config/card_ip_blocking_threshold', before: 5, after: 3 },
    { path: '/velocity/0', after: { name: 'cards_per_ip', by: ['ip'], count: 'distinct_cards', limit: 4 } },
  ],
  count: 2,
} as const;

export const restoredExample = { version: FIRST, restores: FIRST, replaced: SECOND } as const;

export const changesExample = {
  changes: [
    {
      id: 'ch_019c5f3a1b2c0123456789abcdef0123',
      at: '2026-11-21T12:00:00.000Z',
      merchant: 'acme',
      who: 'admin',
      what: 'merchant.put',
      before: FIRST,
      after: SECOND,
    },
  ],
  next_cursor: null,
} as const;
