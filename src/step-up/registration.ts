/**
 * What a browser says of a passkey that it made, as the libraries for pages send it (WebAuthn level 3, 5.1: toJSON).
 */
import * as z from 'zod';

export const registrationSchema = z.object({
  id: z.string().min(1).max(1_400),
  rawId: z.string(),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: z.string().min(1).max(4_096),
    attestationObject: z.string().min(1).max(16_384),
    transports: z
      .array(z.string().regex(/^[a-z-]{1,32}$/))
      .max(8)
      .optional(),
  }),
});
export type Registration = z.output<typeof registrationSchema>;
