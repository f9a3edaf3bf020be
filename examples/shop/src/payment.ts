// Reads the body of POST /api/pay, or the fields of the form that goes to /pay, into a payment that cannot be malformed.
// What is wrong is said by field name only: the values are card data and are never echoed.

import * as z from 'zod';

const centuryYears = 2000;

const expiry = z
  .string()
  .regex(/^(0[1-9]|1[0-2])\/\d{2}$/)
  .transform((text) => ({ month: Number(text.slice(0, 2)), year: centuryYears + Number(text.slice(3)) }));

const payment = z.object({
  card: z.object({
    number: z.string().regex(/^\d{12,19}$/),
    expiry,
    cvc: z.string().regex(/^\d{3,4}$/),
  }),
  email: z.email(),
  customer: z.object({ id: z.string().min(1).max(64) }).optional(),
  amount: z.int().positive(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  billing: z.object({ country: z.string().regex(/^[A-Z]{2}$/) }),
});

export type Payment = z.infer<typeof payment>;
export type Card = Payment['card'];
export type Reading = { kind: 'unreadable'; fields: string[] } | { kind: 'read'; payment: Payment };

/** The same from a form, in which everything is text. */
export function readForm(fields: Record<string, unknown>): Reading {
  const { number, expiry, cvc, email, amount, currency, country } = fields;
  const digits = String(number).replaceAll(' ', '');
  const card = { number: digits, expiry, cvc };
  return readPayment({ card, email, amount: Number(amount), currency, billing: { country } });
}

export function readPayment(body: unknown): Reading {
  const parsed = payment.safeParse(body);
  if (parsed.success) return { kind: 'read', payment: parsed.data };
  return { kind: 'unreadable', fields: parsed.error.issues.map((issue) => issue.path.join('.') || 'body') };
}
