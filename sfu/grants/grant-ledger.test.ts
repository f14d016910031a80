import { describe, expect, it } from 'vitest';
import { GrantLedger } from './grant-ledger.ts';

const grant = (iat: number, jti: string, sub = 'viewer-1') => ({ iat, jti, sub });

describe('GrantLedger', () => {
  it('takes newer grants, and the current one again', () => {
    const ledger = new GrantLedger(10);
    expect(ledger.accept(grant(100, 'a'))).toBe('in-force');
    expect(ledger.accept(grant(100, 'a'))).toBe('in-force');
    expect(ledger.accept(grant(101, 'b'))).toBe('in-force');
    expect(ledger.accept(grant(101, 'b'))).toBe('in-force');
  });

  it('refuses an older grant, so that it cannot give back what a newer one took', () => {
    const ledger = new GrantLedger(10);
    ledger.accept(grant(101, 'narrow'));
    expect(ledger.accept(grant(100, 'wide'))).toBe('overtaken');
  });

  it('tells grants of the same second apart: the later one wins, the replaced one does not come back', () => {
    const ledger = new GrantLedger(10);
    ledger.accept(grant(100, 'a'));
    expect(ledger.accept(grant(100, 'b'))).toBe('in-force');
    expect(ledger.accept(grant(100, 'c'))).toBe('in-force');
    expect(ledger.accept(grant(100, 'a'))).toBe('shown-again');
    expect(ledger.accept(grant(100, 'b'))).toBe('shown-again');
    expect(ledger.accept(grant(100, 'c'))).toBe('in-force');
  });

  it('tells one that was overtaken on its way from one that was in force before and is shown again', () => {
    const ledger = new GrantLedger(10);
    ledger.accept(grant(100, 'first'));
    ledger.accept(grant(110, 'second'));
    ledger.accept(grant(111, 'third'));
    expect(ledger.accept(grant(105, 'late'))).toBe('overtaken');
    expect(ledger.accept(grant(105, 'late'))).toBe('overtaken');
    expect(ledger.accept(grant(100, 'first'))).toBe('shown-again');
    expect(ledger.accept(grant(110, 'second'))).toBe('shown-again');
    expect(ledger.accept(grant(111, 'third'))).toBe('in-force');
  });

  it('takes no more than so many of a second, and remembers those before', () => {
    const ledger = new GrantLedger(10);
    const verdicts = Array.from({ length: 250 }, (_, index) => ledger.accept(grant(100, `grant-${index}`)));
    expect(verdicts.filter((verdict) => verdict === 'in-force')).toHaveLength(201);
    expect(verdicts.at(-1)).toBe('overtaken');
    expect(ledger.accept(grant(100, 'grant-0'))).toBe('shown-again');
    expect(ledger.accept(grant(101, 'next'))).toBe('in-force');
    expect(ledger.accept(grant(100, 'grant-0'))).toBe('shown-again');
  });

  it('keeps viewers apart, and forgets those of whom no grant can be alive', () => {
    const ledger = new GrantLedger(10);
    ledger.accept(grant(100, 'a', 'viewer-1'));
    expect(ledger.accept(grant(50, 'b', 'viewer-2'))).toBe('in-force');
    ledger.accept(grant(10_000, 'c', 'viewer-3'));
    expect(ledger.size).toBe(1);
  });

  it('never remembers more viewers than it may', () => {
    const ledger = new GrantLedger(10);
    for (let index = 0; index < 100; index += 1) ledger.accept(grant(100, 'a', `viewer-${index}`));
    expect(ledger.size).toBe(10);
  });
});
