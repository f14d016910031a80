import '../design/base.css';
import { I18nextProvider } from 'react-i18next';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { z } from 'zod';
import { useStore } from 'zustand';
import { createI18n } from '../i18n/i18n.ts';
import { createApi } from './api.ts';
import { SignInPage } from './SignInPage.tsx';
import { createSessionManager } from './session.ts';
import { SessionContext } from './session-context.ts';

const WHO = {
  username: 'situation',
  displayName: { uk: 'Ситуаційний центр', en: 'Situation room' },
  role: 'situation',
  scope: { kind: 'nation' },
  actions: ['status.read'],
  sample: true,
  serverTime: '2026-11-22T12:00:00.000Z',
  expiresAt: '2026-11-22T20:00:00.000Z',
};

function problem(code: string, status: number): Response {
  const body = { type: `urn:varta:error:${code}`, title: code, status, code };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

/** A session manager whose server answers what the test puts in the queue; the last answer stays. */
function createVisitor(...answers: (() => Response | Promise<Response>)[]) {
  return visit(null, answers);
}

function visit(provider: { uk: string; en: string } | null, answers: (() => Response | Promise<Response>)[]) {
  const requests: { path: string; init: RequestInit | undefined }[] = [];
  const api = createApi({
    fetch: async (path, init) => {
      if (path === '/api/v1/session/ways') return Response.json({ provider });
      requests.push({ path: String(path), init });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer ? answer() : Response.error();
    },
    timeoutMs: 200,
    onUnauthenticated: () => session.handleEnded(),
  });
  const session = createSessionManager(api, 20);
  return { api, session, requests };
}

const offline = () => Promise.reject(new TypeError('Failed to fetch'));

test('an answer that the contract does not know is not believed', async () => {
  const { api } = createVisitor(() => Response.json({ surprise: true }));
  const answer = await api.call('/api/v1/session', { reply: z.object({ username: z.string() }) });
  expect(answer).toMatchObject({ ok: false, code: 'unreadable' });
});

test.each([
  ['a coded refusal', () => problem('rate_limited', 429), 'rate_limited'],
  ['no connection', offline, 'offline'],
  [
    'a proxy that has lost its server',
    () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
    'offline',
  ],
  ['an answer that does not come', () => new Promise<Response>(() => {}), 'no_answer'],
])('%s has a code', async (_, answer, code) => {
  const fetchLike = (_path: string, init?: RequestInit) =>
    Promise.race([
      Promise.resolve(answer()),
      new Promise<Response>((_resolve, reject) =>
        init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))),
      ),
    ]);
  const api = createApi({ fetch: fetchLike as typeof fetch, timeoutMs: 50, onUnauthenticated: () => {} });
  expect(await api.call('/x', { reply: undefined })).toMatchObject({ ok: false, code });
});

test('a server that is away is asked again until it says who this is', async () => {
  const { session } = createVisitor(
    offline,
    () => problem('store_unavailable', 503),
    () => Response.json(WHO),
  );
  const seen: object[] = [];
  session.store.subscribe((state) => seen.push(state));
  session.check();
  await expect.poll(() => session.store.getState().state).toBe('signed-in');
  expect(seen.slice(0, 2)).toEqual([
    { state: 'unreachable', code: 'offline' },
    { state: 'unreachable', code: 'store_unavailable' },
  ]);
});

test('a session that has ended leads to the sign-in, with the reason', async () => {
  const { api, session } = createVisitor(
    () => Response.json(WHO),
    () => problem('unauthenticated', 401),
  );
  session.check();
  await expect.poll(() => session.store.getState().state).toBe('signed-in');
  await api.call('/api/v1/live/snapshot', { reply: undefined });
  expect(session.store.getState()).toEqual({ state: 'signed-out', ended: true });
});

async function showSignIn(visitor: ReturnType<typeof createVisitor>, language: 'uk' | 'en' = 'uk') {
  const { session } = visitor;
  session.store.setState({ state: 'signed-out', ended: false }, true);
  function Page() {
    const state = useStore(session.store);
    return state.state === 'signed-in' ? <p>усередині</p> : <SignInPage state={state} />;
  }
  return render(
    <I18nextProvider i18n={createI18n(language)}>
      <SessionContext value={session}>
        <Page />
      </SessionContext>
    </I18nextProvider>,
  );
}

test('signs in with name and password', async () => {
  const visitor = createVisitor(() => Response.json(WHO));
  const screen = await showSignIn(visitor);
  await screen.getByLabelText('Ім’я користувача').fill(' situation ');
  await screen.getByLabelText('Пароль', { exact: true }).fill('varta-sample');
  await screen.getByRole('button', { name: 'Увійти' }).click();
  await expect.element(screen.getByText('усередині')).toBeVisible();
  expect(JSON.parse(String(visitor.requests[0]?.init?.body))).toEqual({
    username: 'situation',
    password: 'varta-sample',
  });
});

test.each([
  ['uk', 'bad_credentials', 'Неправильне ім’я користувача або пароль.'],
  ['en', 'bad_credentials', 'The user name or password is wrong.'],
  ['uk', 'rate_limited', 'Забагато спроб. Зачекайте хвилину.'],
] as const)('%s: %s is said in words', async (language, code, words) => {
  const screen = await showSignIn(
    createVisitor(() => problem(code, 401)),
    language,
  );
  await screen.getByRole('textbox').first().fill('situation');
  await screen.getByLabelText(/^(Пароль|Password)$/).fill('wrong');
  await screen.getByRole('button', { name: /^(Увійти|Sign in)$/ }).click();
  await expect.element(screen.getByRole('alert')).toHaveTextContent(words);
});

test('where there is an identity provider, it is one way in, and what came of it is said', async () => {
  const before = location.href;
  history.replaceState(null, '', '/flags?level=3&signIn=oidc_no_right');
  try {
    const screen = await showSignIn(visit({ uk: 'Єдиний вхід', en: 'Single sign-on' }, []));
    const link = screen.getByRole('link', { name: 'Увійти через Єдиний вхід' });
    await expect
      .element(link)
      .toHaveAttribute('href', `/api/v1/session/oidc/start?returnTo=${encodeURIComponent('/flags?level=3')}`);
    await expect
      .element(screen.getByRole('alert'))
      .toHaveTextContent('Цей обліковий запис не має тут прав. Зверніться до адміністратора.');
  } finally {
    history.replaceState(null, '', before);
  }
});
