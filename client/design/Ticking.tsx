import { useLayoutEffect, useRef } from 'react';
import { useDesk } from '../desk/desk-context.ts';

interface TickingProps {
  /** The text of this moment; the same function as long as its meaning is the same. */
  text(): string;
  className?: string | undefined;
  title?: string | undefined;
}

/** Text that counts: written once a second past React, and only when it reads differently. */
export function Ticking({ text, className, title }: TickingProps) {
  const { ticker } = useDesk();
  const element = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const write = () => {
      const now = text();
      if (element.current && element.current.textContent !== now) element.current.textContent = now;
    };
    write();
    return ticker.add((_, textMayChange) => {
      if (textMayChange) write();
    });
  }, [text, ticker]);
  return <span ref={element} className={className} title={title} />;
}
