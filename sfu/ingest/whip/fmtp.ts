/**
 * Parameters of an `a=fmtp` line by name in lower case. Values stay text: `profile-level-id=420010` is six hexadecimal
 * digits and no number.
 */
export function parseFmtp(config: string | undefined): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const part of String(config ?? '').split(';')) {
    const [name, ...value] = part.trim().split('=');
    if (name && name !== '__proto__') parameters[name.toLowerCase()] = value.join('=').trim();
  }
  return parameters;
}
