import { z } from 'zod';
import { ReadWordsReply } from '#contract/cases.ts';
import { VartaError } from '#contract/errors.ts';
import { CaseId, FacilityId } from '#contract/ids.ts';
import { ReadPersonalBody } from '#contract/personal.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { type AuditLog, toAuditActor } from '../../audit/audit.ts';
import type { Registry } from '../../nation/registry.ts';
import { createPurposeCheck } from '../../personal/purpose-check.ts';
import type { Basis } from '../state/basis.ts';
import type { WordKeeper } from '../words.ts';
import type { CaseEvents } from './case-events.ts';
import { readCaseFile } from './case-file.ts';
import { wordsOf } from './timeline.ts';

interface WordsOptions {
  events: CaseEvents;
  words: Pick<WordKeeper, 'open'>;
  basis: Basis;
  registry: Registry;
  audit: AuditLog;
  now: () => number;
}

/** What was written to the events of a case, and to the checks of its areas, in free words: it may name somebody, so it is read as personal data is. */
export function wordsRoutes({ events, words, basis, registry, audit, now }: WordsOptions): AnyRoute[] {
  const { purposeFor } = createPurposeCheck({ audit, now });
  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/facilities/:facilityId/cases/:caseId/notes',
      action: 'personal.read',
      authentication: 'session',
      summary:
        'Notes and reasons of a case’s events, for one of the caller’s purposes; on record in the audit before it is answered, and not to be kept',
      params: z.strictObject({ facilityId: FacilityId, caseId: CaseId }),
      body: ReadPersonalBody,
      reply: ReadWordsReply,
      handle: async ({ principal, params: { facilityId, caseId }, body }) => {
        const facility = registry.facility(facilityId);
        if (!facility) throw new VartaError('unknown_facility', `there is no facility ${facilityId}`);
        const { regionId } = facility;
        const purpose = purposeFor(principal, { kind: 'facility', regionId, facilityId }, body);
        const file = await readCaseFile({ regionId, facilityId, caseId }, { events, basis });
        if (!file) throw new VartaError('unknown_case', `there is no case ${caseId} in ${facilityId}`);
        const entry = await audit.append(regionId, {
          actor: toAuditActor(principal),
          action: 'personal.read',
          resource: `case:${facilityId}/${caseId}`,
          outcome: 'done',
          details: {
            what: 'notes',
            purpose: purpose.id,
            ...(body.note === undefined ? {} : { note: body.note }),
          },
        });
        const items = wordsOf(file.events.map(words.open));
        return { caseId, items, auditSeq: entry.seq };
      },
    }),
  ];
}
