import { readXml } from "../xml/readXml.ts";

interface Tagging {
  readonly TagSet: readonly { readonly Key: string; readonly Value: string }[];
}

/** An element with nothing in it, whatever it is called: for S3 it has no tags. */
const EMPTY_ELEMENT = /^<([\w.:-]+)\s*(?:\/>|>\s*<\/\1\s*>)$/;

/** The tags of a form's document in the form of x-amz-tagging. Throws MalformedXML. */
export function taggingText(document: string): string {
  const trimmed = document.trim();
  if (trimmed === "" || EMPTY_ELEMENT.test(trimmed)) return "";
  const { TagSet: tags } = readXml(Buffer.from(trimmed), "Tagging", "Tagging") as unknown as Tagging;
  return tags.map(({ Key, Value }) => `${encodeURIComponent(Key)}=${encodeURIComponent(Value)}`).join("&");
}
