/**
 * The components of the description: the schemas that the Worker parses with, as JSON Schema, with a note on each
 * field. What zod cannot say (a refinement) is said in the note.
 */
import * as z from 'zod';
import { merchantSchema } from '../config/merchant-schema.ts';
import { backtestRequestSchema } from './backtest-schemas.ts';
import { erasureRequestSchema, reconcileRequestSchema, replayRequestSchema } from './journal-schemas.ts';
import { leaseRenewalSchema, leaseRequestSchema } from './lease-schemas.ts';
import { listItemSchema } from './list-schemas.ts';
import * as alerts from './openapi-alert-answers.ts';
import * as answers from './openapi-answers.ts';
import * as backtests from './openapi-backtest-answers.ts';
import type { Schema } from './openapi-document.ts';
import { FIELD_NOTES } from './openapi-field-notes.ts';
import * as history from './openapi-history-answers.ts';
import * as journal from './openapi-journal-answers.ts';
import * as leases from './openapi-lease-answers.ts';
import * as lists from './openapi-list-answers.ts';
import { MERCHANT_NOTES } from './openapi-merchant-notes.ts';
import * as passkeys from './openapi-passkey-answers.ts';
import * as records from './openapi-record-answers.ts';
import * as switches from './openapi-switch-answers.ts';
import { passkeyEnrolmentSchema, passkeyOptionsSchema } from './passkey-schemas.ts';
import {
  attemptSchema,
  cardSchema,
  evaluationRequestSchema,
  feedRequestSchema,
  keyRequestSchema,
  outcomeRequestSchema,
  unblockRequestSchema,
} from './schemas.ts';
import { switchRequestSchema } from './switch-schemas.ts';

const REQUESTS: Readonly<Record<string, z.ZodType>> = {
  EvaluationRequest: evaluationRequestSchema,
  Attempt: attemptSchema,
  Card: cardSchema,
  OutcomeRequest: outcomeRequestSchema,
  KeyRequest: keyRequestSchema,
  UnblockRequest: unblockRequestSchema,
  LeaseRequest: leaseRequestSchema,
  LeaseRenewal: leaseRenewalSchema,
  ListItemRequest: listItemSchema,
  PasskeyOptionsRequest: passkeyOptionsSchema,
  PasskeyEnrolment: passkeyEnrolmentSchema,
  SwitchRequest: switchRequestSchema,
  BacktestRequest: backtestRequestSchema,
  FeedRequest: feedRequestSchema,
  ErasureRequest: erasureRequestSchema,
  ReplayRequest: replayRequestSchema,
  ReconcileRequest: reconcileRequestSchema,
  Webhook: z.looseObject({}).describe('Whatever the processor documents.'),
  MerchantConfiguration: merchantSchema,
};

/** Also what the tests hold real answers against. */
export const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  Evaluation: answers.evaluationAnswer,
  ToldEvaluation: answers.toldEvaluationAnswer,
  Reason: answers.reasonAnswer,
  Hold: answers.holdAnswer,
  Blocks: answers.blocksAnswer,
  Lifted: answers.liftedAnswer,
  Key: answers.keyAnswer,
  NewKey: answers.newKeyAnswer,
  Keys: answers.keysAnswer,
  Lease: leases.leaseAnswer,
  NewLease: leases.newLeaseAnswer,
  Leases: leases.leasesAnswer,
  ListItem: lists.listItemAnswer,
  ListItems: lists.listItemsAnswer,
  Imported: lists.importedAnswer,
  ListPut: lists.listPutAnswer,
  Passkey: passkeys.passkeyAnswer,
  Passkeys: passkeys.passkeysAnswer,
  PasskeyOptions: passkeys.passkeyOptionsAnswer,
  Versions: history.versionsAnswer,
  Difference: history.differenceAnswer,
  Restored: history.restoredAnswer,
  Changes: history.changesAnswer,
  Switches: switches.switchesAnswer,
  Turn: switches.turnAnswer,
  DecisionRecord: records.decisionRecordAnswer,
  Decisions: records.decisionsAnswer,
  Explanation: records.explanationAnswer,
  Stats: records.statsAnswer,
  Backtest: backtests.backtestAnswer,
  Merchants: answers.merchantsAnswer,
  Feed: answers.feedAnswer,
  Feeds: answers.feedsAnswer,
  Alerts: alerts.alertsAnswer,
  SentAlert: alerts.sentAlertAnswer,
  DeadLetters: journal.deadLettersAnswer,
  Replayed: journal.replayedAnswer,
  Reconciled: journal.reconciledAnswer,
  Erased: journal.erasedAnswer,
  Health: answers.healthAnswer,
  Problem: answers.problemAnswer,
  MerchantConfiguration: merchantSchema,
};

export function schemaRef(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** All components, requests first. */
export function components(): Readonly<Record<string, Schema>> {
  const { MerchantConfiguration: _, ...told } = ANSWERS;
  const requests = Object.entries(jsonSchemas(REQUESTS, 'input')).map(([name, schema]) => [
    name,
    name === 'MerchantConfiguration' ? withMerchantNotes(schema, '') : withNotes(schema, FIELD_NOTES[name] ?? {}),
  ]);
  // Answers may grow: whoever reads them must let unknown fields be.
  const answered = Object.entries(jsonSchemas(told, 'output')).map(([name, schema]) => [name, openEnded(schema)]);
  return Object.fromEntries([...requests, ...answered]) as Record<string, Schema>;
}

function jsonSchemas(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Record<string, Schema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, {
    target: 'draft-2020-12',
    io,
    uri: (id) => `#/components/schemas/${id}`,
    // The limits of every whole number in JavaScript say nothing about this one.
    override: ({ jsonSchema }) => {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return Object.fromEntries(
    Object.entries(made).map(([name, { $schema: _, $id: __, id: ___, ...schema }]) => [name, schema as Schema]),
  );
}

function withNotes(schema: Schema, notes: Readonly<Record<string, string>>): Schema {
  const anyOf = schema.anyOf?.map((one) => withNotes(one, notes));
  const properties = schema.properties && mapValues(schema.properties, (it, name) => noted(it, notes[name]));
  return { ...schema, ...(anyOf && { anyOf }), ...(properties && { properties }) };
}

function withMerchantNotes(schema: Schema, place: string): Schema {
  const inside = (name: string) => (place === '' ? name : `${place}.${name}`);
  const properties =
    schema.properties &&
    mapValues(schema.properties, (it, name) =>
      noted(withMerchantNotes(it, inside(name)), MERCHANT_NOTES[inside(name)]),
    );
  const items = schema.items && withMerchantNotes(schema.items, inside('[]'));
  const anyOf = schema.anyOf?.map((one) => withMerchantNotes(one, place));
  return { ...schema, ...(properties && { properties }), ...(anyOf && { anyOf }), ...(items && { items }) };
}

function noted(schema: Schema, description: string | undefined): Schema {
  return description === undefined ? schema : { ...schema, description };
}

function openEnded({ additionalProperties: _, ...schema }: Schema): Schema {
  const properties = schema.properties && mapValues(schema.properties, openEnded);
  const anyOf = schema.anyOf?.map(openEnded);
  const items = schema.items && openEnded(schema.items);
  return { ...schema, ...(properties && { properties }), ...(anyOf && { anyOf }), ...(items && { items }) };
}

function mapValues(
  record: Readonly<Record<string, Schema>>,
  change: (schema: Schema, name: string) => Schema,
): Record<string, Schema> {
  return Object.fromEntries(Object.entries(record).map(([name, schema]) => [name, change(schema, name)]));
}
