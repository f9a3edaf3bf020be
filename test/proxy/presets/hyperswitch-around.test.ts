/**
 * Ways around the preset for Hyperswitch: what its server takes in other clothes is read, or refused. It cannot run
 * here; its source says what it takes:
 * - actix-web's Json: `application/json` or any `+json`, any charset parameter (actix-web, src/types/json.rs);
 * - serde: names exactly as they are, unknown ones ignored, a doubled one refused by derived structs and the last taken
 *   within `serde_json::Value` and flattened parts (serde.rs/field-attrs; serde_json, src/map.rs);
 * - actix-router: percent-encoded ASCII in a path is decoded before it is matched (actix-router, src/quoter.rs);
 * - its imitation of Stripe: `serde_qs` over the body's bytes, whatever the content type says (compatibility/stripe).
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInOrigin } from '../../support/origin.ts';
import { countsTogether, fateOf, runPreset, type Sent } from '../../support/preset-shop.ts';

const CARD = '4242424242424242';
const OTHER = '5555555555554444';
const data = `"payment_method_data":{"card":{"card_number":"${CARD}","card_cvc":"123"}}`;
const json = (text: string, path = '/payments', type = 'application/json'): Sent => ({
  path,
  body: text,
  headers: { 'content-type': type },
});
const form = (body: string, path = '/vs/v1/payment_intents', type?: string): Sent => ({
  path,
  body,
  ...(type === undefined ? {} : { headers: { 'content-type': type } }),
});

const UNREADABLE = 'refused: unreadable';
const TYPE = 'refused: unsupported_media_type';
const PATH = 'refused: ambiguous_path';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  await runPreset('hyperswitch');
});
afterEach(() => vi.unstubAllGlobals());

describe.each<[string, readonly [string, Sent, string][]]>([
  [
    'a payment',
    [
      ['as it is documented', json(`{"confirm":true,${data}}`), 'judged'],
      ['with escaped names', json(`{"confirm":true,${data.replace('card_number', 'card\\u005fnumber')}}`), 'judged'],
      ['with a vendor’s type', json(`{"confirm":true,${data}}`, '/payments', 'application/vnd.api+json'), TYPE],
      ['with another charset', json(`{"confirm":true,${data}}`, '/payments', 'application/json; charset=latin1'), TYPE],
      ['as a form', form(`confirm=true&payment_method_data[card][card_number]=${CARD}`, '/payments'), TYPE],
      ['with a card twice', json(`{"confirm":true,${data},${data.replace(CARD, OTHER)}}`), UNREADABLE],
      [
        'with a number twice',
        json(`{"confirm":true,${data.replace('"card_cvc"', `"card_number":"${OTHER}","x"`)}}`),
        UNREADABLE,
      ],
      [
        'with a second card',
        json(`{"confirm":true,${data},"recurring_details":{"data":{"card_number":"${OTHER}"}}}`),
        UNREADABLE,
      ],
      ['with a card in metadata', json(`{"confirm":true,${data},"metadata":{"n":"${OTHER}"}}`), UNREADABLE],
      [
        'with a list of cards',
        json(`{"confirm":true,"payment_method_data":{"card":{"card_number":["${CARD}"]}}}`),
        UNREADABLE,
      ],
      ['with a list of methods', json(`{"confirm":true,"split_payment_method_data":[{${data}}]}`), UNREADABLE],
      ['with a token in a list', json('{"confirm":true,"payment_token":["token_1"]}'), UNREADABLE],
      ['with a token in other letters', json('{"confirm":true,"paymentToken":"token_1"}'), UNREADABLE],
      ['with half a JSON', json(`{"confirm":true,${data}`), UNREADABLE],
    ],
  ],
  [
    'a confirmation',
    [
      ['said in a text', json(`{"confirm":"true",${data}}`), 'judged'],
      ['said in a number', json(`{"confirm":1,${data}}`), 'judged'],
      ['said in an empty list', json(`{"confirm":[],${data}}`), 'judged'],
      ['said in a list', json(`{"confirm":[true],${data}}`), UNREADABLE],
      ['said twice', json(`{"confirm":false,"confirm":true,${data}}`), UNREADABLE],
      ['said in capitals beside', json(`{"confirm":false,"Confirm":true,${data}}`), UNREADABLE],
      ['said in the query', { ...json(`{${data}}`), path: '/payments?confirm=true' }, UNREADABLE],
    ],
  ],
  [
    'a path',
    [
      ['with an encoded letter', json(`{"confirm":true,${data}}`, '/%70ayments'), PATH],
      ['with an encoded id', json(`{${data}}`, '/payments/pay%5F1/confirm'), PATH],
      ['with a slash more', json(`{"confirm":true,${data}}`, '//payments'), PATH],
      ['with a slash at its end', json(`{"confirm":true,${data}}`, '/payments/'), PATH],
      [
        'with another method',
        { ...json(`{${data}}`, '/payments/pay_1/confirm'), method: 'PUT' },
        'refused: method_not_allowed',
      ],
    ],
  ],
  [
    'its imitation of Stripe',
    [
      ['as a form', form(`confirm=true&payment_method_data[card][number]=${CARD}`), 'judged'],
      [
        'under another type',
        form(`confirm=true&payment_method_data[card][number]=${CARD}`, '/vs/v1/payment_intents', 'text/plain'),
        TYPE,
      ],
      [
        'under the type of JSON',
        form(`confirm=true&payment_method_data[card][number]=${CARD}`, '/vs/v1/payment_intents', 'application/json'),
        TYPE,
      ],
      ['confirmed twice', form(`confirm=false&confirm=true&payment_method_data[card][number]=${CARD}`), UNREADABLE],
      [
        'with two numbers',
        form(`confirm=true&payment_method_data[card][number]=${CARD}&payment_method_data[card][number]=${OTHER}`),
        UNREADABLE,
      ],
      [
        'confirmed in the path',
        form(`payment_method_data[card][number]=${CARD}`, '/vs/v1/payment_intents/pi_1/Confirm'),
        PATH,
      ],
    ],
  ],
])('%s', (_, cases) => {
  it.each(cases)('%s', async (__, sent, fate) => {
    expect(await fateOf(sent)).toBe(fate);
    expect(origin.arrived).toHaveLength(fate === 'judged' ? 1 : 0);
  });
});

it('a card that is attached, taken away and attached again is the same card', async () => {
  origin.answer(() => Response.json({ status: 'failed' }));
  const attach = json(`{"confirm":false,${data}}`, '/payments/pay_9');
  expect(await countsTogether(origin, attach, attach)).toBe(false);
  const confirm = json(`{${data}}`, '/payments/pay_9/confirm');
  expect(await countsTogether(origin, confirm, { ...confirm, path: '/payments/pay_10/confirm' })).toBe(true);
});
