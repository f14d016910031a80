import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { Modal } from '../design/Modal.tsx';
import type { FailureCode, Outcome } from '../session/failure.ts';
import { useSession } from '../session/session-context.ts';

interface Confirmed {
  /** Does something; if the server wants proof of who this is, asks for it and does it again. */
  run<T>(action: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
  /** To be put on the page. */
  dialog: ReactNode;
}

/** Actions that the server takes only from whoever has proved lately who they are. */
export function useConfirmed(): Confirmed {
  const [answer, setAnswer] = useState<{ settle(proved: boolean): void }>();
  return {
    async run(action) {
      const first = await action();
      if (first.ok || first.code !== 'step_up_required') return first;
      const proved = await new Promise<boolean>((settle) => setAnswer({ settle }));
      setAnswer(undefined);
      return proved ? action() : first;
    },
    dialog: answer ? <ConfirmDialog onDone={answer.settle} /> : null,
  };
}

function ConfirmDialog({ onDone }: { onDone(proved: boolean): void }) {
  const { t } = useTranslation();
  const { api, store } = useSession();
  const state = store.getState();
  const isExternal = state.state === 'signed-in' && state.who.external === true;
  const field = useRef<HTMLInputElement>(null);
  const [failed, setFailed] = useState<FailureCode>();
  const [pending, setPending] = useState(false);

  async function submit() {
    const typed = field.current?.value ?? '';
    setPending(true);
    const answer = await api.call('/api/v1/session/confirm', {
      body: /^\d{6}$/.test(typed) ? { totp: typed } : { password: typed },
      reply: undefined,
    });
    if (answer.ok) return onDone(true);
    setPending(false);
    setFailed(answer.code);
    field.current?.select();
  }

  const close = () => onDone(false);
  if (isExternal)
    return (
      <Modal
        open
        onClose={close}
        title={t('account.confirm.title')}
        subtitle={t('account.confirm.providerHint')}
        closeLabel={t('account.confirm.close')}
      >
        <ProviderConfirm />
      </Modal>
    );
  return (
    <FormDialog
      onClose={close}
      title={t('account.confirm.title')}
      subtitle={t('account.confirm.hint')}
      cancel={t('account.confirm.close')}
      submit={t('account.confirm.submit')}
      disabled={pending}
      onSubmit={() => void submit()}
      failure={failed && t(`errors.${failed}`)}
      initialFocus={field}
    >
      <Field label={t('account.confirm.field')}>
        <input
          ref={field}
          type="password"
          autoComplete="current-password"
          required
          maxLength={256}
          aria-invalid={failed !== undefined}
        />
      </Field>
    </FormDialog>
  );
}

/** Whoever signed in through a provider proves there who they are, and then does again what asked for it. */
function ProviderConfirm() {
  const { t } = useTranslation();
  const returnTo = encodeURIComponent(location.pathname + location.search);
  return (
    <a href={`/api/v1/session/oidc/start?confirm=true&returnTo=${returnTo}`}>
      {t('account.confirm.provider')}
    </a>
  );
}
