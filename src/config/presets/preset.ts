/**
 * The names of the presets: routes that come with Cordon for software that many shops run.
 */
export const PRESETS = ['hyperswitch', 'stripe', 'woocommerce', 'medusa', 'vendure', 'saleor'] as const;
export type Preset = (typeof PRESETS)[number];
