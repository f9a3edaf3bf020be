/**
 * The routes of a preset, checked like written ones and with every default filled in.
 */
import * as z from 'zod';
import { type RouteConfig, routeSchema, type WrittenRoute } from '../route-schema.ts';
import { hyperswitchRoutes } from './hyperswitch.ts';
import { medusaRoutes } from './medusa.ts';
import type { Preset } from './preset.ts';
import { saleorRoutes } from './saleor.ts';
import { stripeRoutes } from './stripe.ts';
import { vendureRoutes } from './vendure.ts';
import { woocommerceRoutes } from './woocommerce.ts';

const WRITTEN: Readonly<Record<Preset, readonly WrittenRoute[]>> = {
  hyperswitch: hyperswitchRoutes,
  stripe: stripeRoutes,
  woocommerce: woocommerceRoutes,
  medusa: medusaRoutes,
  vendure: vendureRoutes,
  saleor: saleorRoutes,
};

const routes = z.array(routeSchema);

/** Throws for a preset that is no valid configuration, which a test rules out. */
export function presetRoutes(preset: Preset | undefined): readonly RouteConfig[] {
  return preset === undefined ? [] : routes.parse(WRITTEN[preset]);
}
