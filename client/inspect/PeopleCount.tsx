import { useTexts } from '../desk/desk-context.ts';
import type { RoomFacts } from './facility-facts.ts';

/** How many people a room has by the record, and what is to be minded about them. */
export function PeopleCount({ room, className }: { room: RoomFacts; className?: string | undefined }) {
  const { t } = useTexts();
  const { headcount, vulnerabilities } = room;
  if (headcount === null) return <span className={className}>{t('inspect.unknownPeople')}</span>;
  if (headcount === 0) return <span className={className}>{t('inspect.nobody')}</span>;
  return (
    <span className={className}>
      {t('inspect.people', { count: headcount })}
      {vulnerabilities.length > 0
        ? ` · ${vulnerabilities.map((one) => t(`vulnerabilities.${one}`)).join(', ')}`
        : null}
    </span>
  );
}
