import { type ComponentType, type ReactNode, use, useEffect } from 'react';

/** Thrown where a component should be whose code did not come. */
export class CodeMissing extends Error {
  override readonly name = 'CodeMissing';
  /** Asks for the code: whether it comes now. */
  readonly comes: () => Promise<boolean>;
  /** Whoever shows the component next asks for its code anew. */
  readonly forget: () => void;

  constructor({ cause, comes, forget }: Pick<CodeMissing, 'cause' | 'comes' | 'forget'>) {
    super('the code of a component did not come', { cause });
    this.comes = comes;
    this.forget = forget;
  }
}

/**
 * A component whose code is loaded when it is first shown. Until then it suspends; code that does not come is a `CodeMissing`.
 * Unlike that of React's own `lazy`, this failure is not for good.
 */
export function lateCode<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => ReactNode {
  let code: Promise<ComponentType<Props>> | undefined;
  const comes = () =>
    load().then(
      () => true,
      () => false,
    );
  const forget = () => {
    code = undefined;
  };
  const ask = () =>
    load().catch((cause: unknown) => {
      throw new CodeMissing({ cause, comes, forget });
    });
  return function Late(props: Props) {
    code ??= ask();
    const Content = use(code);
    return <Content {...props} />;
  };
}

/** How long to wait before code that did not come is asked for again. */
const AGAIN_MS = 10_000;

/** If code is what is missing, asks for it until it comes, and says so then. Meanwhile everything stays as it is. */
export function useComing(error: unknown, onCome: () => void): void {
  useEffect(() => {
    if (!(error instanceof CodeMissing)) return;
    let ended = false;
    const timer = setInterval(() => {
      void error.comes().then((isHere) => {
        if (isHere && !ended) onCome();
      });
    }, AGAIN_MS);
    return () => {
      ended = true;
      clearInterval(timer);
    };
  }, [error, onCome]);
}
