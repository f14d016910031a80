import { Link } from 'wouter';
import { CaseId, type FacilityId } from '#contract/ids.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';

interface CaseLinkProps {
  facilityId: FacilityId;
  caseId: string;
  className?: string | undefined;
}

/** A case by its number; the way to its page for those who may read it. */
export function CaseLink({ facilityId, caseId, className }: CaseLinkProps) {
  const { t } = useTexts();
  const { who } = useDesk();
  const name = t('focus.case', { id: caseId });
  if (!mayDo(who, 'case.read') || !CaseId.safeParse(caseId).success)
    return <span className={className}>{name}</span>;
  return (
    <Link href={`/cases/${facilityId}/${caseId}`} className={className}>
      {name}
    </Link>
  );
}
