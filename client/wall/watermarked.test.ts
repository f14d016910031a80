import { expect, test } from 'vitest';

/** What shows a picture and imports no mark, and why not. */
const WITHOUT: Readonly<Record<string, string>> = {
  '../media/video-pool.ts': 'elements without a place; Tile.tsx has the place, and the mark',
  '../media/tile-picture.ts': 'stills in the place that Tile.tsx gives',
  '../bench/bare-page.ts': 'the page that the wall is compared with; its pictures are made by the benchmark',
};

const PICTURE = /<(?:img|video)\b|createElement\('(?:img|video)'\)|new Image\(|<image\b/;
const MARK = /from '[./\w-]*\/Watermark\.tsx'/;

test('whatever shows a picture has the mark of who looks over it, or a reason why not', () => {
  const modules = Object.entries(
    import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }),
  ).filter(([path]) => !/\.test\.tsx?$|^\.\.\/(?:e2e|test)\//.test(path));
  const showing = modules.filter(([, text]) => PICTURE.test(withoutComments(text)));
  expect(showing.length).toBeGreaterThan(Object.keys(WITHOUT).length);
  const unmarked = showing.filter(([, text]) => !MARK.test(text)).map(([path]) => path);
  expect(unmarked.toSorted()).toEqual(Object.keys(WITHOUT).toSorted());
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
