// The commands about leases: what they ask of Cordon, and what they say.

import type { Cordon, Lease, NewLease } from '../../src/client/client.ts';
import { type Said, table, timeOf } from './answers.ts';
import type { Command } from './arguments.ts';
import { UsageError } from './usage.ts';

export type LeaseCommand = Extract<Command, { kind: `lease ${string}` }>;

export async function obeyLease(command: LeaseCommand, cordon: Cordon, askForProof: () => Promise<string>) {
  const { merchant } = command;
  switch (command.kind) {
    case 'lease list':
      return sayLeases(await allLeases(cordon, merchant));
    case 'lease add': {
      const { cidr, owner, reason, ttlSeconds: ttl_seconds } = command;
      return sayNewLease(await cordon.leases.create(merchant, { cidr, owner, reason, ttl_seconds }));
    }
    case 'lease renew': {
      const proof = await askForProof();
      if (proof === '') throw new UsageError('No proof was given.');
      const lease = await cordon.leases.renew(merchant, command.lease, { proof, ttl_seconds: command.ttlSeconds });
      return { json: lease, text: leaseTable([lease]) };
    }
    case 'lease revoke':
      await cordon.leases.revoke(merchant, command.lease);
      return { json: { revoked: command.lease }, text: 'Revoked.\n' };
  }
}

async function allLeases(cordon: Cordon, merchant: string): Promise<Lease[]> {
  const leases: Lease[] = [];
  let cursor: string | null = null;
  do {
    const page = await cordon.leases.list(merchant, { cursor, limit: 1000 });
    leases.push(...page.leases);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return leases;
}

function sayLeases(leases: readonly Lease[]): Said {
  return { json: { leases }, text: leases.length === 0 ? 'Nothing is leased.\n' : leaseTable(leases) };
}

function sayNewLease(lease: NewLease): Said {
  const rows = [
    ['id', lease.id],
    ['proof', lease.proof],
    ['addresses', lease.cidr],
    ['until', timeOf(lease.expires_at)],
    ['at most until', timeOf(lease.renewable_until)],
  ];
  return { json: lease, text: `${table([], rows)}The proof is shown here once: without it nobody renews the lease.\n` };
}

function leaseTable(leases: readonly Lease[]): string {
  const rows = leases.map(({ id, cidr, owner, reason, created_by, expires_at, renewable_until }) => [
    id,
    cidr,
    reason === null ? owner : `${owner}\n${reason}`,
    created_by,
    timeOf(expires_at),
    timeOf(renewable_until),
  ]);
  return table(['lease', 'addresses', 'owner', 'by', 'until', 'at most until'], rows);
}
