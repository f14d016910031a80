/** The Node that package.json pins. */
export function pinnedNode(root: string): string;

/** Whether node_modules holds what package-lock.json asks for, by npm's own record of it. */
export function isInstalled(wanted: unknown, installed: unknown): boolean;

/** Makes node_modules what package-lock.json says; answers whether anything had to be done. */
export function ensurePackages(root: string): Promise<boolean>;
