/** Writes the pages that mirror code: docs/configuration.md, docs/condition-keys.md, docs/operations.md, docs/errors.md and docs/errors/. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PermissionResource } from "../src/access/Permission.ts";
import { permissionsFor } from "../src/access/Permission.ts";
import { configurationPage } from "../src/config/optionTexts.ts";
import type { AnyOperation } from "../src/operations/Operation.ts";
import { operations } from "../src/operations/registry.ts";
import { iamOperations } from "../src/protocol/generated/iamShapes.ts";
import { routes } from "../src/protocol/generated/routes.ts";
import { stsOperations } from "../src/protocol/generated/stsShapes.ts";
import type { OperationName } from "../src/protocol/generated/types.ts";
import { readSources } from "./checks/SourceFile.ts";
import { conditionKeysPage } from "./conditionKeysPage.ts";
import { errorLedger } from "./ledger/ErrorLedger.ts";
import { errorsPages } from "./ledger/errorsPage.ts";

const ROOT = join(import.meta.dirname, "..");

/** File names and texts of the generated pages. */
export function generateDocs(): Map<string, string> {
  return new Map([
    ["configuration.md", configurationPage()],
    ["operations.md", operationsPage()],
    ["condition-keys.md", conditionKeysPage()],
    ...errorsPages(errorLedger(readSources(ROOT))),
  ]);
}

function operationsPage(): string {
  const names = Object.keys(routes) as OperationName[];
  const rows = names.map((name) => {
    const built = operations.get(name);
    const { method, scope } = routes[name];
    return `| ${name} | ${method} ${scope} | ${built === undefined ? "not implemented" : "**acts**"} | ${built === undefined ? "" : neededActions(built)} |`;
  });
  return `# Operations

Generated from the protocol's tables and the folder \`src/operations/\`.

${operations.size} of ${names.length} operations act. The others are routed, authenticated and authorised as S3 does it, and then answer
501 \`NotImplemented\`; nothing of them is done. SOAP's messages ask for sixteen of them ([soap.md](soap.md)); a browser's form, S3's POST
Object, for PutObject with its permissions ([browser-uploads.md](browser-uploads.md)).

A setting of a bucket or object can be changed where the operation that sets it acts. Where it does not, the setting is as S3 makes it for a
new bucket or object, and the operations that show it answer so: most
are not there, which S3 says with a code of its own or an empty document. Deleting what is not there answers 204.

The last column has the permissions that a plain request needs. Some parameters and headers need others: a version id, an ACL, tags, retention.

| operation | request | state | needs |
| --- | --- | --- | --- |
${rows.join("\n")}

## IAM

Asked as [iam.md](iam.md) says. These act, each by the permission of its own name (iam:CreateUser); every other action of IAM's answers 501
\`NotImplemented\`.

${Object.keys(iamOperations).toSorted().join(", ")}

## STS

These act; every other action of STS's answers 501 \`NotImplemented\`.

${Object.keys(stsOperations).toSorted().join(", ")}
`;
}

/** Where a permission is on something else than the request's bucket or object. */
const ELSEWHERE: Readonly<Partial<Record<PermissionResource | "arn", string>>> = {
  source: " (source)",
  listed: " (each object)",
};

function neededActions({ permissions }: AnyOperation): string {
  const needed = permissionsFor(permissions, { text: () => undefined });
  return needed.map(({ action, resource }) => `${action}${ELSEWHERE[resource] ?? ""}`).join(", ");
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, text] of generateDocs()) writeFileSync(join(ROOT, "docs", name), text);
}
