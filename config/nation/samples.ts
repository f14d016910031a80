import { KAZAKHSTAN_PLAN } from './kz/plan.ts';
import type { NationPlan } from './plan.ts';
import { UKRAINE_PLAN } from './ua/plan.ts';

/** Nations with invented facilities, to look at and to test with. */
export const SAMPLE_NATIONS = ['ua', 'kz'] as const;
export type SampleNation = (typeof SAMPLE_NATIONS)[number];

export const SAMPLE_PLANS: Readonly<Record<SampleNation, NationPlan>> = {
  ua: UKRAINE_PLAN,
  kz: KAZAKHSTAN_PLAN,
};

/** The nation file of a sample nation. */
export function sampleNationFile(nation: SampleNation): URL {
  return new URL(`sample-${nation}.json`, import.meta.url);
}
