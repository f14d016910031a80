import { accountTexts } from '../account/texts-en.ts';
import { adminTexts } from '../admin/texts-en.ts';
import { alertTexts } from '../alerts/texts-en.ts';
import { auditTexts } from '../audit/texts-en.ts';
import { events } from '../cases/event-words-en.ts';
import { casesTexts } from '../cases/texts-en.ts';
import { closureTexts } from '../closures/texts-en.ts';
import { complaintsTexts } from '../complaints/texts-en.ts';
import { displaysTexts } from '../display/texts-en.ts';
import { evidenceTexts } from '../evidence/texts-en.ts';
import { figuresTexts } from '../figures/texts-en.ts';
import { filterTexts } from '../filter/texts-en.ts';
import { flagsTexts } from '../flags/texts-en.ts';
import { gateTexts } from '../gate/texts-en.ts';
import { handoverTexts } from '../handover/texts-en.ts';
import { inspectTexts } from '../inspect/texts-en.ts';
import { keptTexts } from '../kept/texts-en.ts';
import { mapTexts } from '../map/texts-en.ts';
import { oncallTexts } from '../oncall/texts-en.ts';
import { purposesTexts } from '../purposes/texts-en.ts';
import { sessionTexts } from '../session/texts-en.ts';
import { shellTexts } from '../shell/texts-en.ts';
import { wallTexts } from '../wall/texts-en.ts';
import { words } from './words-en.ts';

/** Texts in English. Plural forms end in `_one` and `_other`. */
export const en = {
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
