import { zipSync } from 'fflate';
import type { AuditEntry } from '#contract/audit.ts';
import type { EvidenceManifest } from '#contract/evidence.ts';
import { toCanonicalJson } from '../audit/canonical-json.ts';
import type { AuditSigner } from '../audit/signing-key.ts';
import { sha256 } from './manifest.ts';
import { VERIFIER_NAME, type VerifierFile } from './verifier-file.ts';

/** Names of what is in a package beside the pictures. */
const MANIFEST_NAME = 'manifest.json';
const CUSTODY_NAME = 'custody.json';
const ENTRIES_NAME = 'audit.ndjson';
/** Since 2 the verifier is in the package. Programs that read packages know formats, not our versions. */
const CUSTODY_FORMAT = 'varta-custody/2';

const toReadme = (
  digest: string,
) => `Цей пакет містить зображення, маніфест із цифровим підписом (manifest.json), записи журналу про
все, що з ними робили (audit.ndjson), і програму перевірки (${VERIFIER_NAME}). Перевірка, без
мережі, лише з відкритими ключами, потрібен лише Node.js 20 або новіший:

    node ${VERIFIER_NAME} ФАЙЛ.zip --keys keys.json

Ключі й програму перевірки краще візьміть у того, кому довіряєте, а не в того, хто приніс файл:
хто підмінив зображення, міг підмінити й програму поруч. SHA-256 програми в цьому пакеті:

    ${digest}

Порівняйте його з тим, який вам дали окремо. Програма перевірки, старіша за 1.4.0, не знає цього
формату (${CUSTODY_FORMAT}) і каже «NO»: візьміть новішу.

This package holds pictures, a signed manifest (manifest.json), the audit's entries of everything
that was done with them (audit.ndjson), and the verifier (${VERIFIER_NAME}). To verify it, offline
and with public keys only, run the command above; it needs Node.js 20 or newer and nothing else.
Have the keys and the verifier from somebody whom you trust, not from whoever brings you this file:
who changes a picture can change the program beside it. Its SHA-256 is above; compare it with the
one that you were given apart from this package. A verifier older than 1.4.0 does not know this
format (${CUSTODY_FORMAT}) and says NO: have a newer one.
`;

interface Packed {
  files: ReadonlyMap<string, Uint8Array>;
  manifest: EvidenceManifest;
  /** Everything that was done with it, oldest first. */
  entries: readonly AuditEntry[];
  /** What verifies it, put beside it. */
  verifier: VerifierFile;
  signer: Pick<AuditSigner, 'kid' | 'sign'>;
  atMs: number;
}

/**
 * Files, signed manifest and audit entries as one ZIP. Nothing is compressed: pictures are already. What was done with
 * them is signed as well, as of now, so that no entry can be left out without a trace.
 */
export function toPackage({ files, manifest, entries, verifier, signer, atMs }: Packed): Buffer {
  const text = (value: string) => Buffer.from(value, 'utf8');
  const custody = {
    format: CUSTODY_FORMAT,
    id: manifest.id,
    manifest: manifest.hash,
    entries: entries.map(({ hash }) => hash),
    verifier: { name: verifier.name, sha256: verifier.sha256 },
    exportedAt: new Date(atMs).toISOString(),
    kid: signer.kid,
  };
  const signed = toCanonicalJson(custody);
  const seal = { ...custody, hash: sha256(signed), signature: signer.sign(signed) };
  const zipped = zipSync(
    {
      ...Object.fromEntries(files),
      [MANIFEST_NAME]: text(`${JSON.stringify(manifest, null, 2)}\n`),
      [CUSTODY_NAME]: text(`${JSON.stringify(seal, null, 2)}\n`),
      [ENTRIES_NAME]: text(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
      [verifier.name]: verifier.bytes,
      'README.txt': text(toReadme(verifier.sha256)),
    },
    { level: 0, mtime: atMs },
  );
  return Buffer.from(zipped.buffer, zipped.byteOffset, zipped.byteLength);
}
