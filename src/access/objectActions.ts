import type { Need } from "./Question.ts";

/**
 * Actions on what an object is, which belongs to whoever owns the object, and not the bucket: its bytes, its ACL, its tags. To delete it, or
 * to put another one in its place, is a matter of the bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-auth-workflow-object-operation.html
 */
const ABOUT_PRESENT_OBJECTS: ReadonlySet<string> = new Set([
  "s3:GetObject",
  "s3:GetObjectVersion",
  "s3:GetObjectAttributes",
  "s3:GetObjectVersionAttributes",
  "s3:GetObjectAcl",
  "s3:GetObjectVersionAcl",
  "s3:PutObjectAcl",
  "s3:PutObjectVersionAcl",
  "s3:GetObjectTagging",
  "s3:GetObjectVersionTagging",
  "s3:PutObjectTagging",
  "s3:PutObjectVersionTagging",
  "s3:DeleteObjectTagging",
  "s3:DeleteObjectVersionTagging",
  "s3:GetObjectTorrent",
  "s3:GetObjectVersionTorrent",
]);

/** True for an action that the owner of an object has a say in. */
export function isAboutPresentObject({ action, ofNewObject }: Pick<Need, "action" | "ofNewObject">): boolean {
  return ofNewObject !== true && ABOUT_PRESENT_OBJECTS.has(action);
}
