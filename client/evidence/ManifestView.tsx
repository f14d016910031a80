import type { EvidenceManifest } from '#contract/evidence.ts';
import { Fold } from '../design/Fold.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './Evidence.module.css';

/** What is signed of a still and clip: by which key, and the check number of each file. */
export function ManifestView({ manifest }: { manifest: EvidenceManifest }) {
  const { t, formats } = useTexts();
  return (
    <Fold title={t('evidence.manifest')}>
      <p>
        {t('evidence.signedBy', {
          kid: manifest.kid,
          time: formats.dayAndTime(Date.parse(manifest.keptAt)),
        })}
      </p>
      <p className={styles.quiet}>{t('evidence.digest')}</p>
      <p className={styles.hash}>{manifest.hash}</p>
      <ul className={styles.lines}>
        {manifest.files.map(({ name, width, height, bytes, sha256 }) => (
          <li key={name}>
            {t('evidence.file', { name, width, height, size: `${Math.ceil(bytes / 1_000)} kB` })}
            <div className={styles.hash}>{sha256}</div>
          </li>
        ))}
      </ul>
    </Fold>
  );
}
