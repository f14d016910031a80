import { ShieldCheck } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { AreaId } from '#contract/ids.ts';
import { WatchPurposes } from '#contract/watch-purposes.ts';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Field.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';
import styles from './PurposeFields.module.css';
import { PurposeFields } from './PurposeFields.tsx';
import { usePurposeChoice } from './use-purpose-choice.ts';

/**
 * Asks beside the picture, never over it, what areas like this one are opened for: once a shift. The usual purpose is chosen,
 * so that Enter is enough.
 */
export function OpeningPurpose({ areaId, onStated }: { areaId: AreaId; onStated(): void }) {
  const { t } = useTexts();
  const { api } = useDesk();
  const choice = usePurposeChoice('/api/v1/watching/purposes', true);
  const { pending, failure, send } = useSending();
  const first = useRef<HTMLInputElement>(null);
  const title = useId();
  const isLoaded = choice.purposes !== undefined;
  useEffect(() => {
    if (isLoaded) first.current?.focus();
  }, [isLoaded]);
  const problem = failure ?? choice.failure;
  return (
    <form
      className={styles.panel}
      aria-labelledby={title}
      data-testid="opening-purpose"
      onSubmit={(event) => {
        event.preventDefault();
        const { body } = choice;
        if (!body) return;
        void send(
          () => api.call('/api/v1/watching/purposes', { body: { areaId, ...body }, reply: WatchPurposes }),
          onStated,
        );
      }}
    >
      <h3 id={title} className={styles.title}>
        <ShieldCheck size="1.125rem" aria-hidden="true" />
        {t('purposes.title')}
      </h3>
      <p className={styles.note}>{t('purposes.explain')}</p>
      <PurposeFields choice={choice} brief first={first} />
      <Failure>{problem && `${t('purposes.failed')}. ${t(`errors.${problem}`)}`}</Failure>
      <Button type="submit" look="primary" disabled={pending || !choice.body}>
        {t(pending ? 'purposes.pending' : 'purposes.submit')}
      </Button>
    </form>
  );
}
