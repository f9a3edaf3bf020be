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

const auto = {
  state: 'auto',
  until: null,
  reason: null,
  turned_at: null,
  turned_by: null,
  level: 'normal',
  segments: [],
} as const;
const attacked = {
  ...auto,
  level: 'under_attack',
  segments: [
    {
      segment: 'bin:424242&country:rare',
      level: 'under_attack',
      since: '2026-11-21T03:00:00.000Z',
      seen_at: '2026-11-21T03:12:00.000Z',
      attempts: 47,
      failures: 41,
      usual_share: 0.114,
    },
  ],
} as const;

const twoPlaces = {
  places: [
    {
      place: 'nl.origin.acme.example',
      country: 'NL',
      priority: 1,
      weight: 1,
      state: 'drained',
      since: null,
      why: null,
    },
    {
      place: 'de.origin.acme.example',
      country: 'DE',
      priority: 2,
      weight: 1,
      state: 'up',
      since: null,
      why: null,
    },
  ],
  drains: [
    {
      country: 'NL',
      place: null,
      until: null,
      reason: 'an attack on the line',
      turned_at: '2026-11-21T03:00:00.000Z',
      turned_by: 'admin',
    },
  ],
} as const;

export const switchCalls: readonly DescribedCall[] = [
  {
    operationId: 'getSwitches',
    method: 'get',
    path: '/.cordon/v1/merchants/{id}/switches',
    tag: 'Switches',
    summary: 'How the switches stand',
    description:
      'Whether a bypass is in force, until when, and who turned it on and why; and how attack mode stands: what was said by hand, and which segments the watch holds for attacked; and how the servers of the shop stand: which are down, which are drained.',
    who: ['manage'],
    fill: { id: 'acme' },
    answers: [
      {
        status: 200,
        description: 'How they stand.',
        schema: 'Switches',
        examples: {
          guarded: { bypass: off, attack_mode: auto, origin: null },
          bypassed: { bypass: on, attack_mode: auto, origin: null },
          attacked: { bypass: off, attack_mode: attacked, origin: null },
          drained: { bypass: off, attack_mode: auto, origin: twoPlaces },
        },
      },
    ],
    problems: [...MANAGED_PROBLEMS, 'not_found'],
  },
  {
    operationId: 'turnSwitches',
    method: 'post',
    path: '/.cordon/v1/merchants/{id}/switches',
    tag: 'Switches',
    summary: 'Turn a bypass, attack mode or a drain',
    description:
      'For the night when Cordon itself is suspected: with `{"bypass":"on","until":"2026-11-21T03:30:00Z","reason":"payments fail since the release"}` the merchant is as in `mode: "off"`, everything goes on unjudged over https and is recorded, and it ends by itself at `until`, 24 hours from now at most. In force at the next attempt that asks the gate and within five seconds elsewhere; where the gate does not answer, through KV within a minute and a half. The configuration and its version stay what they are. With `{"attack_mode":"on","until":…}` every stranger is stepped up at the next attempt (the panic button), with `off` nobody is, and with `auto` the watch alone says again. With `{"drain":{"country":"NL"},"until":…}` or `{"drain":{"place":"nl.origin.acme.example"}}` nothing is sent to those servers, from the next payment that asks the gate on and within five seconds elsewhere, until then or until `{"undrain":…}`; the last place that is left cannot be drained.',
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
          drained: { origin: twoPlaces },
          panic: { attack_mode: { ...auto, state: 'on', reason: 'a flood of declines', turned_by: 'admin' } },
        },
      },
    ],
    problems: [...BODY_PROBLEMS, ...MANAGED_PROBLEMS, 'not_found', 'attack_mode_off'],
  },
];
