import { TimerReset } from 'lucide-react';
import { type GateBody, GateReply } from '#contract/gate.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Visit } from '#contract/status.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';
import { useToday } from '../desk/use-today.ts';
import { mayDo } from '../session/session.ts';
import type { TileData } from '../wall/tile-data.ts';
import styles from './VisitList.module.css';

/** The visits that an area is closed for, when each ends by itself, and a way to say that it goes on. */
export function VisitList({ data: { area, status } }: { data: Pick<TileData, 'area' | 'status'> }) {
  const { t } = useTexts();
  if (!status?.visits) return null;
  return (
    <ul className={styles.list} aria-label={t('gate.visits.label')}>
      {status.visits.map((visit) => (
        <VisitLine key={`${visit.caseId} ${visit.kind}`} areaId={area.id} visit={visit} />
      ))}
    </ul>
  );
}

function VisitLine({ areaId, visit }: { areaId: AreaId; visit: Visit }) {
  const { t, formats } = useTexts();
  const { api, who } = useDesk();
  const { pending, failure, send } = useSending();
  const todayMs = useToday();
  const body: GateBody = { act: 'prolong', caseId: visit.caseId };
  return (
    <li className={styles.visit}>
      <p>{t(`gate.visits.${visit.kind}`, { time: formats.moment(Date.parse(visit.since), todayMs) })}</p>
      <p className={styles.until}>
        {t('gate.visits.until', { time: formats.time(Date.parse(visit.until)) })}
      </p>
      {mayDo(who, 'gate.set') ? (
        <Button
          disabled={pending}
          onClick={() =>
            void send(() => api.call(`/api/v1/areas/${areaId}/gate`, { body, reply: GateReply }))
          }
        >
          <TimerReset size="1rem" aria-hidden="true" />
          {t(pending ? 'gate.pending' : 'gate.visits.prolong')}
        </Button>
      ) : null}
      {failure ? (
        <p role="alert">
          {t('gate.failed')}. {t(`errors.${failure}`)}
        </p>
      ) : null}
    </li>
  );
}
