import { useId } from 'react';
import { Link, useRoute } from 'wouter';
import type { HandoverSummary } from '#contract/handover.ts';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import styles from './HandoverPage.module.css';
import { HandoverView } from './HandoverView.tsx';
import { OpenHandoverForm } from './OpenHandoverForm.tsx';
import { useHandover, useHandovers } from './use-handover.ts';
import { useScopeText } from './use-scope-text.ts';

/** Handing a shift over and taking one over; reading of earlier ones. */
export function HandoverPage() {
  const { t } = useTexts();
  const [isOne, params] = useRoute<{ id: string }>('/handover/:id');
  const id = isOne ? params.id : undefined;
  return (
    <section className={styles.page} aria-label={t('handover.title')}>
      <div className={styles.column}>
        <h1 className={styles.title}>{t('handover.title')}</h1>
        {id === undefined ? <Current /> : <Past key={id} id={id} />}
      </div>
    </section>
  );
}

function Current() {
  const { t } = useTexts();
  const { who } = useDesk();
  const state = useHandover();
  const { handover } = state;
  const parts = state.openNow.filter(({ id }) => id !== handover?.id);
  const past = useHandovers(`${handover?.id} ${handover?.state} ${parts.map(({ id }) => id).join()}`);
  if (handover === undefined)
    return <Notice title={state.failure ? t(`errors.${state.failure}`) : t('handover.loading')} />;
  const mayOpen = mayDo(who, 'handover.make');
  const isShown = (id: string) => parts.some((one) => one.id === id);
  return (
    <>
      {handover ? <HandoverView handover={handover} state={state} /> : null}
      {parts.length > 0 ? <HandoverList title={t('handover.parts')} items={parts} /> : null}
      {handover === null && mayOpen ? <OpenHandoverForm state={state} /> : null}
      {handover === null && !mayOpen && parts.length === 0 ? (
        <p className={styles.hint}>{t('handover.noneRead')}</p>
      ) : null}
      <HandoverList
        title={t('handover.past')}
        none={t('handover.noPast')}
        items={past?.filter(({ id, state: at }) => id !== handover?.id && !(at === 'open' && isShown(id)))}
      />
    </>
  );
}

interface HandoverListProps {
  title: string;
  /** What stands there when there is none. */
  none?: string;
  items: readonly HandoverSummary[] | undefined;
}

function HandoverList({ title, none, items }: HandoverListProps) {
  const { t, formats } = useTexts();
  const scopeText = useScopeText();
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.heading}>
        {title}
      </h2>
      {items?.length === 0 ? <p className={styles.hint}>{none}</p> : null}
      <ul className={styles.items}>
        {items?.map((one) => (
          <li key={one.id} className={styles.item}>
            <Link href={`/handover/${one.id}`} className={styles.link}>
              {formats.dayAndTime(Date.parse(one.opened.at))} · {one.opened.by}
              {one.ended ? ` → ${one.ended.by}` : ''}
            </Link>
            <p className={styles.signed}>
              {scopeText(one.scope)} · {t(`handover.states.${one.state}`)} ·{' '}
              {t('handover.progress', { done: one.acknowledged, count: one.items })}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Past({ id }: { id: string }) {
  const { t } = useTexts();
  const state = useHandover(id);
  const { handover } = state;
  return (
    <>
      <Link href="/handover" className={styles.link}>
        {t('handover.back')}
      </Link>
      {handover ? (
        <HandoverView handover={handover} state={state} />
      ) : (
        <Notice title={state.failure ? t(`errors.${state.failure}`) : t('handover.loading')} />
      )}
    </>
  );
}
