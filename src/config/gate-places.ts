/**
 * Where a merchant's gate may be, for whoever cannot know: a jurisdiction is part of its identity.
 */
import type { GateLocation, Gates } from '../gate/gate-client.ts';
import { JURISDICTIONS } from './merchant-schema.ts';

export function gatePlaces({ haveJurisdictions }: Pick<Gates, 'haveJurisdictions'>): readonly GateLocation[] {
  return haveJurisdictions ? [{}, ...JURISDICTIONS.map((jurisdiction) => ({ jurisdiction }))] : [{}];
}
