import assert from "node:assert/strict";
import { test } from "node:test";
import { OptionError } from "../../bench/command.ts";
import { parseOptions } from "../../bench/options.ts";

test("Bench options: everything has a default, and --help asks for help", () => {
  const options = parseOptions([])!;
  assert.deepEqual([options.rows, options.seconds, options.rounds, options.keys], [undefined, 1, 3, 1_000_000]);
  assert.deepEqual([options.durabilities, options.workers, options.peers, options.record], [["synced"], undefined, [], false]);
  assert.equal(parseOptions(["--help"]), undefined);
});

test("Bench options: --against takes name, address and keys, also keys with commas and equal signs, and lists fewer keys", () => {
  const options = parseOptions([
    "--against",
    "other=http://127.0.0.1:9001,key,se=cret,/x",
    "--against",
    "third=http://localhost,a,b",
  ])!;
  assert.deepEqual(
    options.peers.map(({ name, url, accessKeyId, secretAccessKey }) => [name, url.host, accessKeyId, secretAccessKey]),
    [
      ["other", "127.0.0.1:9001", "key", "se=cret,/x"],
      ["third", "localhost", "a", "b"],
    ],
  );
  assert.equal(options.keys, 20_000);
  assert.equal(parseOptions(["--against", "other=http://h,a,b", "--keys", "5"])!.keys, 5);
});

test("Bench options: --before names a checkout, and lists fewer keys, for both are filled through S3", () => {
  const { before, keys } = parseOptions(["--before", "../earlier"])!;
  assert.deepEqual([before, keys], ["../earlier", 20_000]);
});

test("Bench options: --record measures every durability setting", () => {
  assert.deepEqual(parseOptions(["--record"])!.durabilities, ["synced", "written"]);
  assert.deepEqual(parseOptions(["--record", "--durability", "written"])!.durabilities, ["written"]);
});

test("Bench options: --from names results to record", () => {
  assert.equal(parseOptions(["--record", "--from", "run.json"])!.from, "run.json");
});

for (const args of [
  ["--from", "run.json"],
  ["--seconds", "0"],
  ["--seconds", "soon"],
  ["--rounds", "1.5"],
  ["--keys", "-3"],
  ["--durability", "perhaps"],
  ["--against", "http://127.0.0.1:9001,key,secret"],
  ["--against", "other=https://127.0.0.1,key,secret"],
  ["--colour"],
  ["stray"],
]) {
  test(`Bench options: ${args.join(" ")} is refused`, () => {
    assert.throws(() => parseOptions(args), OptionError);
  });
}
