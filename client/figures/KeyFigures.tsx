import { ComplaintOutcome, ForceKind } from '#contract/custody-details.ts';
import type { Figures } from '#contract/figures.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './FiguresPage.module.css';
import { checksShare, darkShare, lawyerShare, shareOf, sumOf } from './numbers.ts';
import { useNumbers } from './use-numbers.ts';

/** The figures that are asked for first, with what they are made of. */
export function KeyFigures({ figures, days }: { figures: Figures; days: number }) {
  const { t } = useTexts();
  const { count, hours, percent, minutes } = useNumbers();
  const { dark, lawyer, checks, space, complaints, hotline, force } = figures;
  const causes = dark.map(({ cause, seconds }) => `${t(`figures.causes.${cause}`)} ${hours(seconds)}`);
  const kinds = ForceKind.options.flatMap((kind) => {
    const number = force[kind];
    return number === undefined ? [] : [`${t(`figures.force.${kind}`)} ${count(number)}`];
  });
  const outcomes = ComplaintOutcome.options.flatMap((outcome) => {
    const number = complaints.byOutcome[outcome];
    return number === undefined ? [] : [`${t(`figures.outcomes.${outcome}`)} ${count(number)}`];
  });
  const cards: [name: string, value: string, detail: string][] = [
    [
      t('figures.key.held'),
      count(figures.heldSeconds / 86_400 / Math.max(1, days), 1),
      t('figures.key.heldDetail', { begun: count(figures.begun), closed: count(figures.closed) }),
    ],
    [t('figures.key.dark'), percent(darkShare(figures)), causes.join(' · ') || t('figures.key.none')],
    [
      t('figures.key.lawyer'),
      percent(lawyerShare(figures)),
      t('figures.key.lawyerDetail', {
        six: count(lawyer.within6h),
        later: count(lawyer.later),
        never: count(lawyer.none + lawyer.unassigned),
        median: minutes(lawyer.medianMinutes),
        worst: minutes(lawyer.worstMinutes),
      }),
    ],
    [
      t('figures.key.checks'),
      percent(checksShare(figures)),
      t('figures.key.checksDetail', { late: count(checks.late), missed: count(checks.missed) }),
    ],
    [
      t('figures.key.space'),
      percent(shareOf(space.under4Seconds, space.seconds)),
      t('figures.key.spaceDetail', {
        under4: hours(space.under4Seconds),
        under3: hours(space.under3Seconds),
        mean: space.meanM2 === null ? '–' : count(space.meanM2, 1),
        least: space.leastM2 === null ? '–' : count(space.leastM2, 1),
      }),
    ],
    [
      t('figures.key.complaints'),
      count(sumOf(complaints.byKind) + sumOf(hotline.byKind)),
      [t('figures.key.hotlineDetail', { hotline: count(sumOf(hotline.byKind)) }), ...outcomes].join(' · '),
    ],
    [
      t('figures.key.force'),
      count(sumOf(force)),
      [...kinds, t('figures.key.restraints', { restraints: count(figures.restraints) })].join(' · '),
    ],
  ];
  return (
    <dl className={styles.cards}>
      {cards.map(([name, value, detail]) => (
        <div key={name} className={styles.card}>
          <dt className={styles.cardName}>{name}</dt>
          <dd className={styles.cardValue}>{value}</dd>
          <dd className={styles.cardDetail}>{detail}</dd>
        </div>
      ))}
    </dl>
  );
}
