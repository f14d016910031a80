import { createContext, useContext } from 'react';
import type { SessionManager } from './session.ts';

export const SessionContext = createContext<SessionManager | undefined>(undefined);

export function useSession(): SessionManager {
  const session = useContext(SessionContext);
  if (!session) throw new Error('used outside of the app');
  return session;
}
