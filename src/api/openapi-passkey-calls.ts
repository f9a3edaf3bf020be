/**
 * Described: passkeys of customers.
 */
import { BODY_PROBLEMS, type DescribedCall, MANAGED_PROBLEMS } from './openapi-call.ts';
import * as examples from './openapi-passkey-examples.ts';

const path = '/.cordon/v1/merchants/{id}/customers/{customer_id}/passkeys';
const fill = { id: 'acme', customer_id: '$CUSTOMER' };

export const passkeyCalls: readonly DescribedCall[] = [
  {
    operationId: 'poseEnrolment',
    method: 'post',
    path: `${path}/options`,
    tag: 'Passkeys',
    summary: 'What a browser needs to make a passkey',
    description:
      "For a shop whose backend speaks for its customers, in place of `POST /.cordon/passkeys/options` on the shop's host. Only of a customer who is signed in: you vouch for him. Hand the answer to the page, which gives it to `navigator.credentials.create` (`@simplewebauthn/browser`, `startRegistration`).",
    who: ['manage'],
    fill,
    request: { schema: 'PasskeyOptionsRequest', example: examples.passkeyOptionsExample },
    answers: [
      {
        status: 200,
        description: 'The options.',
        schema: 'PasskeyOptions',
        examples: { one: examples.creationOptionsExample },
      },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found', 'passkeys_off', 'passkey_limit'],
  },
  {
    operationId: 'enrolPasskey',
    method: 'post',
    path,
    tag: 'Passkeys',
    summary: 'Enrol a passkey',
    description:
      'What the browser made for the options of a moment ago: with the user verified, on a page of `host`. It proves something from `usable_from` on: whoever enrols one right before he pays gains nothing.',
    who: ['manage'],
    fill,
    request: { schema: 'PasskeyEnrolment', example: examples.passkeyEnrolmentExample },
    answers: [
      { status: 201, description: 'The passkey.', schema: 'Passkey', examples: { one: examples.passkeyExample } },
    ],
    problems: [
      ...BODY_PROBLEMS,
      ...MANAGED_PROBLEMS,
      'not_found',
      'passkeys_off',
      'passkey_limit',
      'passkey_refused',
      'storage_unavailable',
    ],
  },
  {
    operationId: 'listPasskeys',
    method: 'get',
    path,
    tag: 'Passkeys',
    summary: "List a customer's passkeys",
    description: 'All of them, the oldest first. Of a customer without any: none.',
    who: ['manage'],
    fill,
    answers: [
      {
        status: 200,
        description: 'All.',
        schema: 'Passkeys',
        examples: { one: { passkeys: [examples.passkeyExample] } },
      },
    ],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'passkeys_off'],
  },
  {
    operationId: 'removePasskey',
    method: 'delete',
    path: `${path}/{passkey_id}`,
    tag: 'Passkeys',
    summary: 'Remove a passkey',
    description: 'It proves nothing from now on. Whoever lost a device removes it here, and enrols another.',
    who: ['manage'],
    fill: { ...fill, passkey_id: '$PASSKEY' },
    answers: [{ status: 204, description: 'Removed.' }],
    problems: [...MANAGED_PROBLEMS, 'not_found', 'invalid_request', 'passkeys_off'],
  },
];
