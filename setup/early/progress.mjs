// Plain JavaScript: it runs under the machine's own Node too, before the pinned one is there.

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const redrawMs = 200;
/** Without a terminal (CI, a log file) a long step says this often that it is alive. */
const plainEveryMs = 15_000;

/** @param {number} ms */
export function formatElapsed(ms) {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * Shows one step at a time: what it does and how long it has taken so far.
 *
 * @param {string} title
 * @param {NodeJS.WriteStream} [out]
 */
export function startProgress(title, out = process.stdout) {
  const startedAt = performance.now();
  const live = Boolean(out.isTTY);
  let note = '';
  let frame = 0;
  const elapsed = () => formatElapsed(performance.now() - startedAt);
  const describe = () => `${title}${note ? `: ${note}` : ''} (${elapsed()})`;
  const erase = () => out.write('\r\x1b[2K');
  const draw = () => {
    const width = Math.max(20, (out.columns || 80) - 4);
    erase();
    frame += 1;
    out.write(`${spinner[frame % spinner.length]} ${describe().slice(0, width)}`);
  };
  if (live) draw();
  else out.write(`… ${title}\n`);
  const timer = setInterval(
    live ? draw : () => out.write(`… ${describe()}\n`),
    live ? redrawMs : plainEveryMs,
  );
  timer.unref();
  const end = (/** @type {string} */ mark, /** @type {string} */ text) => {
    clearInterval(timer);
    if (live) erase();
    out.write(`${mark} ${title}${text ? `: ${text}` : ''} (${elapsed()})\n`);
  };
  return {
    /** @param {string} text what the step is doing now */
    note: (text) => {
      note = text;
    },
    /** @param {string} [text] */
    done: (text = '') => end('✓', text),
    /** @param {string} [text] */
    fail: (text = '') => end('✗', text),
  };
}
