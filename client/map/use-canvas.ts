import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react';
import { type Palette, readPalette } from './palette.ts';

/** CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The room inside an element; undefined before it was laid out. */
export function useSize(element: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = target;
      if (width > 0 && height > 0) setSize({ width, height });
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** The atlas of letters is drawn once, so the font has to be there first. */
export function useFontsReady(): boolean {
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    let ended = false;
    void Promise.allSettled([
      document.fonts.load('520 48px "Inter Variable"', 'Україна'),
      document.fonts.load('520 48px "Inter Variable"', 'Ukraine'),
    ]).then(() => {
      if (!ended) setReady(true);
    });
    return () => {
      ended = true;
    };
  }, []);
  return isReady;
}

/** The text's size against a desk: it changes with the window, and when somebody chooses another one. */
export function useScale(): number {
  return useSyncExternalStore(watchScale, readScale);
}

function watchScale(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}

function readScale(): number {
  return Number(getComputedStyle(document.documentElement).getPropertyValue('--scale')) || 1;
}

/** Names of what draws where there is no graphics card, or none that the browser trusts. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** What draws a map: a graphics card; in its place the processor, some twenty times more slowly; or nothing. */
export type Drawer = 'card' | 'processor' | 'nothing';

/** Asks once, and gives the context back: a page may have only a few. */
export function findDrawer(): Drawer {
  const context = document.createElement('canvas').getContext('webgl2');
  if (!context) return 'nothing';
  const named = context.getExtension('WEBGL_debug_renderer_info');
  const name = String(context.getParameter(named?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return SOFTWARE.test(name) ? 'processor' : 'card';
}

/** Colours of the theme that the page has now. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(() => readPalette(document.documentElement));
  useEffect(() => {
    const observer = new MutationObserver(() => setPalette(readPalette(document.documentElement)));
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  }, []);
  return palette;
}
