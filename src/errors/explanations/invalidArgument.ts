import type { MessageVariant } from "../Explanation.ts";

/** The texts of InvalidArgument. */
export const invalidArgumentMessages: readonly MessageVariant[] = [
  { text: "Invalid Argument", when: "An argument is wrong in a way that has no text of its own.", confidence: "documented" },
  {
    text: "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
    when: "Two of the Authorization header, a Signature or an X-Amz-Algorithm in the query came in one request.",
  },
  { text: "Unsupported Authorization Type", when: "The Authorization header begins with neither AWS nor AWS4-HMAC-SHA256." },
  {
    text: "Authorization header is invalid -- one and only one ' ' (space) required",
    when: "The Authorization header is not one word, a space and the rest.",
  },
  {
    text: "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature",
    when: "A version 2 Authorization header has no colon between access key and signature.",
  },
  {
    text: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
    when: "x-amz-content-sha256 is neither 64 hexadecimal digits nor one of the words S3 knows.",
  },
  {
    text: "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
    when: "An object encrypted with KMS was asked for with signature version 2 or without one.",
  },
  {
    text: "Header value cannot be represented using ISO-8859-1.",
    when: "A response-… parameter has characters that a header cannot carry.",
  },
  {
    text: "Bucket POST must contain a field named '{field}'.  If it is specified, please check the order of the fields.",
    when: "A browser form lacks the field, or sends it after the file.",
  },
  { text: "POST requires exactly one file upload per request.", when: "A browser form has no file." },
  {
    text: "the region '{region}' is wrong; expecting '{expected}'",
    when: "A browser form was signed for another region.",
    details: ["ArgumentName", "ArgumentValue", "Region"],
  },
  { text: "X-Amz-Date must be formated via ISO8601 Long format", when: "A browser form's X-Amz-Date cannot be read." },
  { text: "Only AWS4-HMAC-SHA256 is supported", when: "A browser form names another signing algorithm.", confidence: "inferred" },
  { text: "Conflicting query string parameters: {a}, {b}", when: "Two subresources were asked for at once." },
  { text: "Unexpected query string parameter", when: "A subresource was asked of something that does not have it." },
  { text: "This operation does not accept a version-id.", when: "A versionId was sent to an operation that knows none." },
  {
    text: "This operation does not accept partNumber without uploadId",
    when: "A part number was sent without the id of its upload. ArgumentValue is the word partNumber.",
  },
  {
    text: "Mfa header is invalid -- the header should be formatted as {serialNumber}(space){tokenCode}",
    when: "x-amz-mfa is not two words with one space between them.",
  },
  { text: "Version id cannot be the empty string", when: "versionId is there and empty." },
  {
    text: "Invalid version id specified",
    when: 'versionId has not the form of a version id, or names a version in a bucket that never had versioning; such a bucket\'s objects have only "null".',
  },
  { text: "The website parameter must not have a value", when: "?website was sent with a value." },
  {
    text: "Provided {max-keys|max-uploads|max-parts|max-buckets|part-number-marker} not an integer or within integer range",
    when: "A list's limit or marker is no whole number of 32 bits. An empty one is as good as none.",
  },
  {
    text: "Argument {maxKeys|max-uploads|max-parts|part-number-marker} must be an integer between 0 and 2147483647",
    when: "A list's limit or marker is below zero.",
  },
  { text: "max-keys cannot be negative", when: "ListObjectVersions: the limit is below zero." },
  { text: "Argument max-buckets must be an integer between 1 and 10000", when: "ListBuckets: the limit is not from 1 to 10000." },
  {
    text: "Argument value {value} is not a valid AWS Region",
    when: "ListBuckets: bucket-region is no region.",
    details: ["ArgumentName"],
  },
  {
    text: "Requests with bucket-region specified must be made to the corresponding regional endpoint",
    when: "ListBuckets: bucket-region is not the region of this endpoint.",
    details: ["ArgumentName"],
  },
  {
    text: "Invalid Encoding Method specified in Request",
    when: "encoding-type is there and not url, in any case of its letters; an empty one is refused as well.",
  },
  {
    text: "The continuation token provided is incorrect",
    when: "ListObjectsV2: the token was not issued by this server, was changed, or is empty.",
    details: ["ArgumentName"],
  },
  {
    text: "startAfter only supported in REST.GET.BUCKET with list-type=2",
    when: "start-after was sent with the first version of the list.",
  },
  {
    text: "A version-id marker cannot be specified without a key marker.",
    when: "ListObjectVersions: a marker for versions without the key it belongs to.",
  },
  { text: "A version-id marker cannot be empty.", when: "ListObjectVersions: the marker for versions is there and empty." },
  { text: "Invalid uploadId marker", when: "ListMultipartUploads: the marker names no upload of the key marker." },
  {
    text: "Invalid attribute name specified.",
    when: "GetObjectAttributes: an attribute does not exist.",
  },
  { text: "Part number must be an integer between 1 and 10000, inclusive", when: "A part number is not from 1 to 10000." },
  { text: "PartNumber must be >= 1", when: "CompleteMultipartUpload: a part's number is below 1." },
  {
    text: "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
    when: "UploadPartCopy: the range is not of the form bytes=0-99.",
  },
  {
    text: "Range specified is not valid for source object of size: {size}",
    when: "UploadPartCopy: the range ends behind the source.",
  },
  { text: "RANGE is not supported in Copy!", when: "CopyObject: a Range header came." },
  { text: "Invalid copy source object key", when: "The copy source names no key." },
  {
    text: "Invalid copy source bucket name",
    when: "The copy source's bucket is missing, or has a name that no bucket can have.",
  },
  { text: "Invalid copy source encoding", when: "The copy source is not percent-encoded correctly.", confidence: "inferred" },
  {
    text: "You can only specify a copy source header for copy requests.",
    when: "A copy source was sent to an operation that copies nothing.",
    confidence: "inferred",
  },
  {
    text: "Unknown metadata directive.",
    when: "x-amz-metadata-directive has a value other than COPY and REPLACE.",
    confidence: "inferred",
  },
  {
    text: "Unknown tagging directive.",
    when: "x-amz-tagging-directive has a value other than COPY and REPLACE.",
    confidence: "inferred",
  },
  {
    text: "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    when: "x-amz-tagging is not of the form key=value&key=value (a key is empty, or a value holds a bare equals sign), or has a key twice.",
  },
  {
    text: "Invalid Base64 or multiple checksums present in request",
    when: "CompleteMultipartUpload: a part has several checksums, or one that is not base64.",
    confidence: "inferred",
  },
  { text: "", when: "x-amz-acl is no canned ACL; the message is empty." },
  { text: "Argument format not recognized", when: 'A grant header is not of the form id="…".' },
  { text: "Invalid id", when: "A grant names a user that does not exist." },
  { text: "Invalid group uri", when: "A grant names a group that does not exist." },
  {
    text: "Invalid x-amz-object-ownership header: {value}",
    when: "x-amz-object-ownership is none of the three settings.",
    details: ["ArgumentName"],
  },
  {
    text: "The retain until date must be provided in ISO 8601 format",
    when: "A retention date cannot be read.",
    confidence: "inferred",
  },
  { text: "The retain until date must be in the future!", when: "A retention date lies in the past." },
  { text: "Unknown wormMode directive.", when: "A lock mode is neither GOVERNANCE nor COMPLIANCE." },
  { text: "Legal Hold must be either of 'ON' or 'OFF'", when: "A legal hold is neither ON nor OFF.", confidence: "inferred" },
  {
    text: "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
    when: "Of lock mode and retention date only one came.",
    details: ["ArgumentName"],
  },
  {
    text: "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
    when: "x-amz-bypass-governance-retention came, whatever it says, for a bucket without Object Lock.",
    details: ["ArgumentName"],
  },
  {
    text: "Default retention period must be a positive integer value.",
    when: "The default retention is zero or less.",
    confidence: "inferred",
  },
  { text: "Default retention period too large.", when: "The default retention is longer than allowed.", confidence: "inferred" },
  {
    text: "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.",
    when: "A customer's key was sent over plain HTTP.",
    details: ["ArgumentName"],
  },
  {
    text: "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.",
    when: "A customer's key came without its algorithm.",
    details: ["ArgumentName"],
  },
  {
    text: "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.",
    when: "A customer's key is announced and absent.",
    details: ["ArgumentName"],
  },
  {
    text: "Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.",
    when: "A customer's key came without its MD5.",
    details: ["ArgumentName"],
  },
  {
    text: "The secret key was invalid for the specified algorithm.",
    when: "A customer's key has the wrong length; PutObject also says so when its MD5 is absent.",
    details: ["ArgumentName"],
  },
  { text: "The secret key was invalid - too short.", when: "A customer's key is too short." },
  {
    text: "The secret key was improperly encoded. The secret key must be Base64 encoded.",
    when: "A customer's key in a browser form is not base64.",
  },
  {
    text: "The calculated MD5 hash of the key did not match the hash that was provided.",
    when: "A customer's key and its MD5 do not belong together.",
    details: ["ArgumentName"],
  },
  {
    text: "Server Side Encryption with Customer provided key is incompatible with the encryption method specified",
    when: "A customer's key came together with a request for the server's encryption.",
  },
  {
    text: "The encryption method specified is not supported",
    when: "x-amz-server-side-encryption is no encryption that objects can have; also where it is empty.",
  },
  {
    text: "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
    when: "A key, a context or a bucket's key of KMS came, and the encryption asked for is none of KMS's.",
  },
  {
    text: "Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.",
    when: "The bytes of an object under a key of KMS were to come or go over plain HTTP.",
    details: ["ArgumentName"],
  },
  {
    text: "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
    when: "The context for KMS is not the base64 of a JSON object of texts.",
  },
  {
    text: "x-amz-server-side-encryption header is not supported for this operation.",
    when: "The server's encryption was asked for where the upload has decided it.",
  },
  {
    text: "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
    when: "A key id was given with an encryption that has no key.",
    details: ["ArgumentName"],
  },
  { text: "The IndexDocument Suffix is not well formed", when: "The website's index document is empty or contains a slash." },
  { text: "The ErrorDocument Key is not well formed", when: "The website's error document is empty.", confidence: "inferred" },
  {
    text: "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
    when: "The website has neither an index document nor a redirect for everything.",
  },
  {
    text: "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
    when: "The website redirects everything and has routing rules as well.",
  },
  { text: "'Date' must be at midnight GMT", when: "A lifecycle rule's date is not at midnight." },
  { text: "ID length should not exceed allowed limit of 255", when: "A lifecycle rule's id has more than 255 characters." },
  { text: "Rule ID must be unique. Found same ID for more than one rule", when: "Two lifecycle rules have one id." },
  {
    text: "Specified prefix is longer than maximum allowed key length of 1024",
    when: "A lifecycle rule's prefix is longer than any key.",
    confidence: "inferred",
  },
  {
    text: "'{element}' for {action} action must be a positive integer",
    when: "A lifecycle rule has a number of days, or of versions to keep, below 1.",
  },
  {
    text: "'{element}' in {action} action must be nonnegative",
    when: "A transition of a lifecycle rule has a number of days below 0.",
    confidence: "inferred",
  },
  {
    text: "'{element}' in {action} action must be greater than or equal to {days} for storageClass '{class}'",
    when: "A lifecycle rule moves objects to STANDARD_IA or ONEZONE_IA before they are 30 days old.",
  },
  {
    text: "'{element}' in the '{action}' action for StorageClass '{class}' for {filter} must be {days} days more than '{filter}' in the '{action}' action for StorageClass '{other}'",
    when: "A lifecycle rule moves objects on sooner than a storage class charges for: 30 days after STANDARD_IA and ONEZONE_IA, 90 after GLACIER_IR and GLACIER.",
  },
  {
    text: "'{element}' in the '{action}' action for StorageClass '{class}' for {filter} must be greater than '{element}' in the '{action}' action for StorageClass '{other}' for {filter}",
    when: "The transitions of a lifecycle rule are not in the order of the storage classes.",
    confidence: "inferred",
  },
  {
    text: "'{element}' in the {expiration} action for {filter} must be greater than '{element}' in the {transition} action",
    when: "A lifecycle rule expires objects no later than it moves them.",
  },
  { text: "The ARN could not be parsed", when: "A notification's destination is no ARN." },
  {
    text: "Unable to validate the following destination configurations",
    when: "Notification destinations do not exist or cannot be written to; each has a numbered pair of details.",
    details: ["ArgumentName1", "ArgumentValue1", "ArgumentName2", "ArgumentValue2"],
  },
  {
    text: "Rule ID must not contain non-ASCII characters.",
    when: "A replication rule's id has characters outside ASCII.",
    confidence: "documented",
  },
  {
    text: "ReplicationTime-Status must contain a value.",
    when: "A replication rule has a time control without status.",
    confidence: "documented",
  },
  {
    text: "Replication-ReplicationTimeValue-Minutes value must be 15.",
    when: "A replication rule has another time than 15 minutes.",
    confidence: "documented",
  },
  {
    text: "ReplicationMetrics must contain a Status.",
    when: "A replication rule has metrics without status.",
    confidence: "documented",
  },
  {
    text: "restoration days should be at least 1",
    when: "RestoreObject asks for no days, or for more than can be.",
    confidence: "inferred",
  },
  {
    text: "Retrieval option is not supported by this storage class",
    when: "RestoreObject asks for DEEP_ARCHIVE by the tier Expedited.",
    confidence: "inferred",
  },
  {
    text: "INTELLIGENT_TIERING objects are not subject to restore expiry. Do not specify Days when restoring this object",
    when: "RestoreObject names Days for an object of INTELLIGENT_TIERING.",
  },
  {
    text: "The specified argument must have a length greater than or equal to 3.",
    when: "A bucket's name in an argument has fewer than three characters.",
    confidence: "documented",
  },
  {
    text: "filter rule name must be either prefix or suffix",
    when: "A notification's filter is for something other than prefix or suffix.",
  },
];
