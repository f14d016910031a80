/**
 * A page that goes on to one of ours at once. A browser that another site has sent here keeps its `SameSite=Strict` cookies
 * back; on the way from this page it sends them, so none of ours has to be weaker.
 */
export function bouncePage(path: string): { html: string; policy: string } {
  const url = path.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    html: `<!doctype html><meta charset="utf-8"><title>Варта</title><meta http-equiv="refresh" content="0;url=${url}"><p><a href="${url}">Далі · Continue</a></p>`,
    policy: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  };
}
