/**
 * The texts of an input's members as they were sent, by the names the members have in S3's API ("VersionId"), before anything is checked or
 * made of them: who asks whether a caller may, asks before it is known whether the request can be read at all. Every dialect knows where its
 * requests carry a member. What a body holds is not among them, for it has not been read.
 */
export interface SentMembers {
  /** `undefined` when the member was not sent, or the operation has none of this name. */
  text(member: string): string | undefined;
}
