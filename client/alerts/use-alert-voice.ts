import { useCallback, useEffect, useMemo } from 'react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import type { Alert, AlertSettings, FlagAlert } from '#contract/alerts.ts';
import type { Severity } from '#contract/flags.ts';
import { alertLinkOf, ONCALL_PAGE, WATCHING_PAGE } from '../../config/roles/landing.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { openFlagOf } from '../flags/open-flags.ts';
import { useOpenFlags } from '../flags/use-open-flags.ts';
import { useShelved } from '../flags/use-shelved.ts';
import { useShowArea } from '../flags/use-show-area.ts';
import { liveOf } from '../store/region-sync.ts';
import { notify } from './notify.ts';
import { onPushOpened } from './push-open.ts';
import { renewPush } from './push-subscription.ts';
import { showTabCount } from './tab-count.ts';
import { usePathTroubles } from './use-path-troubles.ts';
import { stillWaiting } from './waiting.ts';
import { keepAwake } from './wake-lock.ts';

/** As urgent as an alarm that has to be answered soon. */
const PATH_TROUBLE_LEVEL = 2;
/** More than these at once are told in one notification. */
const MAX_NOTICES = 3;

/** Gives alerts a voice: sound, notifications of the system, the count in the tab; and keeps the screen awake. */
export function useAlertVoice(): void {
  const { alerts, sound, live, api, view, who } = useDesk();
  const [, navigate] = useLocation();
  const { t, language } = useTexts();
  const show = useShowArea();
  const waiting = useWaitingAlerts();
  const pushKey = useStore(alerts.store, (state) => state.pushKey);

  const goTo = useCallback(
    (path: string) => {
      const { pathname, searchParams } = new URL(path, location.origin);
      const areaId = searchParams.get('area');
      searchParams.delete('area');
      navigate(searchParams.size > 0 ? `${pathname}?${searchParams}` : pathname);
      view.focus(areaId);
    },
    [navigate, view],
  );

  useEffect(() => {
    const open = (alert: FlagAlert) => {
      const link = alertLinkOf(who.role, alert);
      if (link.startsWith(ONCALL_PAGE)) return navigate(link);
      const found = liveOf(live.getState().regions[alert.regionId])?.flags.get(alert.flagId);
      // Somebody may have closed it meanwhile: where it was is worth a look all the same.
      if (found) show([found]);
      else goTo(link);
    };
    const present = (fresh: readonly Alert[]) => {
      const { settings } = alerts.store.getState();
      const level = loudest(fresh, settings);
      if (level !== undefined) sound.play(level, settings.sound.volume);
      const watching = fresh.findLast((alert) => alert.kind === 'watching');
      if (watching)
        notify(window, {
          tag: watching.id,
          title: t('product.name'),
          body: t('alerts.watching', { place: watching.place[language] }),
          isUrgent: false,
          language,
          onClick: () => goTo(WATCHING_PAGE),
        });
      const flags = fresh.filter((alert) => alert.kind === 'flag');
      if (flags.length > MAX_NOTICES) {
        const [first] = flags;
        notify(window, {
          tag: first?.id ?? '',
          title: t('product.name'),
          body: t('alerts.notice', { count: flags.length }),
          isUrgent: flags.some(({ severity }) => severity === 1),
          language,
          onClick: () => first && open(first),
        });
        return;
      }
      for (const alert of flags)
        notify(window, {
          tag: alert.id,
          title: `${t(`levels.${alert.severity}`)} · ${t(`categories.${alert.category}`)}`,
          body: `${alert.place[language]} · ${t(`alerts.reasons.${alert.reason}`)}`,
          isUrgent: alert.severity === 1,
          language,
          onClick: () => open(alert),
        });
    };
    return alerts.present(present);
  }, [alerts, sound, live, show, navigate, goTo, who, t, language]);

  useEffect(() => {
    showTabCount(document, t('product.name'), waiting.length);
    return () => showTabCount(document, t('product.name'), 0);
  }, [waiting.length, t]);

  useEffect(() => {
    const opened = onPushOpened(window, goTo);
    return () => opened[Symbol.dispose]();
  }, [goTo]);

  useEffect(() => {
    if (pushKey !== null) void renewPush(window, api, who.username);
  }, [pushKey, api, who]);

  // Alerts that do not come make no sound: that they do not come is heard instead, once.
  const isTroubled = usePathTroubles().length > 0;
  useEffect(() => {
    if (isTroubled) sound.play(PATH_TROUBLE_LEVEL, alerts.store.getState().settings.sound.volume);
  }, [isTroubled, alerts, sound]);

  useEffect(() => {
    const awake = keepAwake(window);
    return () => awake[Symbol.dispose]();
  }, []);
}

/** Alerts to this person that nobody has answered. */
export function useWaitingAlerts(): readonly FlagAlert[] {
  const { alerts, live } = useDesk();
  const shown = useStore(alerts.store, (state) => state.shown);
  const flags = useOpenFlags();
  const shelved = useShelved(flags);
  return useMemo(() => {
    // Read anew for each time that a flag has changed.
    void flags;
    return stillWaiting(shown, (id) => (shelved.has(id) ? undefined : openFlagOf(live.getState(), id)));
  }, [shown, flags, shelved, live]);
}

/** The most urgent level that is to be heard. */
function loudest(alerts: readonly Alert[], { sound }: AlertSettings): Severity | undefined {
  const levels = alerts.flatMap((alert) => (alert.kind === 'flag' ? [alert.severity] : []));
  const heard = levels.filter((level) => level === 1 || level <= sound.upTo).toSorted();
  if (heard.length > 0) return heard[0];
  return alerts.some(({ kind }) => kind === 'digest' || kind === 'watching') ? 4 : undefined;
}
