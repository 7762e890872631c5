/* eslint-disable no-control-regex -- controls are among what XML has no form for */
const SPECIAL = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/u;
const EACH_SPECIAL = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" };

/** Text as XML content. Characters that XML 1.0 has no form for are written as numeric references, as S3 does. */
export function escapeXml(text: string): string {
  if (!SPECIAL.test(text)) return text;
  // An entity tag, as a rule; a list writes a thousand of them.
  if (text.length > 1 && text.startsWith('"') && text.endsWith('"')) {
    const inside = text.slice(1, -1);
    if (!SPECIAL.test(inside)) return `&quot;${inside}&quot;`;
  }
  return text.replace(EACH_SPECIAL, (character) => ENTITIES[character] ?? `&#x${character.codePointAt(0)!.toString(16)};`);
}
