import { escapeXml } from "../../../errors/escapeXml.ts";
import { S3_NAMESPACE, XML_DECLARATION } from "../../xml/writeXml.ts";
import { operationNames, XSD_NAMESPACE } from "./schema.ts";

/** The file beside the WSDL that has the schema. */
const SCHEMA_FILE = "AmazonS3.xsd";

const NAMESPACES = `xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" \
xmlns:xsd="${XSD_NAMESPACE}" xmlns:tns="${S3_NAMESPACE}"`;

const MESSAGES = each((name) => messageOf(`${name}Request`, name) + messageOf(`${name}Response`, `${name}Response`));

const PORT_TYPE = each(
  (name) => `
    <wsdl:operation name="${name}">
      <wsdl:input message="tns:${name}Request"/>
      <wsdl:output message="tns:${name}Response"/>
    </wsdl:operation>`,
);

const BINDING = each(
  (name) => `
    <wsdl:operation name="${name}">
      <soap:operation soapAction=""/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
    </wsdl:operation>`,
);

/** The description of the service, for who generates a client of it: every operation, SOAP 1.1, document/literal. It is asked at `location`. */
export function wsdlDocument(location: string): string {
  return `${XML_DECLARATION}\
<wsdl:definitions ${NAMESPACES} targetNamespace="${S3_NAMESPACE}">
  <wsdl:types>
    <xsd:schema targetNamespace="${S3_NAMESPACE}"><xsd:include schemaLocation="${SCHEMA_FILE}"/></xsd:schema>
  </wsdl:types>${MESSAGES}
  <wsdl:portType name="AmazonS3">${PORT_TYPE}
  </wsdl:portType>
  <wsdl:binding name="AmazonS3SoapBinding" type="tns:AmazonS3">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>${BINDING}
  </wsdl:binding>
  <wsdl:service name="AmazonS3">
    <wsdl:port name="AmazonS3" binding="tns:AmazonS3SoapBinding">
      <soap:address location="${escapeXml(location)}"/>
    </wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
}

function each(write: (name: string) => string): string {
  return operationNames.map(write).join("");
}

function messageOf(name: string, element: string): string {
  return `
  <wsdl:message name="${name}"><wsdl:part name="parameters" element="tns:${element}"/></wsdl:message>`;
}
