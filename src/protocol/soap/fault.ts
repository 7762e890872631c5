import { catalogueEntry } from "../../errors/catalogue.ts";
import { escapeXml } from "../../errors/escapeXml.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ServiceError } from "../../errors/ServiceError.ts";
import { ENVELOPE_NAMESPACES } from "./SoapVersion.ts";
import type { SoapVersion } from "./SoapVersion.ts";

/**
 * What the body of the envelope holds where something is wrong: S3's code behind whose fault it is, its text, and what REST's error would say
 * beside them. The ids are in headers.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/SOAPErrorResponse.html
 */
export function fault(error: ServiceError, version: SoapVersion): string {
  const code = faultCode(error);
  const details = error.details
    .map(([name, value]) => (value === undefined ? "" : `<${name}>${escapeXml(value)}</${name}>`))
    .join("");
  const explanation = error.explanation === undefined ? "" : `<Details>${escapeXml(error.explanation)}</Details>`;
  const message = escapeXml(error.message);
  if (version === "1.1") {
    // Lower case, as SOAP 1.1 has it: AWS's pages print capitals, by which no client finds code or text.
    return (
      `<soapenv:Fault><faultcode>soapenv:${code}</faultcode><faultstring>${message}</faultstring>` +
      `<detail>${details}${explanation}</detail></soapenv:Fault>`
    );
  }
  // SOAP 1.2 has no codes below Client and Server; S3's was that of SOAP 1.1, under a prefix of its own.
  const value = error instanceof S3Error ? `ns1:${code}` : `soapenv:${code}`;
  return (
    `<soapenv:Fault><soapenv:Code xmlns:ns1="${ENVELOPE_NAMESPACES["1.1"]}"><soapenv:Value>${value}</soapenv:Value></soapenv:Code>` +
    `<soapenv:Reason><soapenv:Text xml:lang="en">${message}</soapenv:Text></soapenv:Reason>` +
    `<soapenv:Detail>${details}${explanation}</soapenv:Detail></soapenv:Fault>`
  );
}

/** S3's code behind the side that is to blame; SOAP's own codes stand alone. */
function faultCode(error: ServiceError): string {
  if (!(error instanceof S3Error)) return error.code;
  const { soap, status } = catalogueEntry(error.code);
  return `${soap ?? (status < 500 ? "Client" : "Server")}.${error.code}`;
}
