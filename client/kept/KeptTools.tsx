import { History, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './Kept.module.css';
import { contentOf } from './kept-content.ts';
import { PreviousVersions } from './PreviousVersions.tsx';
import { RenameForm } from './RenameForm.tsx';
import type { KeptItem, KeptThings } from './use-kept.ts';

interface KeptToolsProps<K extends KeptItem> {
  thing: K;
  kept: KeptThings<K>;
  /** It can get another name here. @default false */
  rename?: boolean;
  /** An earlier version has become the present one. */
  onRestored?(thing: K): void;
}

type Panel = 'versions' | 'name' | 'removal';

interface ToolOptions {
  /** What it does at once, in place of opening its panel. */
  act?: (() => void) | undefined;
  /** It is not this person's to do. @default false */
  off?: boolean;
}

/**
 * What can be done to a kept thing, in its row: what it was before, another name, and away with it. What others find among
 * theirs goes only after a question. The panel of a tool takes a line of its own.
 */
export function KeptTools<K extends KeptItem>({
  thing,
  kept,
  rename = false,
  onRestored,
}: KeptToolsProps<K>) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [open, setOpen] = useState<Panel>();
  const close = () => setOpen(undefined);
  const { name } = thing;
  // Whoever sees it in part changes nothing of it; taking it away is left to its owner.
  const isPart = thing.leftOut > 0;
  const isOwner = thing.owner === who.username;
  const tool = (panel: Panel, label: string, icon: ReactNode, { act, off = false }: ToolOptions = {}) => (
    <Button
      look="quiet"
      iconOnly
      aria-label={label}
      title={off ? t('kept.part') : label}
      disabled={off}
      aria-expanded={act ? undefined : open === panel}
      onClick={act ?? (() => setOpen(open === panel ? undefined : panel))}
    >
      {icon}
    </Button>
  );
  const isOwn = thing.shared.kind === 'own';
  return (
    <>
      <span className={styles.tools}>
        {thing.version > 1
          ? tool('versions', t('kept.versions', { name }), <History size="1rem" aria-hidden="true" />)
          : null}
        {rename
          ? tool('name', t('kept.rename', { name }), <Pencil size="1rem" aria-hidden="true" />, {
              off: isPart,
            })
          : null}
        {tool('removal', t('kept.remove', { name }), <Trash2 size="1rem" aria-hidden="true" />, {
          act: isOwn ? () => void kept.remove(thing) : undefined,
          off: isPart && !isOwner,
        })}
      </span>
      {open === 'versions' ? (
        <PreviousVersions
          thing={thing}
          kept={kept}
          onRestored={(restored) => {
            close();
            onRestored?.(restored);
          }}
        />
      ) : null}
      {open === 'name' ? (
        <RenameForm
          name={name}
          onClose={close}
          onRename={async (next) =>
            (await kept.save({ ...contentOf(thing), name: next }, thing)) !== undefined
          }
        />
      ) : null}
      {open === 'removal' ? (
        <section className={styles.panel} aria-label={t('kept.remove', { name })}>
          <p className={styles.question}>{t('kept.othersToo')}</p>
          <div className={styles.tools}>
            <Button look="primary" onClick={() => void kept.remove(thing).then(close)}>
              {t('kept.removeForAll')}
            </Button>
            <Button onClick={close}>{t('kept.leave')}</Button>
          </div>
        </section>
      ) : null}
    </>
  );
}

/** What was taken away last, and the way back. */
export function RemovedKept<K extends KeptItem>({ kept }: { kept: KeptThings<K> }) {
  const { t } = useTexts();
  const { removed } = kept;
  return (
    <p className={styles.removed} role="status">
      {removed ? (
        <>
          <span>{t('kept.removed', { name: removed.name })}</span>
          <Button look="quiet" onClick={() => void kept.restore(removed, removed)}>
            {t('kept.bringBack')}
          </Button>
        </>
      ) : null}
    </p>
  );
}
