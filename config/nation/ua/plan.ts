import { UKRAINE } from '../../norms/norms.ts';
import type { NationPlan } from '../plan.ts';
import { REGION_ROWS } from './regions.ts';
import { SITES } from './sites.ts';

/** Ukraine's regions and towns, with invented temporary detention facilities («ІТТ»). */
export const UKRAINE_PLAN: NationPlan = {
  id: 'UA',
  name: { uk: 'Україна', en: 'Ukraine' },
  timeZone: 'Europe/Kyiv',
  geometry: 'geo/ua.topo.json',
  norms: UKRAINE,
  regions: REGION_ROWS,
  sites: SITES,
  largeBesidesFirst: ['ua-68-itt-2'],
};
