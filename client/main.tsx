import { z } from 'zod';

// Before any schema is used: zod would otherwise compile them, which the content security policy forbids.
z.config({ jitless: true });
const { start } = await import('./start.tsx');
start(window);
