import { accountTexts } from '../account/texts-uk.ts';
import { adminTexts } from '../admin/texts-uk.ts';
import { alertTexts } from '../alerts/texts-uk.ts';
import { auditTexts } from '../audit/texts-uk.ts';
import { events } from '../cases/event-words-uk.ts';
import { casesTexts } from '../cases/texts-uk.ts';
import { closureTexts } from '../closures/texts-uk.ts';
import { complaintsTexts } from '../complaints/texts-uk.ts';
import { displaysTexts } from '../display/texts-uk.ts';
import { evidenceTexts } from '../evidence/texts-uk.ts';
import { figuresTexts } from '../figures/texts-uk.ts';
import { filterTexts } from '../filter/texts-uk.ts';
import { flagsTexts } from '../flags/texts-uk.ts';
import { gateTexts } from '../gate/texts-uk.ts';
import { handoverTexts } from '../handover/texts-uk.ts';
import { inspectTexts } from '../inspect/texts-uk.ts';
import { keptTexts } from '../kept/texts-uk.ts';
import { mapTexts } from '../map/texts-uk.ts';
import { oncallTexts } from '../oncall/texts-uk.ts';
import { purposesTexts } from '../purposes/texts-uk.ts';
import { sessionTexts } from '../session/texts-uk.ts';
import { shellTexts } from '../shell/texts-uk.ts';
import { wallTexts } from '../wall/texts-uk.ts';
import { words } from './words-uk.ts';

/** Texts in Ukrainian, the first language of the interface. Plural forms end in `_one`, `_few`, `_many` and `_other`. */
export const uk = {
  ...shellTexts,
  ...sessionTexts,
  ...wallTexts,
  ...filterTexts,
  ...words,
  ...accountTexts,
  ...adminTexts,
  ...flagsTexts,
  ...gateTexts,
  ...closureTexts,
  ...purposesTexts,
  ...alertTexts,
  ...auditTexts,
  ...displaysTexts,
  ...evidenceTexts,
  ...figuresTexts,
  ...complaintsTexts,
  ...keptTexts,
  ...mapTexts,
  ...oncallTexts,
  ...inspectTexts,
  ...handoverTexts,
  ...casesTexts,
  events,
} as const;
