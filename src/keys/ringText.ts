import { createHash, timingSafeEqual } from "node:crypto";
import type { RingContent } from "./RingContent.ts";

/** The form of the file this code writes. */
const RING_FORMAT = 1;

/** A key ring as the text of its file: JSON, with a checksum that tells a damaged one. */
export function ringText(ring: RingContent): string {
  return `${JSON.stringify({ format: RING_FORMAT, checksum: checksumOf(ring), ring }, undefined, 2)}\n`;
}

/** The ring in such a text; where it holds none, what is wrong with it, in words that go on after the file's path. Never a piece of the text. */
export function readRingText(text: string): RingContent | string {
  let file: Partial<Record<"format" | "checksum" | "ring", unknown>> | null;
  try {
    file = JSON.parse(text) as typeof file;
  } catch {
    return "is damaged: it is no whole JSON";
  }
  const { format, checksum, ring } = file ?? {};
  if (typeof format === "number" && format > RING_FORMAT) {
    return `has format ${format}, and this version reads formats up to ${RING_FORMAT}: use the version of Holdfast that wrote it, or a newer one`;
  }
  if (format !== RING_FORMAT || typeof checksum !== "string") return "is damaged, or no key ring";
  // What has the right checksum has been written by `ringText`, or on purpose.
  if (!isSame(checksum, checksumOf(ring))) return "is damaged: its checksum does not fit what it holds";
  return ring as RingContent;
}

function checksumOf(ring: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(ring) ?? "")
    .digest("hex");
}

function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
