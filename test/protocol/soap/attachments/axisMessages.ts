/** Messages as Axis 1.4 sends them, with "ha-ha" attached: captured from its client, byte for byte. */

/** The envelope of both. */
export const AXIS_ENVELOPE: string =
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
  "<soapenv:Body>" +
  '<ns1:PutObject xmlns="http://s3.amazonaws.com/doc/2006-03-01/" xmlns:ns1="http://s3.amazonaws.com/doc/2006-03-01/">' +
  "<ns1:Bucket>quotes</ns1:Bucket><ns1:Key>Nelson</ns1:Key><ns1:ContentLength>5</ns1:ContentLength>" +
  "</ns1:PutObject></soapenv:Body></soapenv:Envelope>";

/** A message, and the Content-Type it came with. */
export interface SentMessage {
  readonly contentType: string;
  readonly body: Buffer;
}

export const AXIS_DIME: SentMessage = {
  contentType: "application/dime",
  body: Buffer.concat([
    Buffer.from("0c20000000290029000001e8", "hex"),
    Buffer.from("uuid:714C6C40-4531-442E-A498-3AC614200295\0\0\0http://schemas.xmlsoap.org/soap/envelope/\0\0\0"),
    Buffer.from(AXIS_ENVELOPE),
    Buffer.from("0a1000000020000a00000005", "hex"),
    Buffer.from("0F0CD00B6DBAD60273D1EBABE1534341text/plain\0\0ha-ha\0\0\0"),
  ]),
};

const BOUNDARY = "----=_Part_0_1461149300.1796071669661";

/** Its HTTP head names the boundary behind a tab; JavaMail writes a Date into the preamble. */
export const AXIS_MIME: SentMessage = {
  contentType: `multipart/related; type="text/xml"; start="<54CC15BFA4E0B322CE6443D9158F4E65>"; \tboundary="${BOUNDARY}"`,
  body: Buffer.from(
    [
      "Date: Mon, 30 Nov 2026 20:47:50 +0000 (UTC)",
      "",
      `--${BOUNDARY}`,
      "Content-Type: text/xml; charset=UTF-8",
      "Content-Transfer-Encoding: binary",
      "Content-Id: <54CC15BFA4E0B322CE6443D9158F4E65>",
      "",
      AXIS_ENVELOPE,
      `--${BOUNDARY}`,
      "Content-Type: text/plain",
      "Content-Transfer-Encoding: binary",
      "Content-Id: <C06BE779E7CCFBFF0FE8AB8EC16E20A1>",
      "",
      "ha-ha",
      `--${BOUNDARY}--`,
      "",
    ].join("\r\n"),
  ),
};
