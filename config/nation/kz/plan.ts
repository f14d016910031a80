import { KAZAKHSTAN } from '../../norms/norms.ts';
import type { NationPlan } from '../plan.ts';
import { REGION_ROWS } from './regions.ts';
import { SITES } from './sites.ts';

/** Kazakhstan's regions and towns, with invented temporary detention facilities: a second nation, under another law. */
export const KAZAKHSTAN_PLAN: NationPlan = {
  id: 'KZ',
  name: { uk: 'Казахстан', en: 'Kazakhstan' },
  timeZone: 'Asia/Almaty',
  geometry: 'geo/kz.topo.json',
  norms: KAZAKHSTAN,
  regions: REGION_ROWS,
  sites: SITES,
  largeBesidesFirst: [],
};
