/** A child that never ends its line can't fill our memory: longer lines are cut into pieces of this many characters. */
const longestLine = 16_384;

/** Cuts a stream of text into lines; the rest of an unfinished one comes out with `flush`. */
export function createLineSplitter(onLine: (line: string) => void): {
  push(text: string): void;
  flush(): void;
} {
  let rest = '';
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
      while (rest.length > longestLine) {
        onLine(rest.slice(0, longestLine));
        rest = rest.slice(longestLine);
      }
    },
    flush() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
