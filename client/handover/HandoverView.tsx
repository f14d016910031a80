import { useRef } from 'react';
import {
  type Handover,
  type HandoverItem,
  HandoverKind,
  MAX_HANDOVER_ENTRIES,
  MAX_HANDOVER_THINGS,
} from '#contract/handover.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { HandoverEnd } from './HandoverEnd.tsx';
import { HandoverItemRow } from './HandoverItemRow.tsx';
import { HandoverNotes } from './HandoverNotes.tsx';
import styles from './HandoverPage.module.css';
import { ShiftChanges } from './ShiftChanges.tsx';
import type { HandoverState } from './use-handover.ts';
import { useScopeText } from './use-scope-text.ts';

/** A handover, open or over: what the next shift has to know, and who has taken note of it. */
export function HandoverView({ handover, state }: { handover: Handover; state: HandoverState }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const list = useRef<HTMLDivElement>(null);
  const isOfDesk = handover.desk === undefined || handover.desk === who.role;
  const mayMake = handover.state === 'open' && isOfDesk && mayDo(who, 'handover.make');
  const isOwn = handover.opened.by === who.username;
  const done = handover.items.filter(({ acknowledged }) => acknowledged !== null).length;

  function acknowledge(item: HandoverItem) {
    if (state.pending) return;
    focusNext(list.current, item.id);
    void state.acknowledge({ itemId: item.id, rev: item.rev });
  }

  return (
    <>
      <Summary handover={handover} done={done} />
      {mayMake && isOwn ? <p className={styles.hint}>{t('handover.own')}</p> : null}
      <Trouble state={state} />
      {handover.changes ? <ShiftChanges changes={handover.changes} /> : null}
      <HandoverNotes notes={handover.notes} onAdd={mayMake ? state.addNote : undefined} />
      <div ref={list} className={styles.lists}>
        {HandoverKind.options.map((kind) => {
          const items = handover.items.filter((item) => item.kind === kind);
          return items.length === 0 ? null : (
            <section key={kind} className={styles.section} aria-labelledby={`handover-${kind}`}>
              <h2 id={`handover-${kind}`} className={styles.heading}>
                {t(`handover.kinds.${kind}`)} <span className={styles.count}>{items.length}</span>
              </h2>
              <ul className={styles.items}>
                {items.map((item) => (
                  <HandoverItemRow
                    key={item.id}
                    item={item}
                    onAcknowledge={mayMake && !isOwn ? acknowledge : undefined}
                    pending={state.pending}
                  />
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      {handover.left > 0 ? <Left handover={handover} /> : null}
      {mayMake ? <HandoverEnd handover={handover} state={state} isOwn={isOwn} /> : null}
    </>
  );
}

/** The next one that nobody has acknowledged: who goes through a hundred of them stays on the keyboard. */
function focusNext(list: HTMLElement | null, itemId: string): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-item]') ?? [])];
  const at = rows.findIndex((row) => row.dataset.item === itemId);
  const others = [...rows.slice(at + 1), ...rows.slice(0, at)];
  const next = others.map((row) => row.querySelector<HTMLElement>('[data-acknowledge]')).find(Boolean);
  next?.focus();
}

function Summary({ handover, done }: { handover: Handover; done: number }) {
  const { t, formats } = useTexts();
  const { opened, ended, previousAt, since, shiftEndsAt, items, left, state, scope } = handover;
  const scopeText = useScopeText();
  const at = (instant: string) => formats.dayAndTime(Date.parse(instant));
  const counts = [
    t('handover.raised', { count: since.raised }),
    t('handover.resolved', { count: since.resolved }),
    t('handover.dismissed', { count: since.dismissed }),
  ].join(', ');
  const sinceWhen = previousAt ? t('handover.since', { time: at(previousAt) }) : t('handover.sinceDay');
  return (
    <div className={styles.summary}>
      <p className={styles.headline}>{scopeText(scope)}</p>
      <p>{t('handover.from', { name: opened.by, time: at(opened.at) })}</p>
      {ended ? (
        <p>
          {t(state === 'withdrawn' ? 'handover.withdrawnBy' : 'handover.to', {
            name: ended.by,
            time: at(ended.at),
          })}
        </p>
      ) : null}
      <p>{t('handover.shiftEnds', { time: at(shiftEndsAt) })}</p>
      <p>
        {sinceWhen}: {counts}
        {since.whole === false ? `. ${t('handover.notWhole')}` : ''}
      </p>
      <p className={styles.progress} role="status">
        {t('handover.progress', { done, count: items.length })}
        {left > 0 ? `. ${t('handover.ahead', { count: left })}` : ''}
      </p>
    </div>
  );
}

/** What is in no item yet: while it is open it still comes, and nobody closes before it. */
function Left({ handover: { state, items, left } }: { handover: Handover }) {
  const { t } = useTexts();
  const named = items.reduce((sum, { entries }) => sum + entries.length, 0);
  const isThrough = items.every(({ acknowledged }) => acknowledged !== null);
  const isFull = isThrough && named + MAX_HANDOVER_ENTRIES > MAX_HANDOVER_THINGS;
  const what = state !== 'open' ? 'leftOut' : isFull ? 'tooMany' : 'left';
  return <p className={styles.hint}>{t(`handover.${what}`, { count: left })}</p>;
}

function Trouble({ state: { failure } }: { state: HandoverState }) {
  const { t } = useTexts();
  if (!failure) return null;
  return (
    <p className={styles.failure} role="alert">
      {failure === 'conflict'
        ? t('handover.changed')
        : t('handover.failed', { reason: t(`errors.${failure}`) })}
    </p>
  );
}
