import { join } from "node:path";
import { test } from "node:test";
import { CLIENT_SOURCES, installed } from "./installed.ts";
import { playRounds } from "./rounds.ts";

/** What programs call that use no helper for uploads, each client with its default settings. */

const python = (client: "python" | "s3fs", program: string): string[] => [
  join(installed(client), "bin/python3"),
  join(CLIENT_SOURCES, "python", program),
];

test("boto3, the newest: low-level calls", async (t) => {
  await playRounds(t, python("python", "low_level.py"), [
    "multipart_with_nothing_set",
    "multipart_with_an_algorithm",
    "multipart_of_a_full_object_checksum",
    "multipart_with_another_algorithm_at_parts",
    "multipart_with_checksums_at_parts_only",
    "multipart_of_copied_parts",
    "objects",
    "copies",
    "conditions",
    "presigned",
    "presigned_with_the_condition_in_the_query",
  ]);
});

test("pyarrow, which is the AWS SDK for C++: files", async (t) => {
  await playRounds(t, python("python", "pyarrow_round.py"), ["files"]);
});

test("smart_open: files that are uploads of parts, and small ones", async (t) => {
  await playRounds(t, python("python", "smart_open_round.py"), ["parts", "small"]);
});

test("s3fs: large files and trees", async (t) => {
  await playRounds(t, python("s3fs", "s3fs_round.py"), ["large", "tree"]);
});

test("AWS SDK for Go v2: low-level calls", async (t) => {
  await playRounds(t, [join(installed("go"), "round")], ["multipart", "algorithms", "objects", "presigned"]);
});

test("AWS SDK for Java v2: low-level calls with each of its HTTP clients", async (t) => {
  const folder = installed("java");
  const clients = ["URLConnection", "Apache", "Apache5", "Netty", "AwsCrt", "S3Crt"];
  const rounds = clients.flatMap((client) => ["multipart", "algorithms", "objects"].map((round) => `${client} ${round}`));
  await playRounds(t, ["java", "-cp", `${folder}:${join(folder, "lib/*")}`, "Round"], rounds);
});
