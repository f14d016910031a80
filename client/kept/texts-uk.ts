/** Texts of things that the server keeps for people. */
export const keptTexts = {
  kept: {
    versions: 'Попередні версії: {{name}}',
    noVersions: 'Попередніх версій немає',
    version: 'версія {{version}} · {{time}} · {{name}}',
    restore: 'Повернути',
    restoreVersion: 'Повернути версію {{version}}',
    leftOut: 'У цій версії є зони, яких вам не видно',
    part: 'Тут є зони, яких вам не видно: змінює той, хто бачить усе',
    rename: 'Перейменувати: {{name}}',
    newName: 'Нова назва',
    saveName: 'Зберегти назву',
    remove: 'Видалити: {{name}}',
    othersToo: 'Цим користуються й інші: зникне в усіх.',
    removeForAll: 'Видалити для всіх',
    leave: 'Залишити',
    removed: 'Видалено: {{name}}',
    bringBack: 'Повернути',
  },
} as const;
