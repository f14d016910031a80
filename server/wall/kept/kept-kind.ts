import type { z } from 'zod';
import type { Kept } from '#contract/kept.ts';
import type { Scope } from '#contract/session.ts';
import type { Action } from '../../../config/roles/roles.ts';

/** What people keep of one kind: scenes, layouts, tours … */
export interface KeptKind<K extends Kept> {
  /** The end of the path, such as `scenes`; what is kept lies under the same name. */
  path: string;
  /** One of them in the audit, such as `scene`. */
  one: string;
  /** Many of them in the API's description, such as `Scenes`. */
  many: string;
  read: Action;
  write: Action;
  /** What is kept and what a person says of it, without the fields of {@link Kept}; the version makes a change. */
  schema: z.ZodType<K>;
  content: z.ZodObject;
  most: number;
  /** The same without what lies outside a scope, and how much that is. */
  within(thing: K, scope: Scope): { thing: K; leftOut: number };
}
