import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type IdentityProvider,
  startIdentityProvider,
} from '../../server/test/fixtures/identity-provider.ts';
import type { Console } from './fixtures/browser.ts';
import { systemForFile } from './fixtures/started.ts';

const FACILITY = 'ua-68-itt-1';
const PASSWORD = 'довга фраза про море 7';
const RIGHTS = {
  name: { uk: 'Єдиний вхід', en: 'Single sign-on' },
  rules: [{ claim: 'groups', has: 'varta', role: 'duty', scope: { kind: 'regions', regionIds: ['UA-68'] } }],
};

let provider: IdentityProvider;
let folder: string;
let admin: Console;
const contexts: BrowserContext[] = [];
afterAll(async () => {
  await provider?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
const varta = systemForFile(async () => {
  folder = await mkdtemp(join(tmpdir(), 'varta-access-'));
  await writeFile(join(folder, 'rights.json'), JSON.stringify(RIGHTS));
  provider = await startIdentityProvider({
    olena: { name: 'Олена Зразкова', preferred_username: 'olena', groups: ['varta'] },
    stranger: { name: 'Стороння особа', preferred_username: 'stranger', groups: [] },
  });
  return {
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
    OIDC_RIGHTS_FILE: join(folder, 'rights.json'),
  };
});
beforeAll(async () => {
  provider.allow(varta.system.url);
  admin = await varta.signIn('admin', { path: '/admin' });
});

/** Somebody's own browser, at the door. */
async function open(path = '/'): Promise<Page> {
  const context = await varta.browser.newContext({ viewport: { width: 1280, height: 900 } });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(varta.system.url + path);
  return page;
}

async function enter(page: Page, password: string): Promise<void> {
  await page.getByLabel('Ім’я користувача').fill('newcomer');
  await page.getByLabel('Пароль', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Увійти', exact: true }).click();
}

/** Somebody new: made on /admin, with a password that is shown once, set up at the first sign-in. */
let secret = '';
let newcomer: Page;

test('an administrator makes an account; its first sign-in asks for a password and a second factor', async () => {
  const { page } = admin;
  await page.getByRole('button', { name: 'Новий обліковий запис' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Ім’я користувача').fill('newcomer');
  await dialog.getByLabel('Ім’я на екрані, українською').fill('Нова особа');
  await dialog.getByLabel('Ім’я на екрані, англійською').fill('Newcomer');
  await dialog.getByLabel('Роль').selectOption('oncall');
  await dialog.getByLabel('Де діє').selectOption('nation');
  await dialog.getByRole('button', { name: 'Створити' }).click();
  const shown = page.getByRole('dialog', { name: 'Одноразовий пароль для newcomer' });
  const oneTime = (await shown.locator('p[class*="secret"]').textContent()) ?? '';
  expect(oneTime.length).toBeGreaterThan(11);
  await shown.getByRole('button', { name: 'Закрити' }).click();
  await page.getByText('newcomer').waitFor();
  expect(await page.content()).not.toContain(oneTime);

  newcomer = await open();
  await enter(newcomer, oneTime);
  await newcomer.getByLabel('Теперішній пароль').fill(oneTime);
  await newcomer.getByLabel('Новий пароль', { exact: true }).fill(PASSWORD);
  await newcomer.getByLabel('Новий пароль ще раз').fill(PASSWORD);
  await newcomer.getByRole('button', { name: 'Змінити пароль' }).click();
  await newcomer.getByRole('button', { name: 'Налаштувати застосунок' }).click();
  await newcomer.getByRole('img', { name: 'QR-код для застосунку' }).waitFor();
  secret = ((await newcomer.locator('code').first().textContent()) ?? '').replaceAll(' ', '');
  await newcomer.getByLabel('Код із застосунку').fill(codeOf(secret));
  await newcomer.getByRole('button', { name: 'Увімкнути' }).click();
  await newcomer.getByRole('heading', { name: 'Резервні коди' }).waitFor();
  expect(await newcomer.locator('li[class*="secret"]').count()).toBe(10);
  await newcomer.getByRole('button', { name: 'Коди збережено' }).click();
  await newcomer.getByRole('button', { name: 'Обліковий запис' }).waitFor();
});

test('somebody sees where they are signed in, and ends what they do not know', async () => {
  const other = await open();
  await enter(other, PASSWORD);
  // The code of now was used already; the next one counts as well.
  await other.getByLabel('Код підтвердження').fill(codeOf(secret, 30_000));
  await other.getByRole('button', { name: 'Увійти', exact: true }).click();
  await other.getByRole('button', { name: 'Обліковий запис' }).waitFor();

  await newcomer.goto(`${varta.system.url}/account`);
  await newcomer.getByText('цей сеанс').waitFor();
  await newcomer.getByRole('button', { name: /^Завершити: / }).click();
  await other.getByText('Сеанс завершено.').waitFor();
  await newcomer.getByRole('button', { name: /^Завершити: / }).waitFor({ state: 'detached' });
});

test('an administrator disables an account, and its open page is out', async () => {
  const { page } = admin;
  await page.getByRole('button', { name: 'Відкрити: newcomer' }).click();
  await page.getByRole('button', { name: 'Вимкнути' }).click();
  await newcomer.getByText('Сеанс завершено.').waitFor();
  await page.getByRole('button', { name: 'Увімкнути' }).waitFor();
  await page.keyboard.press('Escape');
});

test('a facility’s key is issued, shown once, and revoked', async () => {
  const { page } = admin;
  // Outside hotlines have keys of their own beside.
  const section = page.locator('section', { has: page.getByLabel('Код закладу') }).last();
  await section.getByLabel('Код закладу').fill(FACILITY);
  await section.getByRole('button', { name: 'Показати ключі' }).click();
  await section.getByRole('button', { name: 'Видати ключ' }).click();
  const shown = page.getByRole('dialog', { name: `Новий ключ закладу ${FACILITY}` });
  const key = (await shown.locator('p[class*="secret"]').textContent()) ?? '';
  const send = () =>
    fetch(`${varta.system.url}/api/v1/custody/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events: [] }),
    });
  expect((await send()).status).not.toBe(401);
  await shown.getByRole('button', { name: 'Закрити' }).click();
  const rows = section.getByRole('button', { name: /^Відкликати: / });
  await rows.nth(1).click();
  await rows.nth(1).waitFor({ state: 'detached' });
  expect((await send()).status).toBe(401);
});

test('a person signs in through the identity provider, and comes to the page that was asked for', async () => {
  const page = await open('/flags');
  await page.getByRole('link', { name: 'Увійти через Єдиний вхід' }).click();
  await page.locator('input[name=login]').fill('olena');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Обліковий запис' }).click();
  await page.getByText('Олена Зразкова').waitFor();
  expect(new URL(page.url()).pathname).toBe('/flags');
  const cookies = await page.context().cookies(varta.system.url);
  expect(cookies.map(({ sameSite, httpOnly }) => [sameSite, httpOnly])).toEqual(
    cookies.map(() => ['Strict', true]),
  );
});

test('whom the provider names without a right here is told so at the door', async () => {
  const page = await open();
  await page.getByRole('link', { name: 'Увійти через Єдиний вхід' }).click();
  await page.locator('input[name=login]').fill('stranger');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Цей обліковий запис не має тут прав.').waitFor();
});

/** The code of an authenticator app. */
function codeOf(base32: string, aheadMs = 0): string {
  return new TOTP({ secret: Secret.fromBase32(base32) }).generate({ timestamp: Date.now() + aheadMs });
}
