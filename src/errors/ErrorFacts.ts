/** The two kinds of SOAP faults; `null` for codes that SOAP does not have. */
export type SoapSide = "Client" | "Server" | null;

/** What goes over the wire with a code, as far as it is not what goes with most of them. */
export interface ErrorFacts {
  /** HTTP status; 400 for most. */
  readonly status?: number;
  /** "Client" for most. */
  readonly soap?: SoapSide;
  /** S3's exact text, the first of several; "" where none is known. */
  readonly message?: string;
  /** The names of the detail elements in the order S3 sends them; none for most. */
  readonly details?: readonly string[];
  /** Whether the same request may succeed when sent again. */
  readonly retryable?: boolean;
}
