import type { Credential, CredentialSource } from "./Caller.ts";

/** Keys that are fixed while the server runs: from its options. */
export function fixedCredentials(credentials: readonly Credential[]): CredentialSource {
  const byId = new Map(credentials.map((credential) => [credential.accessKeyId, credential]));
  return { find: (accessKeyId) => byId.get(accessKeyId) };
}

/** Looks in `first`, and where it has none, in `second`. */
export function layeredCredentials(first: CredentialSource, second: CredentialSource): CredentialSource {
  return {
    find(accessKeyId) {
      const found = first.find(accessKeyId);
      if (found instanceof Promise) return found.then((credential) => credential ?? second.find(accessKeyId));
      return found ?? second.find(accessKeyId);
    },
  };
}
