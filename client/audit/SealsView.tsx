import { Download, ShieldAlert, ShieldCheck, ShieldQuestion } from 'lucide-react';
import { useState } from 'react';
import { pageOf } from '#contract/areas.ts';
import { AuditCheckpoint, AuditExportReady, AuditState } from '#contract/audit.ts';
import { useConfirmed } from '../account/use-confirmed.tsx';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useReading } from '../figures/use-figures.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './AuditPage.module.css';
import { PagedList } from './PagedList.tsx';
import { usePages } from './use-pages.ts';

const CheckpointPage = pageOf(AuditCheckpoint);

/** Whether the record is what was signed of it, what to write down, and how to verify it elsewhere. */
export function SealsView() {
  const { t, formats } = useTexts();
  const { value, failure, retry } = useReading('/api/v1/audit/state', AuditState);
  const pages = usePages('/api/v1/audit/checkpoints?order=desc&limit=50', CheckpointPage);
  return (
    <>
      {value ? (
        <State state={value} />
      ) : failure ? (
        <Notice title={t('audit.failed')} hint={t(`errors.${failure}`)} role="alert">
          <Button look="primary" onClick={retry}>
            {t('audit.retry')}
          </Button>
        </Notice>
      ) : (
        <Notice title={t('audit.loading')} />
      )}
      <section>
        <h2 className={styles.heading}>{t('audit.verify.title')}</h2>
        <ol className={styles.steps}>
          <li>
            <ExportButton /> {t('audit.verify.exportHint')}
          </li>
          <li>
            <a className={styles.link} href="/api/v1/audit/keys" download="keys.json">
              <Download size="0.9375rem" aria-hidden="true" />
              {t('audit.verify.keys')}
            </a>{' '}
            {t('audit.verify.keysHint')}
          </li>
          <li>
            {t('audit.verify.run')}
            <code className={styles.code}>node varta-verify.mjs varta-audit-UA.ndjson --keys keys.json</code>
          </li>
          <li>{t('audit.verify.answer')}</li>
        </ol>
      </section>
      <section>
        <h2 className={styles.heading}>{t('audit.checkpoints')}</h2>
        <PagedList
          pages={pages}
          label={t('audit.checkpoints')}
          empty={t('audit.noCheckpoints')}
          keyOf={({ seq }) => String(seq)}
        >
          {({ seq, at, hash, heads }) => (
            <div className={styles.row}>
              <span className={styles.who}>{t('audit.number', { seq })}</span>
              <span>{formats.dayAndTime(Date.parse(at))}</span>
              <span className={styles.quiet}>{t('audit.chains', { count: Object.keys(heads).length })}</span>
              <span className={styles.quiet} title={hash}>
                {hash.slice(0, 16)}…
              </span>
            </div>
          )}
        </PagedList>
      </section>
    </>
  );
}

/** The file may be large, so the browser itself takes it; whether it may is asked before, for it would keep a refusal as the file. */
function ExportButton() {
  const { t } = useTexts();
  const { api } = useDesk();
  const { run, dialog } = useConfirmed();
  const [failure, setFailure] = useState<FailureCode>();

  async function begin() {
    const answer = await run(() => api.call('/api/v1/audit/export/ready', { reply: AuditExportReady }));
    setFailure(answer.ok ? undefined : answer.code);
    if (!answer.ok) return;
    const link = document.createElement('a');
    link.href = '/api/v1/audit/export';
    link.download = '';
    link.click();
  }

  return (
    <>
      <Button onClick={() => void begin()}>
        <Download size="0.9375rem" aria-hidden="true" />
        {t('audit.verify.export')}
      </Button>
      {failure ? (
        <span className={styles.failure} role="alert">
          {' '}
          {t(`errors.${failure}`)}
        </span>
      ) : null}
      {dialog}
    </>
  );
}

function State({ state }: { state: AuditState }) {
  const { t, formats } = useTexts();
  const { changedChains, last, isSigning, at } = state;
  const isBroken = changedChains.length > 0;
  const Icon = isBroken ? ShieldAlert : last ? ShieldCheck : ShieldQuestion;
  const title = isBroken ? 'audit.changed' : last ? 'audit.whole' : 'audit.unsigned';
  return (
    <section
      className={styles.seal}
      data-broken={isBroken || undefined}
      data-seal={isBroken ? 'changed' : last ? 'whole' : 'unsigned'}
      role={isBroken ? 'alert' : 'status'}
    >
      <h2 className={styles.sealTitle}>
        <Icon size="1.5rem" aria-hidden="true" />
        {t(title)}
      </h2>
      {isBroken ? <p>{t('audit.changedChains', { chains: changedChains.join(', ') })}</p> : null}
      <p className={styles.note}>
        {t(isBroken ? 'audit.changedHint' : 'audit.wholeHint', {
          time: formats.timeWithSeconds(Date.parse(at)),
        })}
        {isSigning ? '' : ` ${t('audit.notSigning')}`}
      </p>
      {last ? (
        <>
          <p>{t('audit.writeDown', { seq: last.seq, time: formats.dayAndTime(Date.parse(last.at)) })}</p>
          <span className={styles.hash} data-hash>
            {inGroups(last.hash)}
          </span>
        </>
      ) : null}
    </section>
  );
}

/** In groups of four, as one writes such a number down and reads it out. */
function inGroups(hash: string): string {
  return hash.match(/.{1,4}/g)?.join(' ') ?? hash;
}
