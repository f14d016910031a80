import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { NO_FILTER } from '#contract/area-filter.ts';
import { useDesk, useTexts } from '../../desk/desk-context.ts';
import { useAddressedFlag } from '../../flags/use-chosen-flag.ts';
import { useShowArea } from '../../flags/use-show-area.ts';
import { rememberLanguage } from '../../i18n/i18n.ts';
import { useSession } from '../../session/session-context.ts';
import { parseGrid } from '../../wall/grid-fit.ts';
import { focusAlarm } from '../focus-alarm.ts';
import { focusSearch } from '../focus-search.ts';
import { useTheme } from '../theme.ts';
import type { ActionId, CommandAct } from './commands.ts';

/** Does what a command says. */
export function useRun(onSheet: () => void): (act: CommandAct) => void {
  const { view } = useDesk();
  const { language } = useTexts();
  const { i18n } = useTranslation();
  const session = useSession();
  const { setTheme } = useTheme();
  const [path, navigate] = useLocation();
  const flag = useAddressedFlag();
  const show = useShowArea();

  const toWall = () => {
    if (path !== '/') navigate('/');
  };
  const actions: Readonly<Record<ActionId, () => void>> = {
    sheet: onSheet,
    search: focusSearch,
    toAlarm: () => void focusAlarm(),
    showFlag: () => flag && show([flag]),
    resetFilter: view.resetFilter,
    resetPlaces: view.resetPins,
    themeAuto: () => setTheme('auto'),
    themeLight: () => setTheme('light'),
    themeDark: () => setTheme('dark'),
    language() {
      const other = language === 'uk' ? 'en' : 'uk';
      rememberLanguage(other, localStorage);
      void i18n.changeLanguage(other);
    },
    signOut: () => void session.signOut(),
  };

  return (act) => {
    switch (act.kind) {
      case 'page':
        return navigate(act.path);
      case 'area':
        toWall();
        return view.focus(act.areaId);
      case 'facility':
        toWall();
        view.focus(null);
        return view.setFilter({ ...NO_FILTER, place: [act.facilityId] });
      case 'grid':
        toWall();
        return view.setGrid(parseGrid(act.grid));
      case 'layout':
        toWall();
        return view.openLayout(act.layout);
      case 'do':
        return actions[act.action]();
    }
  };
}
