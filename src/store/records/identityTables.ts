import { groupCodec } from "./GroupRecord.ts";
import { identitiesCodec, idHolderCodec, keyUseCodec } from "./identityRows.ts";
import { policyCodec, policyDocumentCodec } from "./PolicyRecord.ts";
import { roleCodec } from "./RoleRecord.ts";
import type { Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { tableRange, TABLES } from "./tables.ts";
import { userCodec } from "./UserRecord.ts";

/** Everything that accounts hold, for whoever looks at all records; rows that say all by being there are left out. */
export function identityTables(limit: number): readonly Rows<unknown>[] {
  return [
    rowsIn(tableRange(TABLES.idHolders), limit, idHolderCodec),
    rowsIn(tableRange(TABLES.identities), limit, identitiesCodec),
    rowsIn(tableRange(TABLES.users), limit, userCodec),
    rowsIn(tableRange(TABLES.groups), limit, groupCodec),
    rowsIn(tableRange(TABLES.roles), limit, roleCodec),
    rowsIn(tableRange(TABLES.policies), limit, policyCodec),
    rowsIn(tableRange(TABLES.policyVersions), limit, policyDocumentCodec),
    rowsIn(tableRange(TABLES.inlinePolicies), limit, policyDocumentCodec),
    rowsIn(tableRange(TABLES.keyUses), limit, keyUseCodec),
  ];
}
