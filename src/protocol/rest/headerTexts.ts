/** What a token holds: RFC 9110, section 5.6.2. */
const TOKEN_CHARACTERS = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/;

/** Controls would end or forge a header. Characters beyond ASCII travel as the bytes of their UTF-8. */
// eslint-disable-next-line no-control-regex -- controls are what this is about
const CONTROLS = /[\0-\u0008\u000a-\u001f\u007f]/;

/** Whether a text can stand in the name of a header. */
export function isHeaderName(text: string): boolean {
  return TOKEN_CHARACTERS.test(text);
}

/** Whether a text can be the value of a header. */
export function isHeaderValue(text: string): boolean {
  return !CONTROLS.test(text);
}
