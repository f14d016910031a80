import type { TFunction } from 'i18next';
import type { TimelineEntry } from '#contract/cases.ts';
import type { Formats } from '../i18n/formats.ts';
import type { Language } from '../i18n/i18n.ts';

interface Words {
  t: TFunction;
  language: Language;
  formats: Formats;
}

/** What an event says beside its name, piece by piece. */
export function detailWords({ details }: Pick<TimelineEntry, 'details'>, { t, formats }: Words): string[] {
  const { temperatureC, co2Ppm, humidityPct, overlay, extension, previousCase } = details;
  const said: (string | undefined)[] = [
    details.complaintKind && t(`record.complaintKinds.${details.complaintKind}`),
    details.forceKind && t(`record.forceKinds.${details.forceKind}`),
    details.incidentKind && t(`record.incidentKinds.${details.incidentKind}`),
    details.outcome && t(`case.outcomes.${details.outcome}`),
    details.basis && t(`case.bases.${details.basis}`),
    details.count === undefined ? undefined : t('case.people', { count: details.count }),
    temperatureC === undefined ? undefined : `${formats.decimal(temperatureC)} °C`,
    co2Ppm === undefined ? undefined : `CO₂ ${co2Ppm} ppm`,
    humidityPct === undefined ? undefined : `${humidityPct} %`,
    previousCase &&
      t('case.goesOnFrom', {
        from: [previousCase.facilityId, previousCase.caseId].filter(Boolean).join(' '),
      }),
    overlay && `${overlay.normSet}: ${overlay.reason}`,
    overlay && t('case.authorisedBy', { name: overlay.authorisedBy }),
    extension &&
      `${extension.ground}: ${t('case.until', { time: formats.dayAndTime(Date.parse(extension.until)) })}`,
    extension && t('case.authorisedBy', { name: extension.authorisedBy }),
    extension?.reason,
  ];
  return said.filter((one) => one !== undefined && one !== '') as string[];
}
