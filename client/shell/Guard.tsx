import { Component, type ReactNode } from 'react';
import { CodeMissing } from './late-code.tsx';

/** What went wrong in what a guard stands around. */
export interface Fault {
  error: unknown;
  /** Shows it anew. */
  again(): void;
}

interface GuardProps {
  children: ReactNode;
  /** What stands there instead. What this throws is for the next guard outside. */
  failed(fault: Fault): ReactNode;
  /** Names what is shown: with another name it is shown anew. */
  at?: string;
}

type GuardState = { state: 'whole' } | { state: 'failed'; error: unknown };

/** Keeps a fault of what it stands around from everything outside. */
export class Guard extends Component<GuardProps, GuardState> {
  override state: GuardState = { state: 'whole' };

  static getDerivedStateFromError(error: unknown): GuardState {
    return { state: 'failed', error };
  }

  override componentDidCatch(error: unknown) {
    if (error instanceof CodeMissing) error.forget();
  }

  override componentDidUpdate(before: GuardProps) {
    if (this.state.state === 'failed' && before.at !== this.props.at) this.again();
  }

  readonly again = () => this.setState({ state: 'whole' });

  override render() {
    const { state, props, again } = this;
    return state.state === 'failed' ? props.failed({ error: state.error, again }) : props.children;
  }
}
