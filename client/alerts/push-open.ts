import { z } from 'zod';

/**
 * What the service worker says to an open page when somebody clicks a notice: where it leads. The worker cannot lead the
 * page there by itself, since it minds the inspector's page only.
 */
export const PushOpened = z.strictObject({ varta: z.literal('open'), path: z.string().regex(/^\/(?!\/)/) });
export type PushOpened = z.infer<typeof PushOpened>;

/** Tells of clicked notices, by the path that they lead to; what else workers say is none of this. */
export function onPushOpened(page: Window, open: (path: string) => void): Disposable {
  const worker = page.navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const listen = ({ data }: MessageEvent<unknown>) => {
    const opened = PushOpened.safeParse(data);
    if (opened.success) open(opened.data.path);
  };
  worker?.addEventListener('message', listen);
  // Without it nothing comes to listeners that were added by hand.
  worker?.startMessages();
  return { [Symbol.dispose]: () => worker?.removeEventListener('message', listen) };
}
