/**
 * The description of the API, made at build time by `npm run describe` and served as `openapi.json`.
 * The Worker never loads this.
 */
import { type ProblemCode, problem } from '../wire.ts';
import type { DescribedAnswer, DescribedCall } from './openapi-call.ts';
import { CALLS } from './openapi-calls.ts';
import { curlOf } from './openapi-curl.ts';
import type {
  Answer,
  Description,
  Media,
  Operation,
  Parameter,
  Reference,
  SecurityRequirement,
} from './openapi-document.ts';
import { knownProblem, PROBLEM_CODES } from './openapi-problems.ts';
import { components, schemaRef } from './openapi-schemas.ts';

const TAGS: Readonly<Record<DescribedCall['tag'], string>> = {
  Evaluations: 'Asked before a payment, told after it.',
  Webhooks: 'What processors report.',
  Blocks: 'What is shut, and letting a payer in again.',
  Leases: 'Addresses that may be used for a while.',
  Lists: 'Whom to refuse whatever he does, and whom to trust further than a stranger.',
  Passkeys: 'By which verified customers prove that it is they who pay.',
  Switches: 'Turned by an operator, beside the configuration: the emergency bypass, attack mode, drains of servers.',
  Record: 'Every decision: searched, exported, explained, counted, and looked after.',
  Merchants: 'Configurations.',
  History: 'What was in force, who changed it, and the way back.',
  Feeds: 'Imported lists: of addresses, of networks, of BINs.',
  Alerts: 'What is wrong, and who was told of it.',
  Keys: "Merchants' keys.",
  Documentation: 'Without a key.',
};

const ALWAYS: readonly ProblemCode[] = ['unauthorized', 'not_found', 'storage_unavailable', 'internal_error'];

const PATH_NOTES: Readonly<Record<string, string>> = {
  id: 'The merchant.',
  merchant: 'The merchant.',
  processor: '`stripe`, `adyen`, `checkout`, `hyperswitch` or `braintree`.',
  key_id: "The key's id.",
  lease_id: "The lease's id.",
  customer_id: 'Your id of the customer, as in an attempt.',
  passkey_id: "The passkey's id.",
  list: '`deny` or `allow`.',
  item_id: "The item's id.",
  message_id: "The message's id, as the list tells it.",
  version: 'The version, as the list of versions tells it.',
  name: "The list's name: lower-case letters, digits, `-` and `_`.",
  evaluation_id: "The evaluation's id.",
  block_id: "The block's id, as the list tells it.",
};

/** `samples`: an example in TypeScript for each operation that the typed client has. */
export async function describeApi(samples: ReadonlyMap<string, string>, version: string): Promise<Description> {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const call of CALLS) {
    paths[call.path] = { ...paths[call.path], [call.method]: operationOf(call, samples.get(call.operationId)) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cordon',
      version,
      description:
        'Decides about every attempt to pay before the payment processor sees it, and learns from what the processor then says.',
    },
    servers: [{ url: '/', description: 'This deployment: management answers on its admin host alone.' }],
    security: [{ bearer: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components(),
      responses: await problemComponents(),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: "The admin key, which may do everything, or a merchant's key with the scope that is named.",
        },
      },
    },
    'x-problems': await Promise.all(PROBLEM_CODES.map(knownProblem)).then((all) =>
      all.map(({ code, status, note }) => ({ code, status, note })),
    ),
    'x-guides': { client: samples.get('client') ?? '', middleware: samples.get('middleware') ?? '' },
  };
}

function operationOf(call: DescribedCall, sample: string | undefined): Operation {
  const { operationId, tag, summary, description, who, request } = call;
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    security: securityOf(who),
    parameters: [...pathParameters(call), ...(call.parameters ?? [])],
    ...(request && {
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: schemaRef(request.schema), example: request.example },
          ...(request.csv !== undefined && { 'text/csv': { schema: { type: 'string' }, example: request.csv } }),
          ...(request.text !== undefined && { 'text/plain': { schema: { type: 'string' }, example: request.text } }),
        },
      },
    }),
    responses: {
      ...Object.fromEntries(call.answers.map((answer) => [answer.status, answerOf(answer)])),
      ...problemAnswers(call),
    },
    'x-codeSamples': [
      { lang: 'Shell', label: 'curl', source: curlOf(call) },
      ...(sample === undefined ? [] : [{ lang: 'TypeScript' as const, label: 'cordon/client', source: sample }]),
    ],
  };
}

function securityOf(who: DescribedCall['who']): readonly SecurityRequirement[] {
  switch (who) {
    case 'anyone':
      return [];
    case 'admin':
      return [{ bearer: ['admin'] }];
    default:
      return who.map((scope) => ({ bearer: [scope] }));
  }
}

function pathParameters({ path, tag, fill = {} }: DescribedCall): readonly Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: tag === 'Evaluations' ? "The evaluation's id." : (PATH_NOTES[name] ?? ''),
    schema: { type: 'string' },
    example: fill[name] ?? '',
  }));
}

function answerOf({
  description,
  schema,
  mediaType = 'application/json',
  alsoAs = [],
  examples = {},
  headers,
}: DescribedAnswer): Answer {
  const named = Object.entries(examples).map(([summary, value]) => [summary.replaceAll(' ', '_'), { summary, value }]);
  const media: Media = {
    schema: schema === undefined ? {} : schemaRef(schema),
    ...(named.length > 0 && { examples: Object.fromEntries(named) }),
  };
  const hasBody = schema !== undefined || mediaType !== 'application/json' || description === 'The description.';
  return {
    description,
    ...(headers && { headers: Object.fromEntries(Object.entries(headers).map(headerOf)) }),
    ...(hasBody && { content: { [mediaType]: media, ...Object.fromEntries(alsoAs.map(textOf)) } }),
  };
}

function textOf(mediaType: string) {
  return [mediaType, { schema: { type: 'string' } }] as const;
}

function headerOf([name, description]: readonly [string, string]) {
  return [name, { description, schema: { type: 'string' } }] as const;
}

/** One answer a status, by what it may carry: the calls share them. */
function problemAnswers({ who, problems }: DescribedCall): Readonly<Record<string, Reference>> {
  const statuses = Object.entries(Object.groupBy(codesOf(who, problems), (code) => problem(code).status));
  return Object.fromEntries(
    statuses.map(([status, codes = []]) => [status, { $ref: `#/components/responses/${codes.join('.')}` }]),
  );
}

async function problemComponents(): Promise<Readonly<Record<string, Answer>>> {
  const names = CALLS.flatMap((call) =>
    Object.values(problemAnswers(call)).map(({ $ref }) => $ref.split('/').at(-1) ?? ''),
  );
  const answers = [...new Set(names)].sort().map(async (name) => {
    const those = await Promise.all(name.split('.').map((code) => knownProblem(code as ProblemCode)));
    const examples = those.map(({ code, note, body }) => [code, { summary: note, value: body }]);
    const description = those.map(({ code, note }) => `\`${code}\`: ${note}`).join(' ');
    const media = { schema: schemaRef('Problem'), examples: Object.fromEntries(examples) };
    return [name, { description, content: { 'application/problem+json': media } }] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

function codesOf(who: DescribedCall['who'], problems: readonly ProblemCode[]): readonly ProblemCode[] {
  return who === 'anyone' ? problems : [...new Set([...ALWAYS, ...problems])];
}
