import { Maximize } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Evidence, EvidenceFile } from '#contract/evidence.ts';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { Watermark } from '../wall/Watermark.tsx';
import styles from './Evidence.module.css';

type Kept = Extract<Evidence, { state: 'kept' }>;

/** Still and clips. Each is asked for when somebody wants it: a look is on record, and nothing plays by itself. */
export function EvidencePictures({ evidence }: { evidence: Kept }) {
  const { t, formats } = useTexts();
  const { files, cutBefore, gaps, end } = evidence.manifest;
  return (
    <>
      <div className={styles.pictures}>
        {files.map((file) => (
          <Picture key={file.name} evidence={evidence} file={file} />
        ))}
      </div>
      {cutBefore === null ? null : (
        <p className={styles.note}>
          {t('evidence.cut', { time: formats.timeWithSeconds(Date.parse(cutBefore)) })}
        </p>
      )}
      {gaps.length > 0 ? <p className={styles.note}>{t('evidence.gaps', { count: gaps.length })}</p> : null}
      {end !== 'complete' && cutBefore === null ? (
        <p className={styles.note}>{t(`evidence.ends.${end}`)}</p>
      ) : null}
      <p className={styles.quiet}>
        {t('evidence.noted')}{' '}
        {t('evidence.expires', { time: formats.dayAndTime(Date.parse(evidence.expiresAt)) })}.
      </p>
    </>
  );
}

/** With the mark of who looks over it, also on the whole screen: what fills that is the frame, and never the bare video. */
function Picture({ evidence, file }: { evidence: Kept; file: EvidenceFile }) {
  const { t, formats } = useTexts();
  const [shown, setShown] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const time = (instant: string) => formats.timeWithSeconds(Date.parse(instant));
  const videos = evidence.manifest.files.filter(({ kind }) => kind === 'video');
  const between = { from: time(file.from), to: time(file.to) };
  const label =
    file.kind === 'still'
      ? t('evidence.still', { time: time(file.to) })
      : videos.length > 1
        ? t('evidence.videoNumbered', { number: videos.indexOf(file) + 1, ...between })
        : t('evidence.video', between);
  const address = `/api/v1/evidence/${evidence.id}/files/${file.name}`;
  return (
    <figure className={styles.picture}>
      <div ref={frame} className={styles.frame}>
        {shown ? (
          <>
            {file.kind === 'still' ? (
              <img src={address} alt={label} />
            ) : (
              <video
                src={address}
                controls
                controlsList="nofullscreen nodownload noremoteplayback"
                disablePictureInPicture
                muted
                playsInline
                preload="metadata"
                aria-label={label}
              />
            )}
            <Watermark areaId={evidence.areaId} large />
            <Button
              className={styles.full}
              aria-label={t('evidence.full')}
              title={t('evidence.full')}
              onClick={() => void toggleFull(frame.current)}
            >
              <Maximize size="1rem" aria-hidden="true" />
            </Button>
          </>
        ) : (
          <Button data-show={file.kind} onClick={() => setShown(true)}>
            {t(file.kind === 'still' ? 'evidence.showStill' : 'evidence.play')}
          </Button>
        )}
      </div>
      <figcaption>{label}</figcaption>
    </figure>
  );
}

/** Whoever may not fill the screen (an embedded page) sees what they see. */
function toggleFull(frame: HTMLElement | null): Promise<void> | undefined {
  if (document.fullscreenElement) return document.exitFullscreen();
  return frame?.requestFullscreen().catch(() => {});
}
