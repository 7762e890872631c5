import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { adminOperations } from "../../../src/server/admin/adminOperations.ts";
import { openApi } from "../../../src/server/admin/description/openApi.ts";
import { ask, startAdminServer } from "./AdminClient.ts";
import { problemsOf } from "./jsonSchema.ts";

const FILE = join(import.meta.dirname, "../../../docs/openapi.json");

test("openapi.json: the server tells everybody what stands in docs/openapi.json", async () => {
  await using server = await startAdminServer();
  for (const keys of [undefined, { accessKeyId: "somebody", secretAccessKey: "unknown" }]) {
    const { status, json } = await ask(server.port, "GET", "/-/openapi.json", { keys });
    assert.equal(status, 200);
    assert.deepEqual(json, JSON.parse(readFileSync(FILE, "utf8")));
  }
  const { status, json } = await ask(server.port, "DELETE", "/-/openapi.json");
  assert.deepEqual([status, json.code], [405, "MethodNotAllowed"]);
});

test("openapi.json: every operation is described, with its permission, its parameters and all its errors", () => {
  const { paths } = openApi() as { readonly paths: Record<string, Record<string, Record<string, unknown>>> };
  for (const { path, method, name, parameters, errors } of adminOperations) {
    const described = paths[path]![method.toLowerCase()]!;
    assert.equal(described["operationId"], name);
    assert.match(String(described["description"]), /^Needs holdfast:\w+ on arn:aws:holdfast:::\w+\.$/);
    const names = ((described["parameters"] ?? []) as { readonly name: string }[]).map((parameter) => parameter.name);
    assert.deepEqual(names, [...[...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => part), ...Object.keys(parameters)]);
    const text = JSON.stringify(described["responses"]);
    for (const code of [...Object.keys(errors), "AccessDenied", "SignatureDoesNotMatch"])
      assert.ok(text.includes(code), `${name}: ${code}`);
  }
  assert.equal(Object.values(paths).flatMap((path) => Object.keys(path)).length, adminOperations.length + 1);
});

test("openapi.json: its references lead somewhere, and nothing in it is unreachable", () => {
  const text = readFileSync(FILE, "utf8");
  const document = JSON.parse(text) as { readonly components: { readonly schemas: Record<string, Record<string, unknown>> } };
  const asked = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!));
  assert.deepEqual([...asked].toSorted(), Object.keys(document.components.schemas).toSorted());
});

test("openapi.json: its schemas refuse what the server would never say", () => {
  const document = openApi() as { readonly components: { readonly schemas: Record<string, Record<string, unknown>> } };
  const { RequestRecord, FaultRule, ListedFault } = document.components.schemas;
  assert.notDeepEqual(problemsOf({ requestId: 1 }, RequestRecord!, document), []);
  const rule = { id: "a", match: {}, chance: {}, action: { kind: "delay", delayMs: 1 }, stage: "beforeExecution" };
  assert.deepEqual(problemsOf(rule, FaultRule!, document), []);
  assert.notDeepEqual(problemsOf({ ...rule, id: undefined }, FaultRule!, document), []);
  assert.notDeepEqual(problemsOf({ ...rule, stage: "sending" }, FaultRule!, document), []);
  assert.notDeepEqual(problemsOf({ ...rule, action: { kind: "delay" } }, FaultRule!, document), []);
  assert.notDeepEqual(problemsOf({ id: "a" }, ListedFault!, document), []);
});
