/**
 * The routes and returns of a preset, checked like written ones and with every default filled in.
 */
import * as z from 'zod';
import { type ReturnConfig, returnSchema, type WrittenReturn } from '../return-schema.ts';
import { type RouteConfig, routeSchema, type WrittenRoute } from '../route-schema.ts';
import { hyperswitchReturns, hyperswitchRoutes } from './hyperswitch.ts';
import { medusaRoutes } from './medusa.ts';
import type { Preset } from './preset.ts';
import { saleorRoutes } from './saleor.ts';
import { stripeRoutes } from './stripe.ts';
import { vendureRoutes } from './vendure.ts';
import { woocommerceReturns, woocommerceRoutes } from './woocommerce.ts';

const WRITTEN: Readonly<Record<Preset, readonly WrittenRoute[]>> = {
  hyperswitch: hyperswitchRoutes,
  stripe: stripeRoutes,
  woocommerce: woocommerceRoutes,
  medusa: medusaRoutes,
  vendure: vendureRoutes,
  saleor: saleorRoutes,
};

const WRITTEN_RETURNS: Readonly<Partial<Record<Preset, readonly WrittenReturn[]>>> = {
  hyperswitch: hyperswitchReturns,
  woocommerce: woocommerceReturns,
};

const routes = z.array(routeSchema);
const returns = z.array(returnSchema);

/** Throws for a preset that is no valid configuration, which a test rules out. */
export function presetRoutes(preset: Preset | undefined): readonly RouteConfig[] {
  return preset === undefined ? [] : routes.parse(WRITTEN[preset]);
}

/** As `presetRoutes`. */
export function presetReturns(preset: Preset | undefined): readonly ReturnConfig[] {
  return preset === undefined ? [] : returns.parse(WRITTEN_RETURNS[preset] ?? []);
}
