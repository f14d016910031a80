import { Suspense, useEffect, useState } from 'react';
import { matchRoute, Route, Switch, useLocation, useRouter } from 'wouter';
import { useAlertVoice } from '../alerts/use-alert-voice.ts';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useTexts, useView } from '../desk/desk-context.ts';
import { AlarmZone } from '../flags/AlarmZone.tsx';
import { RaiseFlagDialog } from '../flags/RaiseFlagDialog.tsx';
import { mayDo } from '../session/session.ts';
import { useRoomBeside } from '../wall/room-beside.ts';
import { WallPage } from '../wall/WallPage.tsx';
import { useAlarmPlace } from './alarm-place.ts';
import { focusAlarm } from './focus-alarm.ts';
import { focusSearch } from './focus-search.ts';
import { lateCode } from './late-code.tsx';
import { NoRight } from './NoRight.tsx';
import { NotFound } from './NotFound.tsx';
import { PageGuard } from './PageGuard.tsx';
import { PAGES, type Page } from './pages.tsx';
import { Palette } from './palette/Palette.tsx';
import styles from './Shell.module.css';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { TopBar } from './TopBar.tsx';
import { useShortcuts } from './use-shortcuts.ts';

/** The map's code is a third of the whole; whoever does not open it does not load it. */
const MapPage = lateCode(async () => (await import('../map/MapPage.tsx')).MapPage);

const WALL = '/';
const MAP = '/map';
const FLAGS = '/flags';

interface ShellProps {
  /** Beside wall and map. @default all that there are */
  pages?: readonly Page[];
}

/** What every page behind the sign-in has around it. */
export function Shell({ pages = PAGES }: ShellProps) {
  const { t } = useTexts();
  const { who, view } = useDesk();
  const [path] = useLocation();
  const { parser } = useRouter();
  const isAlone = pages.some(({ path: at, alone }) => alone === true && matchRoute(parser, at, path)[0]);
  const sees = mayDo(who, 'status.read');
  useAlertVoice();
  const [over, setOver] = useState<'palette' | 'sheet'>();
  useShortcuts('everywhere', true, {
    palette: () => setOver((before) => (before === 'palette' ? undefined : 'palette')),
    sheet: () => setOver('sheet'),
    search: () => (sees && !isAlone ? focusSearch() : false),
    toAlarm: focusAlarm,
  });
  // The wall may have the map beside it; the canvas is the same one.
  const hasRoomBeside = useRoomBeside();
  const besideWall = useView((state) => state.grid === 'map') && hasRoomBeside && path === WALL;
  const alarms = useAlarmPlace();
  const isMapOpen = path === MAP || besideWall;
  const mapOpened = useOnce(isMapOpen);
  const wallOpened = useOnce(path === WALL);

  // The filter goes with the person from page to page; every link of ours is a path alone.
  useEffect(() => view.writeUrl(path), [path, view]);

  return (
    <div className={styles.shell} data-alone={isAlone || undefined}>
      <a className={styles.skip} href="#content">
        {t('nav.skip')}
      </a>
      {isAlone ? null : <TopBar path={path} onPalette={() => setOver('palette')} />}
      <div className={styles.body} data-alarms={alarms.place}>
        <main className={styles.content} id="content" tabIndex={-1}>
          <Switch>
            {[WALL, MAP].map((kept) => (
              <Route key={kept} path={kept}>
                {sees ? null : <NoRight />}
              </Route>
            ))}
            {pages.map(({ path: at, action, Content }) => (
              <Route key={at} path={at}>
                {mayDo(who, action) ? (
                  <PageGuard path={path}>
                    <Suspense fallback={<Notice title={t('nav.loading')} />}>
                      <Content />
                    </Suspense>
                  </PageGuard>
                ) : (
                  <NoRight />
                )}
              </Route>
            ))}
            <Route>
              <NotFound />
            </Route>
          </Switch>
          {/* Wall and map stay once they were opened: the media and the map's canvas are dear to make anew. */}
          {sees && wallOpened ? (
            <PageGuard path={path} shown={path === WALL}>
              <WallPage open={path === WALL} />
            </PageGuard>
          ) : null}
          {sees && mapOpened ? (
            <PageGuard path={path} shown={isMapOpen} beside={besideWall}>
              <Suspense fallback={path === MAP ? <Notice title={t('map.loading')} /> : null}>
                <MapPage open={isMapOpen} beside={besideWall} />
              </Suspense>
            </PageGuard>
          ) : null}
        </main>
        {sees && mayDo(who, 'flag.read') && path !== FLAGS && !isAlone ? (
          <AlarmZone place={alarms.place} />
        ) : null}
      </div>
      <RaiseDialog />
      {over === 'palette' ? (
        <Palette onClose={() => setOver(undefined)} onSheet={() => setOver('sheet')} />
      ) : null}
      {over === 'sheet' ? <ShortcutSheet onClose={() => setOver(undefined)} /> : null}
    </div>
  );
}

function RaiseDialog() {
  const { view } = useDesk();
  const raising = useView((state) => state.raising);
  return raising === null ? null : (
    <RaiseFlagDialog key={raising} areaId={raising} onClose={() => view.raise(null)} />
  );
}

/** True from the first time on that it was. */
function useOnce(now: boolean): boolean {
  const [was, setWas] = useState(now);
  if (now && !was) setWas(true);
  return was || now;
}
