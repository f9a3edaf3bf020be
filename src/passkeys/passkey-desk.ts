/**
 * What can be done with a customer's passkeys, and what is answered: for his own browser, and for his shop's backend. The
 * library loads when one is enrolled.
 */
import { log } from '../journal/log.ts';
import type { Enrolling, Enrolment } from '../step-up/passkey-enrolment.ts';
import { type Passkey, usableFrom } from '../step-up/passkey-record.ts';
import { siteOf } from '../step-up/passkey-site.ts';
import type { Registration } from '../step-up/registration.ts';
import { ownSecret } from '../step-up/token.ts';
import { problem } from '../wire.ts';
import type { Holder } from './holder.ts';

/** A passkey as it is told. */
export interface ToldPasskey {
  readonly id: string;
  readonly rp_id: string;
  readonly created_at: string;
  readonly created_by: string;
  /** Before, it proves nothing. */
  readonly usable_from: string;
  readonly last_used_at: string | null;
  /** It may have a copy, and proves nothing any more. */
  readonly suspect: boolean;
}

/** `host`: of the page that is to make it, name and port where it has one. `label`: what the device calls the customer. */
export async function posePasskey(holder: Holder, host: string, label?: string): Promise<Response> {
  const enrolling = await enrollingOf(holder, host);
  if (enrolling === null) return problem('not_found');
  const { poseEnrolment } = await import('../step-up/passkey-enrolment.ts');
  const posed = await poseEnrolment(enrolling, label ?? enrolling.settings.relyingPartyName);
  if (posed === null) return problem('gate_unavailable');
  return posed === 'too_many' ? problem('passkey_limit') : Response.json(posed);
}

export async function enrolPasskey(holder: Holder, host: string, answer: Registration): Promise<Response> {
  const enrolling = await enrollingOf(holder, host);
  if (enrolling === null) return problem('not_found');
  const { enrol } = await import('../step-up/passkey-enrolment.ts');
  return answered(holder, await enrol(enrolling, answer, holder.by));
}

export async function listPasskeys(holder: Holder): Promise<Response> {
  const passkeys = await holder.shelf.of(holder.customer);
  if (passkeys === null) return problem('gate_unavailable');
  return Response.json({ passkeys: passkeys.map((one) => toldOf(one, holder)) });
}

/** What was removed, or the answer where nothing was. */
export async function removePasskey(holder: Holder, id: string): Promise<ToldPasskey | 'unknown' | 'unsure'> {
  const removed = await holder.shelf.remove(holder.customer, id);
  if (removed === null) return 'unsure';
  return removed === 'unknown' ? 'unknown' : toldOf(removed, holder);
}

async function enrollingOf({ keeper, customer, shelf, now }: Holder, host: string): Promise<Enrolling | null> {
  const { settings, secretsKey } = keeper.passkeys;
  const site = siteOf(host, settings);
  if (site === null) return null;
  return { customer, site, settings, shelf, secret: await ownSecret(secretsKey, 'passkey enrolments'), now };
}

function answered(holder: Holder, enrolment: Enrolment): Response {
  const { merchant } = holder.keeper;
  switch (enrolment.kind) {
    case 'enrolled': {
      const { passkey } = enrolment;
      log({ event: 'passkey', merchant, result: 'enrolled', passkey: passkey.id, by: holder.by });
      const made = { ...passkey, createdAt: holder.now, lastUsedAt: null, suspectSince: null };
      return Response.json(toldOf(made, holder), { status: 201 });
    }
    case 'refused':
      return refused(holder, enrolment.because);
    case 'replayed':
    case 'taken':
      return refused(holder, enrolment.kind);
    case 'too_many':
      return problem('passkey_limit');
    case 'full':
      return problem('storage_unavailable');
    case 'unavailable':
      return problem('gate_unavailable');
  }
}

function refused({ keeper: { merchant }, by }: Holder, because: string): Response {
  log({ event: 'passkey', merchant, result: 'refused', because, by });
  return problem('passkey_refused', { detail: because });
}

function toldOf(passkey: Passkey, { keeper }: Holder): ToldPasskey {
  const { id, relyingParty, createdAt, enrolledBy, lastUsedAt, suspectSince } = passkey;
  return {
    id,
    rp_id: relyingParty,
    created_at: timeOf(createdAt),
    created_by: enrolledBy,
    usable_from: timeOf(usableFrom(passkey, keeper.passkeys.settings.minAgeMs)),
    last_used_at: lastUsedAt === null ? null : timeOf(lastUsedAt),
    suspect: suspectSince !== null,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
