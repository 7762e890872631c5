/** The two kinds of SOAP faults; `null` for codes that SOAP does not have. */
export type SoapSide = "Client" | "Server" | null;

/**
 * What goes over the wire with a code: HTTP status, SOAP side, S3's exact text (the first of several, "" where none is known), the
 * names of the detail elements in the order S3 sends them, and whether the same request may succeed when sent again.
 */
export type ErrorFacts = readonly [
  status: number,
  soap: SoapSide,
  message: string,
  details: readonly string[],
  retryable: boolean,
];
