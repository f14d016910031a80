import { AssignFlagDialog } from './AssignFlagDialog.tsx';
import { CloseFlagDialog } from './CloseFlagDialog.tsx';
import { ShelveFlagDialog } from './ShelveFlagDialog.tsx';

/** What a person is asked for before flags are assigned, put aside or closed. */
export const FLAGS_DIALOGS = {
  assign: AssignFlagDialog,
  shelve: ShelveFlagDialog,
  close: CloseFlagDialog,
} as const;

export type FlagsQuestion = keyof typeof FLAGS_DIALOGS;
