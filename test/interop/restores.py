"""boto3's round of storage classes and restores against the endpoint in argv[1], which must be a new server. Prints OK at the end."""
import sys

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

settings = dict(endpoint_url=sys.argv[1], config=Config(s3={"addressing_style": "path"}, signature_version="s3v4", retries={"max_attempts": 0}))
s3 = boto3.client("s3", **settings)
LARGE = bytes(range(256)) * 25_000
ARCHIVED = dict(Bucket="boto-restores", Key="archived")


def refused(operation, **arguments):
    """The error that an operation ends with."""
    try:
        answer = getattr(s3, operation)(**arguments)
    except ClientError as error:
        return error
    raise AssertionError("%s succeeded: %s" % (operation, answer))


def equal(actual, expected):
    assert actual == expected, "%r instead of %r" % (actual, expected)


s3.create_bucket(Bucket="boto-restores")
s3.put_object(StorageClass="DEEP_ARCHIVE", Body=LARGE, **ARCHIVED)
equal(s3.head_object(**ARCHIVED)["StorageClass"], "DEEP_ARCHIVE")
error = refused("get_object", **ARCHIVED)
assert isinstance(error, s3.exceptions.InvalidObjectState), error
equal(error.response["Error"]["StorageClass"], "DEEP_ARCHIVE")
source = dict(Bucket="boto-restores", Key="copy", CopySource=ARCHIVED)
equal(refused("copy_object", **source).response["Error"]["Code"], "InvalidObjectState")
equal(
    refused("restore_object", RestoreRequest={"Days": 1, "GlacierJobParameters": {"Tier": "Expedited"}}, **ARCHIVED).response["Error"]["Message"],
    "Retrieval option is not supported by this storage class",
)
request = {"Days": 2, "GlacierJobParameters": {"Tier": "Bulk"}}
equal(s3.restore_object(RestoreRequest=request, **ARCHIVED)["ResponseMetadata"]["HTTPStatusCode"], 202)
equal(s3.restore_object(RestoreRequest={"Days": 3}, **ARCHIVED)["ResponseMetadata"]["HTTPStatusCode"], 200)
assert s3.head_object(**ARCHIVED)["Restore"].startswith('ongoing-request="false", expiry-date="'), s3.head_object(**ARCHIVED)
equal(s3.get_object(**ARCHIVED)["Body"].read(), LARGE)
s3.copy_object(StorageClass="STANDARD", MetadataDirective="COPY", **dict(source, Key="archived"))
equal("StorageClass" in s3.head_object(**ARCHIVED), False)
equal(s3.get_object(**ARCHIVED)["Body"].read(), LARGE)
error = refused("restore_object", RestoreRequest={"Days": 1}, **ARCHIVED)
equal(error.response["Error"]["Message"], "Restore is not allowed for the object's current storage class")
print("OK")
