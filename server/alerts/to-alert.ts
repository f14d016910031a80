import type { AlertedFlag, FlagAlert, WatchingAlert } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';
import type { LocalText } from '#contract/ids.ts';
import type { WatchingFinding } from '#contract/watching.ts';
import type { Registry } from '../nation/registry.ts';
import { flagAlertId, watchingAlertId } from './alert-ids.ts';
import type { NextStep } from './plan-escalation.ts';

/** Area and facility, short; the region's code for what the registry does not know. */
export function placeName(
  flag: Pick<Flag, 'areaId' | 'facilityId' | 'regionId'>,
  registry: Pick<Registry, 'area' | 'facility'>,
): LocalText {
  const area = flag.areaId === undefined ? undefined : registry.area(flag.areaId);
  const facility = registry.facility(flag.facilityId);
  const join = (language: 'uk' | 'en') =>
    [area?.name[language], facility?.shortName[language] ?? flag.regionId]
      .filter((name) => name !== undefined)
      .join(' · ')
      .slice(0, 300);
  return { uk: join('uk'), en: join('en') };
}

/** The alert of a step to one of its recipients. */
export function toFlagAlert(
  flag: Flag,
  { key, step, reason }: Pick<NextStep, 'key' | 'step' | 'reason'>,
  { username, at, place }: { username: string; at: string; place: LocalText },
): FlagAlert {
  const alerted: AlertedFlag = {
    flagId: flag.id,
    regionId: flag.regionId,
    facilityId: flag.facilityId,
    ...(flag.areaId === undefined ? {} : { areaId: flag.areaId }),
    place,
    severity: flag.severity,
    category: flag.category,
    reason,
    at,
  };
  return { kind: 'flag', id: flagAlertId(flag.id, key, username), step, ...alerted };
}

/** The alert of a finding about watching to one of those who may know of it. */
export function toWatchingAlert(
  finding: WatchingFinding,
  { username, at, place }: { username: string; at: string; place: LocalText },
): WatchingAlert {
  const { id: findingId, regionId } = finding;
  return { kind: 'watching', id: watchingAlertId(findingId, username), at, findingId, regionId, place };
}
