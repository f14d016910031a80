import { type LucideIcon, Pencil, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../../design/Button.tsx';
import { Notice } from '../../design/Notice.tsx';
import { useDesk, useTexts } from '../../desk/desk-context.ts';
import { KeptTools, RemovedKept } from '../../kept/KeptTools.tsx';
import type { KeptItem, KeptThings } from '../../kept/use-kept.ts';
import { mayDo } from '../../session/session.ts';
import styles from '../DisplaysPage.module.css';
import own from './Kept.module.css';

/** What an editor of one kind gets. */
export interface EditorProps<K extends KeptItem> {
  /** What is changed; a new one without. */
  thing: K | undefined;
  failure: string | undefined;
  onSave(content: object): Promise<void>;
  onClose(): void;
}

interface KeptViewProps<K extends KeptItem> {
  kind: 'tours' | 'walls';
  icon: LucideIcon;
  things: KeptThings<K>;
  /** What else has failed, in words. */
  failed?: string | undefined;
  /** What is said of one, under its name. */
  facts(thing: K): ReactNode;
  /** What can be done with one besides. */
  actions?(thing: K): ReactNode;
  /** Whether it is seen whole: who sees a part cannot change it. */
  isWhole(thing: K): boolean;
  editor(props: EditorProps<K>): ReactNode;
}

/** Things of one kind that are kept: what is in them; to make, change, bring back as it was and take away. */
export function KeptView<K extends KeptItem>({
  kind,
  icon,
  things,
  failed,
  facts,
  actions,
  isWhole,
  editor,
}: KeptViewProps<K>) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [open, setOpen] = useState<{ thing: K | undefined }>();
  const may = mayDo(who, 'display.push');
  const { items, failure } = things;
  const refused =
    failure === 'conflict'
      ? t('tours.changed')
      : failure && t('displays.failed', { reason: t(`errors.${failure}`) });
  const shown = refused ?? failed;
  return (
    <>
      {may ? (
        <div className={own.bar}>
          <Button look="primary" onClick={() => setOpen({ thing: undefined })}>
            <Plus size="1rem" aria-hidden="true" /> {t(`${kind}.add`)}
          </Button>
        </div>
      ) : null}
      {shown && !open ? (
        <p className={styles.failure} role="alert">
          {shown}
        </p>
      ) : null}
      {items?.length === 0 ? (
        <Notice icon={icon} title={t(`${kind}.none`)} hint={t(`${kind}.noneHint`)} />
      ) : null}
      <RemovedKept kept={things} />
      <ul className={own.list}>
        {items?.map((thing) => (
          <li
            key={thing.id}
            className={own.row}
            data-tour={kind === 'tours' ? thing.name : undefined}
            data-wall={kind === 'walls' ? thing.name : undefined}
          >
            <div>
              <h2 className={styles.name}>{thing.name}</h2>
              {facts(thing)}
            </div>
            {may ? (
              <div className={styles.actions}>
                {actions?.(thing)}
                <Button disabled={!isWhole(thing)} onClick={() => setOpen({ thing })}>
                  <Pencil size="1rem" aria-hidden="true" /> {t('tours.edit')}
                </Button>
                <KeptTools thing={thing} kept={things} />
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {open
        ? editor({
            thing: open.thing,
            failure: refused,
            onSave: async (content) => {
              if (await things.save(content, open.thing)) setOpen(undefined);
            },
            onClose: () => setOpen(undefined),
          })
        : null}
    </>
  );
}
