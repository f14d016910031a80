import {
  Ambulance,
  BedDouble,
  BookOpenText,
  Droplets,
  Footprints,
  HandFist,
  Link2,
  Link2Off,
  type LucideIcon,
  MessageSquareWarning,
  MessagesSquare,
  Phone,
  Pill,
  Scale,
  Stethoscope,
  Sun,
  Thermometer,
  TimerReset,
  TriangleAlert,
  UserRoundCheck,
  UserRoundX,
  Utensils,
  Zap,
  ZapOff,
} from 'lucide-react';
import type { AreaEvent, CaseEvent } from '#contract/custody-events.ts';

/** What is asked for beside time and note. */
export type FieldName = 'complaintKind' | 'forceKind' | 'reason' | 'incidentKind' | 'conditions';

/** Something that can be recorded: the event that comes of it, and what is asked for. */
export interface Form<T extends string = string> {
  type: T;
  icon: LucideIcon;
  fields: readonly FieldName[];
  /** Without a note the record says too little. */
  needsNote?: true;
  /** With neither a ground nor a note it raises an alarm of level 1 (rule `force-unexplained`), and the form says so. */
  explainedOrNow?: true;
}

const form = <T extends string>(type: T, icon: LucideIcon, ...fields: FieldName[]): Form<T> => ({
  type,
  icon,
  fields,
});

/** What an inspector records about a person, in groups as they are thought of. */
export const PERSON_FORMS: readonly { group: FormGroup; forms: readonly Form<CaseEvent['type']>[] }[] = [
  {
    group: 'rights',
    forms: [
      form('RIGHTS_EXPLAINED', BookOpenText),
      form('RELATIVES_NOTIFIED', Phone),
      form('LEGAL_AID_NOTIFIED', Scale),
      form('LAWYER_ARRIVED', UserRoundCheck),
      form('LAWYER_LEFT', UserRoundX),
      form('CONFIDENTIALITY_EXTENDED', TimerReset),
    ],
  },
  {
    group: 'talks',
    forms: [form('OFFICER_INTERVIEWED', MessagesSquare), form('DETAINEE_INTERVIEWED', MessagesSquare)],
  },
  {
    group: 'health',
    forms: [
      form('MEDICAL_EXAM_STARTED', Stethoscope),
      form('MEDICAL_EXAM_ENDED', Stethoscope),
      form('AMBULANCE', Ambulance),
      { ...form('INJURY_RECORDED', TriangleAlert), needsNote: true },
      form('MEDICATION', Pill),
    ],
  },
  {
    group: 'daily',
    forms: [
      form('MEAL', Utensils),
      form('WATER', Droplets),
      form('REST_STARTED', BedDouble),
      form('REST_ENDED', Sun),
      form('EXERCISE', Footprints),
    ],
  },
  {
    group: 'force',
    forms: [
      { ...form('COMPLAINT', MessageSquareWarning, 'complaintKind'), needsNote: true },
      { ...form('FORCE_USED', HandFist, 'forceKind', 'reason'), explainedOrNow: true },
      form('RESTRAINT_ON', Link2, 'reason'),
      form('RESTRAINT_OFF', Link2Off),
    ],
  },
];
export type FormGroup = 'rights' | 'talks' | 'health' | 'daily' | 'force';

/** What is recorded about a room; a check has a screen of its own. */
export const ROOM_FORMS: readonly Form<AreaEvent['type']>[] = [
  form('CONDITIONS_MEASURED', Thermometer, 'conditions'),
  { ...form('INCIDENT', TriangleAlert, 'incidentKind'), needsNote: true },
  // It accounts for a camera that is off, for some hours.
  form('POWER_LOST', ZapOff),
  form('POWER_RESTORED', Zap),
];

/** What can be recorded of everybody in a room at once. */
export const FOR_ALL: readonly Form<CaseEvent['type']>[] = [form('MEAL', Utensils), form('WATER', Droplets)];

export function personForm(type: string): Form<CaseEvent['type']> | undefined {
  return PERSON_FORMS.flatMap(({ forms }) => forms).find((one) => one.type === type);
}

export function roomForm(type: string): Form<AreaEvent['type']> | undefined {
  return ROOM_FORMS.find((one) => one.type === type);
}
