import { container } from "./elements.ts";

/** The namespace of S3's documents. */
export const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** S3 begins its documents with this and a line break. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

type Writers = typeof import("../generated/writers.ts").writers;

/** They are much text, of which a process needs little, and many need none: they are loaded for the first document. */
let writers: Writers | undefined;

/**
 * A structure of an answer as a document: declaration, root element with S3's namespace, no other white space. Comes without a promise, except
 * for the first.
 */
export function writeXml(
  rootName: string,
  shapeName: string,
  value: Readonly<Record<string, unknown>>,
): string | Promise<string> {
  if (writers === undefined) {
    return import("../generated/writers.ts").then((loaded) => {
      ({ writers } = loaded);
      return writeXml(rootName, shapeName, value);
    });
  }
  const inside = writers[shapeName]!(value as never);
  return XML_DECLARATION + container(`<${rootName} xmlns="${S3_NAMESPACE}"`, inside, `</${rootName}>`);
}
