/** What `encodeURIComponent` leaves alone and S3 encodes, and the other way round. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "!": "%21",
  "'": "%27",
  "(": "%28",
  ")": "%29",
  "~": "%7E",
  "%20": "+",
  "%2F": "/",
};
const EXCEPTION = /[!'()~]|%20|%2F/g;

/**
 * How a list writes keys, prefixes, delimiters and markers: as they are, or, with `encoding-type=url`, as S3 encodes them, which is
 * as HTML forms do, only that "/" stays.
 */
export function urlEncoder(encodingType: string | undefined): (text: string) => string {
  return encodingType === "url" ? urlEncoded : unchanged;
}

function urlEncoded(text: string): string {
  return encodeURIComponent(text).replace(EXCEPTION, (found) => EXCEPTIONS[found]!);
}

function unchanged(text: string): string {
  return text;
}
