import { quoted } from "../../../errors/quoted.ts";
import { S3Error } from "../../../errors/S3Error.ts";
import type { RequestRecord } from "../../../journal/RequestRecord.ts";
import type { AdminCall } from "../AdminOperation.ts";

/** The record of the request that a path names by either of its ids. Throws NoSuchResource. */
export async function findRecord({ service, path }: AdminCall): Promise<RequestRecord> {
  const { id = "" } = path;
  const [record] = await service.journal.find({ id, limit: 1 });
  if (record !== undefined) return record;
  throw new S3Error("NoSuchResource", {
    details: [["ResourceId", id]],
    explanation: `The journal has no request ${quoted(id)}: it never came to this server, it was forgotten, or no journal is kept.`,
  });
}
