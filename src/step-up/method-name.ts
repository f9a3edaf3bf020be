/**
 * What the methods of step-up are called, and how much each of them proves.
 */
export const METHOD_NAMES = ['proof_of_work', 'turnstile', '3ds', 'passkey', 'identity'] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

export const METHOD_STRENGTHS: Readonly<Record<MethodName, number>> = {
  proof_of_work: 1,
  turnstile: 2,
  '3ds': 3,
  passkey: 4,
  identity: 5,
};
