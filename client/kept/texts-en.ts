/** Texts of things that the server keeps for people. */
export const keptTexts = {
  kept: {
    versions: 'Previous versions: {{name}}',
    noVersions: 'There are no previous versions',
    version: 'version {{version}} · {{time}} · {{name}}',
    restore: 'Restore',
    restoreVersion: 'Restore version {{version}}',
    leftOut: 'This version has areas that you may not see',
    part: 'This has areas that you may not see: whoever sees all of it changes it',
    rename: 'Rename: {{name}}',
    newName: 'New name',
    saveName: 'Save name',
    remove: 'Remove: {{name}}',
    othersToo: 'Others use this as well: it goes for all of them.',
    removeForAll: 'Remove for all',
    leave: 'Leave it',
    removed: 'Removed: {{name}}',
    bringBack: 'Bring it back',
  },
} as const;
