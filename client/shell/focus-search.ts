/** Puts the cursor into the field that filters, where there is one. */
export function focusSearch(): void {
  document.querySelector<HTMLInputElement>('search input[type="search"], [role="search"] input')?.focus();
}
