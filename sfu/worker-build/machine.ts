/** The end of a command: `code` is null when it could not be started, was killed, or took too long. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What finding and building a worker asks of the machine; implemented by set-up. */
export interface Machine {
  /** Runs a short command and never rejects. */
  capture(command: string, args: string[], options?: { env?: NodeJS.ProcessEnv }): Promise<CommandResult>;
  /** Runs a long command, giving out its lines; rejects with the end of its output when it fails. */
  run(command: string, args: string[], onLine: (line: string) => void): Promise<void>;
  /** Holds a lock file during `action`; waits while another process holds it. */
  withLock<T>(path: string, action: () => Promise<T>): Promise<T>;
  /** One line about what is going on, for people. */
  say(text: string): void;
  /** Environment variables. */
  env: NodeJS.ProcessEnv;
}

/** Something that has to be installed on the machine, with the packages that bring it. */
export interface SystemNeed {
  what: string;
  apt: string[];
  brew: string[];
}
