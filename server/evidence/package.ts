import { zipSync } from 'fflate';
import type { AuditEntry } from '#contract/audit.ts';
import type { EvidenceManifest } from '#contract/evidence.ts';
import { toCanonicalJson } from '../audit/canonical-json.ts';
import type { AuditSigner } from '../audit/signing-key.ts';
import { sha256 } from './manifest.ts';

/** Names of what is in a package beside the pictures. */
const MANIFEST_NAME = 'manifest.json';
const CUSTODY_NAME = 'custody.json';
const ENTRIES_NAME = 'audit.ndjson';
const CUSTODY_FORMAT = 'varta-custody/1';

const README = `Цей пакет містить зображення, маніфест із цифровим підписом (manifest.json) і записи журналу
про все, що з ними робили (audit.ndjson). Перевірка, без мережі, лише з відкритими ключами:

    node verify/varta-verify.mjs ФАЙЛ.zip --keys keys.json

Ключі й програму перевірки візьміть у того, кому довіряєте, а не в того, хто приніс файл.

This package holds pictures, a signed manifest (manifest.json) and the audit's entries of everything
that was done with them (audit.ndjson). To verify it, offline and with public keys only, run the
command above. Have the keys and the verifier from somebody whom you trust, not from whoever brings
you this file.
`;

interface Packed {
  files: ReadonlyMap<string, Uint8Array>;
  manifest: EvidenceManifest;
  /** Everything that was done with it, oldest first. */
  entries: readonly AuditEntry[];
  signer: Pick<AuditSigner, 'kid' | 'sign'>;
  atMs: number;
}

/**
 * Files, signed manifest and audit entries as one ZIP. Nothing is compressed: pictures are already. What was done with
 * them is signed as well, as of now, so that no entry can be left out without a trace.
 */
export function toPackage({ files, manifest, entries, signer, atMs }: Packed): Buffer {
  const text = (value: string) => Buffer.from(value, 'utf8');
  const custody = {
    format: CUSTODY_FORMAT,
    id: manifest.id,
    manifest: manifest.hash,
    entries: entries.map(({ hash }) => hash),
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
      'README.txt': text(README),
    },
    { level: 0, mtime: atMs },
  );
  return Buffer.from(zipped.buffer, zipped.byteOffset, zipped.byteLength);
}
