import type { TFunction } from 'i18next';
import type { AreaId, FacilityId } from '#contract/ids.ts';
import type { LayoutView } from '#contract/layouts.ts';
import type { Facility } from '#contract/nation.ts';
import type { Language } from '../../i18n/i18n.ts';
import type { Facts } from '../../store/facts.ts';
import type { ShortcutId } from '../shortcuts.ts';

/** What a command does, as data. */
export type CommandAct =
  | { kind: 'page'; path: string }
  | { kind: 'area'; areaId: AreaId }
  | { kind: 'facility'; facilityId: FacilityId }
  | { kind: 'layout'; layout: LayoutView }
  | { kind: 'grid'; grid: string }
  | { kind: 'do'; action: ActionId };

/** Things that can be done from anywhere; with a flag, where one is chosen. */
export const ACTIONS = [
  'sheet',
  'search',
  'toAlarm',
  'showFlag',
  'resetFilter',
  'resetPlaces',
  'themeAuto',
  'themeLight',
  'themeDark',
  'language',
  'signOut',
] as const;
export type ActionId = (typeof ACTIONS)[number];

export interface Command {
  /** One of its kind, for lists. */
  id: string;
  label: string;
  /** What tells it from others of the same name. */
  hint?: string;
  shortcut?: ShortcutId;
  act: CommandAct;
}

export interface CommandGroup {
  value: string;
  items: Command[];
}

/** Areas and facilities that are offered: more are not read, and another letter brings the others. */
const MOST = 8;

/** Commands whose words all begin with, or hold, what was typed. */
export function matchingCommands(commands: readonly Command[], text: string): Command[] {
  const words = text.toLocaleLowerCase('uk').split(/\s+/).filter(Boolean);
  return commands.filter(({ label, hint = '' }) => {
    const said = `${label} ${hint}`.toLocaleLowerCase('uk');
    return words.every((word) => said.includes(word));
  });
}

/** The first areas that a text is about, as the wall's filter would find them; none without a text. */
export function areaCommands(facts: Facts | undefined, text: string, language: Language): Command[] {
  const passes = facts?.search.find(text.slice(0, 100));
  if (!facts || !passes) return [];
  const { areas, registry } = facts.country;
  const found: Command[] = [];
  let place = passes.indexOf(1);
  while (place >= 0 && found.length < MOST) {
    const area = areas[place];
    if (area)
      found.push({
        id: `area ${area.id}`,
        label: area.name[language],
        hint: registry.facilityById[area.facilityId]?.shortName[language] ?? '',
        act: { kind: 'area', areaId: area.id },
      });
    place = passes.indexOf(1, place + 1);
  }
  return found;
}

/** The first facilities whose name or region a text is about. */
export function facilityCommands(
  facilities: readonly Facility[],
  regionNames: ReadonlyMap<string, string>,
  text: string,
  language: Language,
): Command[] {
  if (text.trim() === '') return [];
  const all = facilities.map(
    (facility): Command => ({
      id: `facility ${facility.id}`,
      label: facility.name[language],
      hint: regionNames.get(facility.regionId) ?? '',
      act: { kind: 'facility', facilityId: facility.id },
    }),
  );
  return matchingCommands(all, text).slice(0, MOST);
}

const SHORTCUT_OF: Partial<Record<ActionId, ShortcutId>> = {
  sheet: 'sheet',
  search: 'search',
  toAlarm: 'toAlarm',
  showFlag: 'showFlag',
};

/** What can be done from anywhere, by its words. */
export function actionCommands(t: TFunction, may: (action: ActionId) => boolean): Command[] {
  return ACTIONS.filter(may).map((action) => {
    const shortcut = SHORTCUT_OF[action];
    return {
      id: `do ${action}`,
      label: t(`palette.actions.${action}`),
      ...(shortcut ? { shortcut } : {}),
      act: { kind: 'do', action },
    };
  });
}
