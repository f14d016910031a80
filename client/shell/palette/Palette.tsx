import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { LayoutList, type LayoutView } from '#contract/layouts.ts';
import { Button } from '../../design/Button.tsx';
import { useDesk, useLive, useTexts } from '../../desk/desk-context.ts';
import { useAddressedFlag } from '../../flags/use-chosen-flag.ts';
import { useKept } from '../../kept/use-kept.ts';
import { mayDo } from '../../session/session.ts';
import { GRID_SIZES } from '../../wall/grid-fit.ts';
import { gridName } from '../../wall/layout/LayoutMenu.tsx';
import { isSeenHere, useRoomBeside } from '../../wall/room-beside.ts';
import { Keys } from '../Keys.tsx';
import { SECTIONS } from '../pages.tsx';
import { SHORTCUTS } from '../shortcuts.ts';
import {
  actionCommands,
  areaCommands,
  type Command,
  type CommandGroup,
  facilityCommands,
  matchingCommands,
} from './commands.ts';
import styles from './Palette.module.css';
import { useRun } from './use-run.ts';

const GRIDS = ['auto', 'strip', 'spotlight', 'map', 'list', ...GRID_SIZES] as const;

interface PaletteProps {
  onClose(): void;
  onSheet(): void;
}

/** Goes anywhere and does anything by its name: areas, facilities, pages, layouts, actions. */
export function Palette({ onClose, onSheet }: PaletteProps) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [text, setText] = useState('');
  const layouts = useKept('layouts', LayoutList, mayDo(who, 'layout.keep'));
  const groups = useGroups(useDeferredValue(text), layouts.items);
  const run = useRun(onSheet);
  const input = useRef<HTMLInputElement>(null);
  // With its first paint: whoever asked for it types on.
  const focusNow = useCallback((element: HTMLInputElement | null) => {
    input.current = element;
    element?.focus();
  }, []);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup} aria-label={t('palette.title')}>
          <Autocomplete.Root
            open
            inline
            mode="none"
            items={groups}
            value={text}
            onValueChange={setText}
            autoHighlight="always"
            keepHighlight
            itemToStringValue={(item: Command) => item.label}
          >
            <div className={styles.field}>
              <Search size="1rem" aria-hidden="true" />
              <Autocomplete.Input
                ref={focusNow}
                className={styles.input}
                aria-label={t('palette.title')}
                placeholder={t('palette.hint')}
              />
            </div>
            <Autocomplete.Empty>
              <p className={styles.empty}>{t('palette.none')}</p>
            </Autocomplete.Empty>
            <Autocomplete.List className={styles.list}>
              {(group: CommandGroup) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className={styles.heading}>{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(item: Command) => (
                      <Autocomplete.Item
                        key={item.id}
                        value={item}
                        className={styles.item}
                        data-command={item.id}
                        onClick={() => {
                          onClose();
                          run(item.act);
                        }}
                      >
                        <span className={styles.label}>{item.label}</span>
                        <span className={styles.hint}>{item.hint}</span>
                        <ShortcutOf command={item} />
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
          {layouts.items === undefined && layouts.failure ? (
            <div className={styles.failed} role="alert">
              <p>{t('palette.layoutsFailed', { reason: t(`errors.${layouts.failure}`) })}</p>
              <Button
                onClick={() => {
                  input.current?.focus();
                  void layouts.refresh();
                }}
              >
                {t('palette.retry')}
              </Button>
            </div>
          ) : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function ShortcutOf({ command: { shortcut } }: { command: Command }) {
  const [chord] = SHORTCUTS.find(({ id }) => id === shortcut)?.chords ?? [];
  return chord ? <Keys chord={chord} /> : null;
}

/** What a text is about, by kind; kinds without any are left out. */
function useGroups(text: string, kept: readonly LayoutView[] | undefined): CommandGroup[] {
  const { t, language } = useTexts();
  const { who, facts, live } = useDesk();
  const registry = useLive((state) => state.registry);
  const sees = mayDo(who, 'status.read');
  const hasFlag = useAddressedFlag() !== undefined;
  const hasRoomBeside = useRoomBeside();
  return useMemo(() => {
    const pages = [
      ...SECTIONS.filter(({ action }) => mayDo(who, action)).map(
        ({ path, name }): Command => ({
          id: `page ${path}`,
          label: t(`nav.${name}`),
          act: { kind: 'page', path },
        }),
      ),
      { id: 'page /alerts', label: t('alerts.title'), act: { kind: 'page' as const, path: '/alerts' } },
      { id: 'page /account', label: t('account.title'), act: { kind: 'page' as const, path: '/account' } },
    ];
    const layouts = sees
      ? [
          ...(kept ?? []).map(
            (layout): Command => ({
              id: `layout ${layout.id}`,
              label: layout.name,
              hint: t('palette.layout'),
              act: { kind: 'layout', layout },
            }),
          ),
          ...GRIDS.filter((grid) => isSeenHere(grid, hasRoomBeside)).map(
            (grid): Command => ({
              id: `grid ${grid}`,
              label: t('palette.grid', { name: gridName(grid, t) }),
              act: { kind: 'grid', grid },
            }),
          ),
        ]
      : [];
    const regionNames = new Map(registry?.regions.map(({ id, name }) => [id, name[language]]));
    const actions = actionCommands(
      t,
      (action) => (sees || !WALL_ACTIONS.has(action)) && (hasFlag || action !== 'showFlag'),
    );
    const groups: CommandGroup[] = [
      {
        value: t('palette.areas'),
        items: sees ? areaCommands(facts.read(live.getState()), text, language) : [],
      },
      {
        value: t('palette.facilities'),
        items: sees ? facilityCommands(registry?.facilities ?? [], regionNames, text, language) : [],
      },
      { value: t('palette.pages'), items: matchingCommands(pages, text) },
      { value: t('palette.layouts'), items: matchingCommands(layouts, text) },
      { value: t('palette.do'), items: matchingCommands(actions, text) },
    ];
    return groups.filter(({ items }) => items.length > 0);
  }, [text, t, language, who, facts, live, registry, kept, sees, hasFlag, hasRoomBeside]);
}

const WALL_ACTIONS: ReadonlySet<string> = new Set([
  'search',
  'toAlarm',
  'showFlag',
  'resetFilter',
  'resetPlaces',
]);
