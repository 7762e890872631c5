const ENVELOPE_TYPES: ReadonlySet<string> = new Set([
  ...["text/xml", "application/soap+xml", "application/xml"],
  // Clients of MTOM call it so beside what they attach.
  "application/xop+xml",
]);

/** Whether bytes of this type are an envelope: of SOAP 1.1, of SOAP 1.2, or of either. */
export function isEnvelopeType(type: string): boolean {
  return ENVELOPE_TYPES.has(type);
}
