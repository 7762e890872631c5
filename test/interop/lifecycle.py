"""Lifecycle rules by boto3, in their form of today and in that of S3's first rules. Prints OK, or fails."""

import datetime
import sys

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3", endpoint_url=sys.argv[1])
bucket = "ages"
s3.create_bucket(Bucket=bucket)


def refused(code, call, **arguments):
    try:
        call(Bucket=bucket, **arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response["Error"]["Message"]
    raise AssertionError(f"{call} was not refused")


midnight = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)
tags = [{"Key": "team", "Value": "blue"}, {"Key": "kind", "Value": "log"}]
rules = [
    {
        "ID": "logs",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "logs/", "Tags": tags, "ObjectSizeGreaterThan": 0}},
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}],
        "Expiration": {"Days": 365},
        "NoncurrentVersionTransitions": [{"NoncurrentDays": 1, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 1}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2},
    },
    {"ID": "dated", "Status": "Disabled", "Filter": {"Prefix": ""}, "Expiration": {"Date": midnight}},
    {
        "ID": "uploads",
        "Status": "Enabled",
        "Filter": {},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    },
]
assert refused("NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration)
s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
shown = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
assert shown == rules, shown

put = s3.put_object(Bucket=bucket, Key="logs/1", Body=b"x", Tagging="team=blue&kind=log")
assert 'rule-id="logs"' in put["Expiration"], put
assert s3.head_object(Bucket=bucket, Key="logs/1")["Expiration"] == put["Expiration"]
upload = s3.create_multipart_upload(Bucket=bucket, Key="large")
assert upload["AbortRuleId"] == "uploads" and upload["AbortDate"].hour == 0, upload
s3.abort_multipart_upload(Bucket=bucket, Key="large", UploadId=upload["UploadId"])

message = refused(
    "InvalidArgument",
    s3.put_bucket_lifecycle_configuration,
    LifecycleConfiguration={"Rules": [{"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 0}}]},
)
assert message == "'Days' for Expiration action must be a positive integer", message

if hasattr(s3, "put_bucket_lifecycle"):
    old = [{"ID": "old", "Prefix": "tmp/", "Status": "Enabled", "Expiration": {"Days": 3}}]
    s3.put_bucket_lifecycle(Bucket=bucket, LifecycleConfiguration={"Rules": old})
    assert s3.get_bucket_lifecycle(Bucket=bucket)["Rules"] == old
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == old

s3.delete_bucket_lifecycle(Bucket=bucket)
assert refused("NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration)
print("OK")
