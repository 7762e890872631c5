import type { ObjectErrorCode } from "../ErrorCode.ts";
import type { Explanation } from "../Explanation.ts";

/** Objects, versions, parts, checksums, conditions, tags, locks, encryption, annotations. */
export const objectsExplanations: Readonly<Record<ObjectErrorCode, Explanation>> = {
  AnnotationLimitExceeded: {
    cause: "The object already has as many annotations as an object may have.",
    remedy: "Delete one of them first, or put several facts into one annotation.",
    areas: ["annotation"],
    confidence: "documented",
  },
  AnnotationNameTooLong: {
    cause: "The name of the annotation is longer than allowed.",
    remedy: "Choose a shorter name.",
    areas: ["annotation"],
    confidence: "documented",
  },
  AnnotationRequestConflict: {
    cause: "Another request is writing the same annotation of the same object.",
    remedy: "Try again after a moment.",
    areas: ["annotation"],
    confidence: "documented",
  },
  BadDigest: {
    cause:
      "The body does not have the checksum or Content-MD5 that came with it: it changed on its way, or the value was computed of other bytes. Nothing was stored.",
    remedy:
      "Send it again. If it fails each time, compute the checksum of exactly the bytes sent, and look for software in between that rewrites bodies.",
    areas: ["general", "checksum", "multipart"],
    confidence: "observed",
    messages: [
      {
        text: "The Content-MD5 you specified did not match what we received.",
        when: "Content-MD5 does not fit. ExpectedDigest shows it in hexadecimal for PutObject and as sent elsewhere.",
      },
      {
        text: "The {ALGORITHM} you specified did not match the calculated checksum.",
        when: "A checksum header or trailer does not fit the body.",
        details: [],
      },
      {
        text: "The {algorithm} you specified did not match the calculated checksum.",
        when: "The checksum given for the whole object at the completion of a multipart upload does not fit, or x-amz-checksum-type: FULL_OBJECT is missing beside it.",
        details: [],
      },
      {
        text: "The {algorithm} you specified for part {n} did not match what we received.",
        when: "The checksum given for one part at the completion is of another algorithm than the upload's.",
        details: [],
      },
    ],
  },
  ConditionalRequestConflict: {
    cause:
      "While a write with If-Match or If-None-Match was under way, another request wrote or deleted the same key. A multipart upload is under way from its beginning.",
    remedy:
      "Read the object again and decide anew. A PutObject can then be repeated; a multipart upload has to be made again from its start.",
    areas: ["conditional", "object", "multipart"],
    confidence: "observed",
  },
  EncryptionTypeMismatch: {
    cause: "Data was to be appended to an object with another encryption than the object has.",
    remedy: "Send the encryption headers the object was made with.",
    areas: ["encryption", "directory-bucket"],
    confidence: "documented",
  },
  EntityTooLarge: {
    cause:
      "The object or part is larger than one request may carry: 5 GiB, or what the policy of a browser form allows. The body was not read.",
    remedy: "Upload it in parts; lib-storage, aws s3 cp and similar tools do so by themselves.",
    areas: ["general", "multipart", "post"],
    confidence: "observed",
  },
  EntityTooSmall: {
    cause:
      "A multipart upload was to be completed with a part other than the last that is smaller than 5 MiB, or a form's file is smaller than its policy wants. PartNumber names the part.",
    remedy: "Make every part but the last at least 5 MiB, upload the small ones again with more data, and complete again.",
    areas: ["general", "multipart", "post"],
    confidence: "observed",
  },
  GlacierExpeditedRetrievalNotAvailable: {
    cause: "An archived object was asked for in the fast way, and there is no capacity for that now.",
    remedy: "Try again later, or restore it in the standard way.",
    areas: ["object", "storage-class"],
    confidence: "documented",
  },
  IdempotencyParameterMismatch: {
    cause: "A RenameObject came with a client token that was used before for something else.",
    remedy: "Make a new token for each new request, and reuse one only to repeat the very same request.",
    areas: ["object", "directory-bucket"],
    confidence: "documented",
  },
  InvalidAnnotationName: {
    cause: "The name of the annotation has characters that are not allowed.",
    remedy: "Choose another name.",
    areas: ["annotation"],
    confidence: "documented",
  },
  InvalidChunkSizeError: {
    cause: "A signed aws-chunked body has a chunk below 8 KiB that is not the last one.",
    remedy: "Gather at least 8192 bytes for each chunk.",
    areas: ["aws-chunked"],
    confidence: "observed",
  },
  InvalidDigest: {
    cause: "Content-MD5 is not the base64 form of sixteen bytes; often the hexadecimal form was sent.",
    remedy: "Send the base64 of the binary MD5, 24 characters that end with ==.",
    areas: ["general", "checksum"],
    confidence: "observed",
  },
  InvalidEncryptionAlgorithmError: {
    cause: "An encryption header names an algorithm that S3 does not know at this place.",
    remedy: "Use one that the message lists.",
    areas: ["encryption"],
    confidence: "observed",
  },
  InvalidObjectState: {
    cause:
      "The object is archived and not restored, so its bytes cannot be read or copied now; or a restore was asked of an object that is not archived. StorageClass says where it lies.",
    remedy: "Restore it with RestoreObject and wait until HeadObject says it is done, or read another copy.",
    areas: ["general", "object", "storage-class"],
    confidence: "observed",
    messages: [
      { text: "The operation is not valid for the object's storage class", when: "An archived object was read." },
      { text: "Operation is not valid for the source object's storage class", when: "An archived object was to be copied." },
      {
        text: "Restore is not allowed for the object's current storage class",
        when: "An object that is not archived was to be restored.",
      },
    ],
  },
  InvalidPart: {
    cause:
      "The list that completes a multipart upload names a part that was never uploaded, or an ETag or checksum that the part does not have. Without an algorithm at CreateMultipartUpload parts have no checksums.",
    remedy:
      "Compare the list with ListParts; take each ETag and checksum from the answer of its UploadPart, also after a part was sent twice, and list checksums only for an upload that named an algorithm.",
    areas: ["multipart"],
    confidence: "observed",
  },
  InvalidPartNumber: {
    cause: "A part was asked for by a number higher than the object has parts.",
    remedy: "Ask for a part up to ActualPartCount; an object of one PutObject has one part.",
    areas: ["general", "object", "multipart"],
    confidence: "observed",
  },
  InvalidPartOrder: {
    cause: "The list that completes a multipart upload is not in ascending order of part numbers, or has a number twice.",
    remedy: "Sort the list by part number and name each part once.",
    areas: ["multipart"],
    confidence: "observed",
  },
  InvalidRange: {
    cause:
      "The range begins at or behind the end of the object, or asks for nothing. The last bytes of an empty object are no such range: they are the whole of it.",
    remedy:
      "Look at ActualObjectSize; offsets count from 0, so the last byte is its number less one. A client that resumes a finished download sees this as well.",
    areas: ["general", "object"],
    confidence: "observed",
  },
  InvalidRedirectLocation: {
    cause: "The redirect location of an object for websites is neither a path nor a web address.",
    remedy: "Begin it with /, http:// or https://.",
    areas: ["website", "object"],
    confidence: "observed",
  },
  InvalidRetentionPeriod: {
    cause:
      "The default retention of a bucket is zero or less. S3 answers InvalidArgument; this code is known from other stores' tests only.",
    remedy: "Give a whole number of days or years above zero.",
    areas: ["object-lock"],
    confidence: "inferred",
  },
  InvalidStorageClass: {
    cause: "The storage class does not exist, or cannot be used at this place.",
    remedy: "Use one S3 has, such as STANDARD or STANDARD_IA, in capitals and with underscores, or leave the header out.",
    areas: ["general", "object", "storage-class"],
    confidence: "observed",
  },
  InvalidTag: {
    cause: "A tag's key or value is empty, too long, repeated or reserved, or has characters that tags may not have.",
    remedy: "Keep keys to 128 and values to 256 characters, each key once, and none that begins with aws:.",
    areas: ["tagging"],
    confidence: "observed",
    messages: [
      {
        text: "The TagKey you have provided is invalid",
        when: "The key is empty, too long or has characters that are not allowed.",
        details: ["TagKey"],
      },
      {
        text: "The TagValue you have provided is invalid",
        when: "The value is too long or has characters that are not allowed.",
      },
      { text: "Cannot provide multiple Tags with the same key", when: "The same key came twice.", details: ["TagKey"] },
      {
        text: "System tags cannot be added/updated by requester",
        when: "A bucket's tag was to begin with aws:.",
        details: ["TagKey"],
      },
      { text: "Your TagKey cannot be prefixed with aws:", when: "An object's tag was to begin with aws:.", details: ["TagKey"] },
      {
        text: "There are duplicate tag keys in your request. Remove the duplicate tag keys and try again.",
        when: "TagResource of the control interface: the same key came twice.",
        details: [],
      },
      {
        text: 'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.',
        when: "TagResource of the control interface: a key begins with aws:.",
        details: [],
      },
      {
        text: "This request contains a tag key or value that isn't valid. Valid characters include the following: [a-zA-Z+-=._:/]. Tag keys can contain up to 128 characters. Tag values can contain up to 256 characters.",
        when: "TagResource of the control interface: a key or value is too long or has characters that are not allowed.",
        details: [],
      },
    ],
  },
  InvalidWriteOffset: {
    cause: "Data was to be appended to an object at a place that is not its end.",
    remedy: "Ask for the object's size with HeadObject and append there.",
    areas: ["object", "directory-bucket"],
    confidence: "documented",
  },
  KeyTooLongError: {
    cause: "The key is longer than 1024 bytes of UTF-8. Letters outside ASCII take two to four bytes each.",
    remedy: "Shorten the key; Size says how long it is.",
    areas: ["general", "object"],
    confidence: "observed",
  },
  "KMS.DisabledException": {
    cause: "The key of the key management service that encrypts the object is disabled.",
    remedy: "Enable the key, or encrypt with another one.",
    areas: ["encryption", "kms"],
    confidence: "observed",
  },
  "KMS.InvalidKeyUsageException": {
    cause: "The key named is not one for symmetric encryption.",
    remedy: "Use a symmetric encryption key.",
    areas: ["encryption", "kms"],
    confidence: "documented",
    messages: [{ text: "{arn} key usage is not valid for this operation.", when: "The key of Vault's only signs, for instance." }],
  },
  "KMS.KMSInvalidStateException": {
    cause:
      "The key of the key management service cannot be used in its present state, most often because it waits for its deletion.",
    remedy: "Cancel the deletion, or encrypt with another key.",
    areas: ["encryption", "kms"],
    confidence: "observed",
    messages: [
      { text: "{arn} is pending deletion.", when: "The key waits for its deletion." },
      {
        text: "{arn} is not in a valid state for this operation.",
        when: "Vault bars the version of the key that the object was encrypted with.",
      },
    ],
  },
  "KMS.NotFoundException": {
    cause: "The key management service has no key of this name here.",
    remedy: "Check the key's id, account and region.",
    areas: ["encryption", "kms"],
    confidence: "observed",
    messages: [
      { text: "Invalid keyId '{keyId}'", when: "The key id is none." },
      { text: "Key '{arn}' does not exist", when: "No key has this name, or it has been deleted." },
      { text: "Alias {arn} is not found.", when: "No key has this alias." },
      { text: "Invalid arn {region}", when: "The name lies in another region." },
    ],
  },
  MetadataTooLarge: {
    cause: "Names and values of the x-amz-meta- headers are larger than 2 KB together, in UTF-8 and with encoded words decoded.",
    remedy:
      "Shorten them, or keep the facts in an object or database of their own. Size says how large they are: raw bytes beyond US-ASCII " +
      "count twice, because they are taken for Latin-1; send such text as encoded words of RFC 2047.",
    areas: ["general", "object"],
    confidence: "observed",
  },
  NoSuchAnnotation: {
    cause: "The object has no annotation of this name.",
    remedy: "Ask for the names with ListObjectAnnotations.",
    areas: ["annotation"],
    confidence: "observed",
  },
  NoSuchKey: {
    cause:
      "The bucket has no object under exactly this key: it was never written, was deleted, or is spelt differently. After a delete in a bucket with versioning the answer carries x-amz-delete-marker.",
    remedy:
      "List the bucket with the beginning of the key as prefix. Keys are case-sensitive and do not begin with a slash unless one was written.",
    areas: ["general", "object", "website"],
    confidence: "observed",
  },
  NoSuchObjectLockConfiguration: {
    cause: "The object has no retention and no legal hold to be read.",
    remedy: "Treat it as not locked.",
    areas: ["object-lock"],
    confidence: "observed",
  },
  NoSuchUpload: {
    cause:
      "No multipart upload of this id is under way for this key: it was completed or aborted, or the id or the key is not the one that CreateMultipartUpload answered.",
    remedy:
      "If it was just completed, look whether the object is there; otherwise begin a new upload. ListMultipartUploads shows those under way.",
    areas: ["general", "multipart"],
    confidence: "observed",
  },
  NoSuchVersion: {
    cause:
      "The version id is well formed, and the key has no version of it. Of a bucket that never had versioning, only DeleteObjects says so, key by key; other operations answer InvalidArgument.",
    remedy: "List the key's versions with ListObjectVersions; a version that was deleted by its id is gone for good.",
    areas: ["general", "object", "versioning"],
    confidence: "observed",
  },
  NotModified: {
    cause:
      "The client asked for the object only if it changed (If-None-Match, If-Modified-Since), and it did not. No error, and never with a body. A time in the future counts as none.",
    remedy: "Use the copy you have.",
    areas: ["general", "object", "conditional"],
    confidence: "observed",
  },
  ObjectAlreadyInActiveTierError: {
    cause: "A restore was asked of an object that can be read already.",
    remedy: "Read it.",
    areas: ["object", "storage-class"],
    confidence: "documented",
  },
  ObjectNotInActiveTierError: {
    cause: "An archived object was to be copied before it was restored. The wire has InvalidObjectState for it.",
    remedy: "Restore the object first, then copy it.",
    areas: ["object", "storage-class", "copy"],
    confidence: "documented",
  },
  PreconditionFailed: {
    cause:
      "A condition of the request does not hold: the object is not the one If-Match names, exists in spite of If-None-Match: *, or has changed since. Condition names the header.",
    remedy:
      "Read the object's present ETag and decide anew whether to write; that another writer came first is what this answer is for.",
    areas: ["general", "object", "conditional", "post"],
    confidence: "observed",
  },
  RestoreAlreadyInProgress: {
    cause: "The object is being restored already.",
    remedy: "Wait until HeadObject says that the restore is done.",
    areas: ["object", "storage-class"],
    confidence: "observed",
  },
  TooManyParts: {
    cause: "Appending would give the object more than 10,000 parts.",
    remedy: "Write the object anew in one piece, then go on appending.",
    areas: ["multipart", "directory-bucket"],
    confidence: "documented",
  },
  UnsupportedMediaType: {
    cause: "The content of the annotation has a type that is not accepted.",
    remedy: "Send a type the operation lists.",
    areas: ["annotation"],
    confidence: "documented",
  },
  UserAnnotationNameMustBeSpecified: {
    cause: "The request is about an annotation and does not name one.",
    remedy: "Give the name of the annotation in the query.",
    areas: ["annotation"],
    confidence: "observed",
  },
};
