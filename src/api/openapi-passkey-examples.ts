/**
 * The bodies of the examples about passkeys.
 */
export const passkeyOptionsExample = { host: 'shop.acme.example', label: 'ada@example.com' } as const;

export const passkeyEnrolmentExample = {
  host: 'shop.acme.example',
  response: {
    id: '$CREDENTIAL',
    rawId: '$CREDENTIAL',
    type: 'public-key',
    response: { clientDataJSON: '$CLIENT_DATA', attestationObject: '$ATTESTATION', transports: ['internal'] },
  },
} as const;

export const passkeyExample = {
  id: 'pk_0123456789abcdef01234567',
  rp_id: 'shop.acme.example',
  created_at: '2026-11-21T10:00:00.000Z',
  created_by: 'customer',
  usable_from: '2026-11-24T10:00:00.000Z',
  last_used_at: null,
  suspect: false,
} as const;

export const creationOptionsExample = {
  challenge: 'AZ…',
  rp: { name: 'Acme', id: 'shop.acme.example' },
  user: { id: 'Zm…', name: 'ada@example.com', displayName: 'ada@example.com' },
  attestation: 'none',
  authenticatorSelection: { userVerification: 'required', residentKey: 'preferred', requireResidentKey: false },
} as const;
