import { useTexts } from '../desk/desk-context.ts';
import { Fact } from './Fact.tsx';
import { FocusClocks } from './FocusClocks.tsx';
import { FocusAir, FocusFindings, FocusSpace } from './FocusConditions.tsx';
import styles from './FocusFacts.module.css';
import type { TileData } from './tile-data.ts';
import { useAir } from './use-air.ts';

/** Everything that is known of an area, in words. No identities: case numbers only. */
export function FocusFacts({ data }: { data: TileData }) {
  const { t, formats } = useTexts();
  const { area, status, feed } = data;
  const air = useAir(area.id, status);
  const instant = (at: string | null | undefined) =>
    at ? formats.dayAndTime(Date.parse(at)) : t('focus.unknown');
  return (
    <>
      <FocusFindings findings={status?.findings ?? []} />
      <dl className={styles.facts}>
        <Fact name={t('focus.people')}>
          {status ? `${status.headcount}` : t('focus.unknown')}
          {status && status.vulnerabilities.length > 0
            ? ` · ${status.vulnerabilities.map((one) => t(`vulnerabilities.${one}`)).join(', ')}`
            : null}
        </Fact>
        {area.capacity > 0 ? (
          <Fact name={t('focus.capacity')}>
            {area.capacity}
            {status?.space?.overCapacity ? ` · ${t('tile.overCapacity')}` : null}
          </Fact>
        ) : null}
        <FocusSpace area={area} status={status} />
        <FocusAir air={air} />
        {status?.nextCheckDueAt ? (
          <Fact name={t('focus.nextCheck')}>{instant(status.nextCheckDueAt)}</Fact>
        ) : null}
        <Fact name={t('focus.updated')}>{instant(status?.updatedAt)}</Fact>
        <Fact name={t('focus.privacy')}>{t(`privacies.${area.privacy}`)}</Fact>
        <Fact name={t('filter.feedState')}>{t(`filter.feedStates.${feed?.state ?? 'idle'}`)}</Fact>
        {area.feeds[0] ? (
          <Fact name={t('focus.source')}>{t(`filter.feedSources.${area.feeds[0].source}`)}</Fact>
        ) : null}
      </dl>
      <FocusClocks clocks={status?.clocks ?? []} facilityId={area.facilityId} />
    </>
  );
}
