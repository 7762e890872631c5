import assert from "node:assert/strict";
import { attachPolicy, detachPolicy } from "../../../src/store/accounts/attachments.ts";
import {
  addUserToGroup,
  createGroup,
  deleteGroup,
  getGroup,
  groupsOf,
  listGroups,
  listGroupsForUser,
  listUsersOfGroup,
  removeUserFromGroup,
  updateGroup,
} from "../../../src/store/accounts/groups.ts";
import { createUser } from "../../../src/store/accounts/users.ts";
import { idHolderRow } from "../../../src/store/records/identityRows.ts";
import { put } from "../../../src/store/records/Row.ts";
import { commit } from "../testStore.ts";
import { onEveryEngine } from "./identityStores.ts";

const refusal = (code: string, message: string | RegExp) => ({ name: "IdentityError", code, message });

onEveryEngine("groups: users go in and out, and a group is renamed with them in it", async ({ store, accountId }) => {
  const group = await createGroup(store, { accountId, groupName: "staff" });
  assert.match(group.uniqueId, /^AGPA[A-Z0-9]{17}$/);
  for (const userName of ["carl", "ann", "ben"]) {
    await createUser(store, { accountId, userName });
    for (let time = 0; time < 2; time += 1) await addUserToGroup(store, accountId, "staff", userName);
  }
  await attachPolicy(store, { accountId, kind: "group", name: "staff" }, "arn:aws:iam::aws:policy/IAMReadOnlyAccess");
  const renamed = await updateGroup(store, accountId, "staff", { newGroupName: "Crew", newPath: "/c/" });
  assert.deepEqual(await getGroup(store, accountId, "crew"), renamed);
  const page = await listUsersOfGroup(store, accountId, "Crew", { maxItems: 2 });
  assert.deepEqual(
    page.items.map(({ name }) => name),
    ["ann", "ben"],
  );
  assert.deepEqual(
    (await listUsersOfGroup(store, accountId, "Crew", { marker: page.marker })).items.map(({ name }) => name),
    ["carl"],
  );
  assert.deepEqual((await listGroupsForUser(store, accountId, "ann")).items, [renamed]);
  assert.deepEqual((await listGroups(store, accountId)).items, [renamed]);
  await assert.rejects(
    deleteGroup(store, accountId, "crew"),
    refusal("DeleteConflict", "Cannot delete entity, must remove users from group first."),
  );
  for (const userName of ["ann", "ben", "carl"]) await removeUserFromGroup(store, accountId, "crew", userName);
  await assert.rejects(deleteGroup(store, accountId, "crew"), refusal("DeleteConflict", /detach all policies/));
  await detachPolicy(store, { accountId, kind: "group", name: "crew" }, "arn:aws:iam::aws:policy/IAMReadOnlyAccess");
  await deleteGroup(store, accountId, "crew");
  await assert.rejects(
    addUserToGroup(store, accountId, "crew", "ann"),
    refusal("NoSuchEntity", "The group with name crew cannot be found."),
  );
  assert.deepEqual((await listGroupsForUser(store, accountId, "ann")).items, []);
});

onEveryEngine(
  "updateGroup: what is left out stays, and a name that another group has is refused",
  async ({ store, accountId }) => {
    await createGroup(store, { accountId, groupName: "staff", path: "/s/" });
    await createGroup(store, { accountId, groupName: "other" });
    assert.equal((await updateGroup(store, accountId, "staff", { newPath: "/t/" })).name, "staff");
    const { path } = await updateGroup(store, accountId, "staff", { newGroupName: "STAFF" });
    assert.equal(path, "/t/");
    await assert.rejects(
      updateGroup(store, accountId, "staff", { newGroupName: "Other" }),
      refusal("EntityAlreadyExists", "Group with name Other already exists."),
    );
    await assert.rejects(
      updateGroup(store, accountId, "staff", { newGroupName: "a b" }),
      refusal("ValidationError", /newGroupName/),
    );
    await assert.rejects(updateGroup(store, accountId, "staff", { newPath: "t" }), refusal("ValidationError", /newPath/));
    assert.deepEqual(
      (await listGroups(store, accountId)).items.map(({ name }) => name),
      ["other", "STAFF"],
    );
  },
);

onEveryEngine("groupsOf: a group that is gone is in none", async ({ store, accountId }) => {
  const ann = await createUser(store, { accountId, userName: "ann" });
  const { uniqueId } = await createGroup(store, { accountId, groupName: "staff" });
  await commit(store, [put(idHolderRow("AGPALOST"), { accountId, name: "lost" })]);
  const groups = await groupsOf(store, { ...ann, groupIds: ["AGPAGONE", uniqueId, "AGPALOST"] });
  assert.deepEqual(
    groups.map(({ name }) => name),
    ["staff"],
  );
});

onEveryEngine("addUserToGroup: a user is in 10 groups and no more", async ({ store, accountId }) => {
  await createUser(store, { accountId, userName: "ann" });
  for (let index = 0; index < 11; index += 1) await createGroup(store, { accountId, groupName: `g${index}` });
  for (let index = 0; index < 10; index += 1) await addUserToGroup(store, accountId, `g${index}`, "ann");
  await assert.rejects(
    addUserToGroup(store, accountId, "g10", "ann"),
    refusal("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10"),
  );
  const page = await listGroupsForUser(store, accountId, "ann", { maxItems: 9 });
  assert.equal(page.items.length, 9);
  assert.deepEqual(
    (await listGroupsForUser(store, accountId, "ann", { marker: page.marker })).items.map(({ name }) => name),
    ["g9"],
  );
});
