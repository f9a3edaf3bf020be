/**
 * Every example of the documentation is run against the Worker: what is written there works.
 */
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as calls from '../../examples/api/calls.ts';
import { client } from '../../examples/api/client.ts';
import type { Answer, Media } from '../../src/api/openapi-document.ts';
import { ANSWERS } from '../../src/api/openapi-schemas.ts';
import type { Cordon } from '../../src/client/client.ts';
import { stripeSignature } from './backend.ts';
import { requestOf, type Variables } from './openapi-shell.ts';
import {
  admin,
  type Described,
  description,
  operations,
  type Stage,
  setStage,
  URL_OF_CORDON,
  variablesOf,
} from './openapi-stage.ts';

const sampleOf = ({ operation }: Described, lang: string) =>
  operation['x-codeSamples'].find((sample) => sample.lang === lang)?.source ?? '';

describe.each(operations)('$id', (described) => {
  it('in the shell: answers as documented', async () => {
    const variables = variablesOf(await setStage('acme'));
    const line = sampleOf(described, 'Shell');
    const body = await requestOf(line, { ...variables, SIGNATURE: 'of this' }).text();
    const signed = { ...variables, SIGNATURE: await stripeSignature(body) };
    const answer = await exports.default.fetch(requestOf(line, signed));
    const documented = described.operation.responses[String(answer.status)];
    expect(answer.status, await answer.clone().text()).toBeLessThan(300);
    expect(documented, `the status ${answer.status}`).toBeDefined();
    const [type, media] = Object.entries((documented as Answer).content ?? {})[0] ?? [];
    expect(answer.headers.get('content-type')?.split(';')[0] ?? undefined).toBe(type);
    if (media !== undefined) await expectFit(media, answer);
  });

  it('shows answers that fit', () => {
    for (const answer of Object.values(described.operation.responses)) {
      if ('$ref' in answer) continue;
      for (const media of Object.values(answer.content ?? {})) {
        for (const { value } of Object.values(media.examples ?? {})) expectDocumentFit(media, value);
      }
    }
  });
});

const argumentOf: Readonly<Record<string, keyof Stage>> = {
  reportOutcome: 'evaluation',
  getEvaluation: 'evaluation',
  explainDecision: 'evaluation',
  revokeKey: 'keyId',
  liftBlock: 'block',
  renewLease: 'lease',
  revokeLease: 'lease',
  removeListItem: 'item',
  poseEnrolment: 'customer',
  enrolPasskey: 'customer',
  listPasskeys: 'customer',
  removePasskey: 'customer',
  resendAlert: 'message',
  getVersion: 'version',
  compareVersions: 'version',
  restoreVersion: 'version',
};
/** And what they take besides. */
const furtherOf: Readonly<Record<string, keyof Stage>> = { enrolPasskey: 'registration', removePasskey: 'passkey' };
type Sample = (cordon: Cordon, argument: string, further: string) => Promise<unknown>;

describe.each(Object.entries(calls))('%s', (name, sample: Sample) => {
  it('in TypeScript: does what it says', async () => {
    const stage = await setStage('acme');
    const [argument, further] = [stage[argumentOf[name] ?? 'merchant'], stage[furtherOf[name] ?? 'proof']];
    await expect(sample(admin(), argument, further)).resolves.not.toThrow();
  });
});

it('the first lines make a client', () => {
  expect(client({ CORDON_URL: URL_OF_CORDON, CORDON_KEY: 'ck_x' }).onUnreachable).toBe('block');
});

it('shows problems as they are', () => {
  const medias = Object.values(description.components.responses).flatMap(({ content = {} }) => Object.values(content));
  expect(medias.length).toBeGreaterThan(5);
  for (const media of medias)
    for (const { value } of Object.values(media.examples ?? {})) expectDocumentFit(media, value);
});

/** From nothing to a payer who is let in again, with the lines of the page alone. */
it('the first steps lead to a payment', async () => {
  let variables: Variables = { CORDON_URL: URL_OF_CORDON, CORDON_ADMIN_KEY: env.CORDON_ADMIN_KEY };
  const run = async (id: string, learn: Readonly<Record<string, string>> = {}, change = (line: string) => line) => {
    const found = operations.find((it) => it.id === id);
    const line = change(found === undefined ? '' : sampleOf(found, 'Shell'));
    const answer = await exports.default.fetch(requestOf(line, variables));
    const body = (await answer.json()) as Record<string, unknown>;
    for (const [name, field] of Object.entries(learn)) variables = { ...variables, [name]: String(body[field]) };
    return body;
  };
  await admin()
    .merchants.delete('acme')
    .catch(() => {});
  await run('putMerchant');
  await run('createKey', { CORDON_KEY: 'key' });
  for (const name of ['try-2001', 'try-2002', 'try-2003']) {
    const anew = (line: string) => line.replace('try-1001', name).replaceAll('203.0.113.9', '198.51.100.7');
    const evaluation = await run('createEvaluation', { EVALUATION: 'id' }, anew);
    expect(evaluation).toMatchObject({ decision: 'allow' });
    expect(await run('reportOutcome')).toMatchObject({ outcome: { status: 'failed' } });
  }
  const again = (name: string) => (line: string) =>
    line.replace('try-1001', name).replaceAll('203.0.113.9', '198.51.100.7');
  expect(await run('createEvaluation', {}, again('try-2004'))).toMatchObject({ decision: 'block' });
  expect(await run('unblock', {}, again(''))).toMatchObject({ lifted: expect.arrayContaining([expect.anything()]) });
  expect(await run('createEvaluation', {}, again('try-2005'))).toMatchObject({ decision: 'allow' });
});

async function expectFit(media: Media, answer: Response): Promise<void> {
  if (media.schema.$ref === undefined) return;
  expectDocumentFit(media, await answer.json());
}

function expectDocumentFit({ schema }: Media, value: unknown): void {
  const known = ANSWERS[schema.$ref?.split('/').at(-1) ?? ''];
  expect(known, schema.$ref).toBeDefined();
  expect(known?.safeParse(value).error?.issues ?? []).toEqual([]);
}
