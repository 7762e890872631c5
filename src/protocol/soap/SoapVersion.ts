/** The versions of SOAP, which differ in how they wrap. */
export type SoapVersion = "1.1" | "1.2";

/** The namespace of each version's envelope. */
export const ENVELOPE_NAMESPACES: Readonly<Record<SoapVersion, string>> = {
  "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
  "1.2": "http://www.w3.org/2003/05/soap-envelope",
};
