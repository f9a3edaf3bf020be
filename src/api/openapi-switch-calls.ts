/**
 * Described: switches, which an operator turns without touching the configuration.
 */
import { BODY_PROBLEMS, type DescribedCall, MANAGED_PROBLEMS } from './openapi-call.ts';

const off = { state: 'off', until: null, reason: null, turned_at: null, turned_by: null } as const;
const on = {
  state: 'on',
  until: '2026-11-21T03:30:00.000Z',
  reason: 'payments fail since the release',
  turned_at: '2026-11-21T03:00:00.000Z',
  turned_by: 'admin',
} as const;

export const switchCalls: readonly DescribedCall[] = [
  {
    operationId: 'getSwitches',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/switches',
    tag: 'Switches',
    summary: 'How the switches stand',
    description: 'Whether a bypass is in force, until when, and who turned it on and why.',
    who: ['manage'],
    fill: { id: 'acme' },
    answers: [
      {
        status: 200,
        description: 'How they stand.',
        schema: 'Switches',
        examples: { guarded: { bypass: off }, bypassed: { bypass: on } },
      },
    ],
    problems: [...MANAGED_PROBLEMS, 'not_found'],
  },
  {
    operationId: 'turnSwitches',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/switches',
    tag: 'Switches',
    summary: 'Turn a bypass on or off',
    description:
      'For the night when Cordon itself is suspected: with `{"bypass":"on","until":"2026-11-21T03:30:00Z","reason":"payments fail since the release"}` the merchant is as in `mode: "off"`, everything goes on unjudged over https and is recorded, and it ends by itself at `until`, 24 hours from now at most. In force at the next attempt that asks the gate and within five seconds elsewhere; where the gate does not answer, through KV within a minute and a half. The configuration and its version stay what they are.',
    who: ['manage'],
    fill: { id: 'acme' },
    request: { schema: 'SwitchRequest', example: { bypass: 'off', reason: 'it was the bank' } },
    answers: [
      {
        status: 200,
        description: 'How they stand now, and who has heard of it.',
        schema: 'Turn',
        examples: {
          ended: { bypass: off, heard: { gate: true, kv: true } },
          begun: { bypass: on, heard: { gate: true, kv: true } },
        },
      },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found'],
  },
];
