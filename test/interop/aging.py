"""boto3's round of lifecycle against the endpoint in argv[1], in two steps, between which the clock goes on for 40 days. Prints OK at the end."""
import json
import sys

import boto3
from botocore.client import Config

s3 = boto3.client("s3", endpoint_url=sys.argv[1], config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}))
step = json.load(sys.stdin)
BUCKET = "boto3"
RULES = [
    {
        "ID": "logs",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "logs/", "Tags": [{"Key": "keep", "Value": "no"}]}},
        "Expiration": {"Days": 30},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 1},
    },
    {"ID": "uploads", "Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3}},
    {"ID": "archive", "Status": "Enabled", "Filter": {"Prefix": "archive/"}, "Transitions": [{"Days": 0, "StorageClass": "GLACIER"}]},
]


def equal(actual, expected):
    assert actual == expected, "%r instead of %r" % (actual, expected)


def begin():
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": RULES})
    equal(s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"], RULES)
    answer = s3.put_object(Bucket=BUCKET, Key="logs/old", Body=b"x", Tagging="keep=no")
    assert 'rule-id="logs"' in answer["Expiration"], answer
    equal(s3.head_object(Bucket=BUCKET, Key="logs/old")["Expiration"], answer["Expiration"])
    assert "Expiration" not in s3.put_object(Bucket=BUCKET, Key="logs/kept", Body=b"x")
    s3.put_object(Bucket=BUCKET, Key="archive/a", Body=bytes(200_000))
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="parts")
    equal(upload["AbortRuleId"], "uploads")


def is_done():
    keys = {one["Key"]: one["StorageClass"] for one in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])}
    uploads = s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
    return keys == {"logs/kept": "STANDARD", "archive/a": "GLACIER"} and uploads == []


if step == "begin":
    begin()
    print("OK")
else:
    print("OK" if is_done() else "not yet")
