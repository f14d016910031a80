import { z } from 'zod';

/** A repeated or comma-separated query parameter as a list of at most `most` items: `?region=UA-68&region=UA-05`. */
export function listOf<T extends z.ZodType>(item: T, most: number) {
  return z.preprocess(
    (value) =>
      value === undefined
        ? []
        : [value].flat().flatMap((part) => (typeof part === 'string' ? part.split(',') : [part])),
    z.array(item).max(most),
  );
}

/** The page of a list that is wanted. */
export const pageQuery = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
};
