import { describe, expect, it } from 'vitest';
import { GrantLedger } from './grant-ledger.ts';

const grant = (iat: number, jti: string, sub = 'viewer-1') => ({ iat, jti, sub });

describe('GrantLedger', () => {
  it('takes newer grants, and the current one again', () => {
    const ledger = new GrantLedger(10);
    expect(ledger.accept(grant(100, 'a'))).toBe(true);
    expect(ledger.accept(grant(100, 'a'))).toBe(true);
    expect(ledger.accept(grant(101, 'b'))).toBe(true);
    expect(ledger.accept(grant(101, 'b'))).toBe(true);
  });

  it('refuses an older grant, so that it cannot give back what a newer one took', () => {
    const ledger = new GrantLedger(10);
    ledger.accept(grant(101, 'narrow'));
    expect(ledger.accept(grant(100, 'wide'))).toBe(false);
  });

  it('tells grants of the same second apart: the later one wins, the replaced one does not come back', () => {
    const ledger = new GrantLedger(10);
    ledger.accept(grant(100, 'a'));
    expect(ledger.accept(grant(100, 'b'))).toBe(true);
    expect(ledger.accept(grant(100, 'c'))).toBe(true);
    expect(ledger.accept(grant(100, 'a'))).toBe(false);
    expect(ledger.accept(grant(100, 'b'))).toBe(false);
    expect(ledger.accept(grant(100, 'c'))).toBe(true);
  });

  it('keeps viewers apart, and forgets those of whom no grant can be alive', () => {
    const ledger = new GrantLedger(10);
    ledger.accept(grant(100, 'a', 'viewer-1'));
    expect(ledger.accept(grant(50, 'b', 'viewer-2'))).toBe(true);
    ledger.accept(grant(10_000, 'c', 'viewer-3'));
    expect(ledger.size).toBe(1);
  });

  it('never remembers more viewers than it may', () => {
    const ledger = new GrantLedger(10);
    for (let index = 0; index < 100; index += 1) ledger.accept(grant(100, 'a', `viewer-${index}`));
    expect(ledger.size).toBe(10);
  });
});
