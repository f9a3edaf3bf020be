// Before the day begins: the lists that all merchants share, and one merchant a layer.

import { writeBinTable } from './cards.ts';
import type { Guard } from './guard.ts';
import { scannerAddress } from './honest.ts';
import { binsName, feedName, type Layer, merchantId, merchantOf } from './layers.ts';

const leaseSeconds = 3_600;

export async function importTables(guard: Guard, feed: string): Promise<void> {
  await guard.manage('PUT', `/feeds/${feedName}`, feed);
  await guard.manage('PUT', `/feeds/${binsName}?kind=bins`, writeBinTable());
}

export async function openShop(guard: Guard, layer: Layer): Promise<void> {
  const merchant = merchantOf(layer, guard.shopUrl);
  await guard.manage('PUT', `/merchants/${merchantId(layer)}`, merchant);
  if (!layer.hasServerRoute) return;
  const lease = { cidr: `${scannerAddress}/32`, owner: 'risk scanning', ttl_seconds: leaseSeconds };
  await guard.manage('POST', `/merchants/${merchantId(layer)}/leases`, lease);
}
