import { useState } from 'react';
import { RoleId, Scope } from '#contract/session.ts';
import { Field } from '../design/Field.tsx';
import { useTexts } from '../desk/desk-context.ts';

/** Role and scope as form fields; `readRights` reads them. */
export function RightsFields({ role, scope }: { role?: RoleId; scope?: Scope }) {
  const { t } = useTexts();
  return (
    <>
      <Field label={t('admin.fields.role')}>
        <select name="role" defaultValue={role ?? 'duty'}>
          {RoleId.options.map((id) => (
            <option key={id} value={id}>
              {t(`user.roles.${id}`)}
            </option>
          ))}
        </select>
      </Field>
      <ScopeFields {...(scope ? { scope } : {})} />
    </>
  );
}

/** A scope as form fields; `readScope` reads them. */
export function ScopeFields({ scope }: { scope?: Scope }) {
  const { t } = useTexts();
  const [kind, setKind] = useState<Scope['kind']>(scope?.kind ?? 'regions');
  return (
    <>
      <Field label={t('admin.fields.scope')}>
        <select name="kind" value={kind} onChange={(event) => setKind(event.target.value as Scope['kind'])}>
          {(['nation', 'regions', 'facilities'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`admin.scopes.${one}`)}
            </option>
          ))}
        </select>
      </Field>
      {kind === 'nation' ? null : (
        <Field
          label={t('admin.fields.places')}
          hint={t(kind === 'regions' ? 'admin.fields.placesRegions' : 'admin.fields.placesFacilities')}
        >
          <input
            name="places"
            required
            autoCapitalize="none"
            spellCheck={false}
            defaultValue={placesOf(scope, kind)}
          />
        </Field>
      )}
    </>
  );
}

/** What the fields say; undefined when the places are none. */
export function readRights(form: FormData): { role: RoleId; scope: Scope } | undefined {
  const scope = readScope(form);
  const role = RoleId.safeParse(form.get('role')).data;
  return role && scope ? { role, scope } : undefined;
}

/** What the fields say; undefined when the places are none. */
export function readScope(form: FormData): Scope | undefined {
  const kind = form.get('kind');
  const ids = String(form.get('places') ?? '')
    .split(/[\s,]+/)
    .filter((id) => id !== '');
  return Scope.safeParse({
    kind,
    ...(kind === 'regions' ? { regionIds: ids } : kind === 'facilities' ? { facilityIds: ids } : {}),
  }).data;
}

function placesOf(scope: Scope | undefined, kind: Scope['kind']): string {
  if (scope?.kind !== kind) return '';
  return scopePlaces(scope).join(', ');
}

function scopePlaces(scope: Scope): readonly string[] {
  if (scope.kind === 'regions') return scope.regionIds;
  return scope.kind === 'facilities' ? scope.facilityIds : [];
}
