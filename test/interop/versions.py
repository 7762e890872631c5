"""boto3's rounds of versions, tags and locks against the endpoint in argv[1], which must be a new server. Prints OK at the end."""
import datetime
import io
import sys
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import ClientError

settings = dict(endpoint_url=sys.argv[1], config=Config(s3={"addressing_style": "path"}, signature_version="s3v4", retries={"max_attempts": 0}))
s3 = boto3.client("s3", **settings)
resource = boto3.resource("s3", **settings)
IN_PARTS = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
LARGE = bytes(range(256)) * 25_000


def refused(operation, **arguments):
    """The code and status of the error that an operation ends with."""
    try:
        answer = getattr(s3, operation)(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    raise AssertionError("%s succeeded: %s" % (operation, answer))


def equal(actual, expected):
    assert actual == expected, "%r instead of %r" % (actual, expected)


def tags(**arguments):
    return {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(**arguments)["TagSet"]}


def tag_set(**pairs):
    return {"TagSet": [{"Key": key, "Value": value} for key, value in pairs.items()]}


def versions_and_markers():
    bucket = resource.create_bucket(Bucket="boto-versions")
    equal(bucket.Versioning().status, None)
    s3.put_object(Bucket=bucket.name, Key="b", Body=b"before")
    bucket.Versioning().enable()
    equal(bucket.Versioning().status, "Enabled")
    ids = {}
    for key in ("a", "b", "c/ü", "c/z"):
        ids[key] = [s3.put_object(Bucket=bucket.name, Key=key, Body=b"%d" % turn)["VersionId"] for turn in range(3)]
    marker = s3.delete_object(Bucket=bucket.name, Key="b")
    equal(marker["DeleteMarker"], True)
    equal(refused("get_object", Bucket=bucket.name, Key="b"), ("NoSuchKey", 404))
    equal(refused("head_object", Bucket=bucket.name, Key="b"), ("404", 404))
    named = dict(Bucket=bucket.name, Key="b", VersionId=marker["VersionId"])
    equal(refused("get_object", **named), ("MethodNotAllowed", 405))
    equal(refused("head_object", **named), ("405", 405))
    equal(refused("get_object_tagging", **named), ("MethodNotAllowed", 405))
    equal(refused("get_object", Bucket=bucket.name, Key="a", VersionId=ids["b"][0]), ("NoSuchVersion", 404))
    equal(refused("copy_object", Bucket=bucket.name, Key="x", CopySource=named), ("InvalidRequest", 400))

    wanted = [("a", version) for version in reversed(ids["a"])]
    wanted += [("b", version) for version in [marker["VersionId"], *reversed(ids["b"]), "null"]]
    wanted += [(key, version) for key in ("c/z", "c/ü") for version in reversed(ids[key])]
    for size in (1, 2, 5, 1000):
        listed, latest = [], []
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket.name, PaginationConfig={"PageSize": size}):
            # boto3 has two lists of each page, of which neither says where the other's entries stand.
            entries = page.get("Versions", []) + page.get("DeleteMarkers", [])
            assert len(entries) <= size
            listed += [(entry["Key"], entry["VersionId"]) for entry in sorted(entries, key=lambda entry: wanted.index((entry["Key"], entry["VersionId"])))]
            latest += [(entry["Key"], entry["VersionId"]) for entry in entries if entry["IsLatest"]]
        equal(listed, wanted)
        equal(sorted(latest), sorted([("a", ids["a"][2]), ("b", marker["VersionId"]), ("c/z", ids["c/z"][2]), ("c/ü", ids["c/ü"][2])]))
    folded = s3.list_object_versions(Bucket=bucket.name, Delimiter="/", Prefix="c")
    equal([prefix["Prefix"] for prefix in folded["CommonPrefixes"]], ["c/"])

    equal(resource.ObjectVersion(bucket.name, "a", ids["a"][0]).get()["Body"].read(), b"0")
    equal(resource.ObjectVersion(bucket.name, "a", ids["a"][1]).head()["VersionId"], ids["a"][1])
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket.name, "Key": "a", "VersionId": ids["a"][1]})
    with urllib.request.urlopen(url) as answer:
        equal((answer.read(), answer.headers["x-amz-version-id"]), (b"1", ids["a"][1]))
    back = s3.copy_object(Bucket=bucket.name, Key="b", CopySource={"Bucket": bucket.name, "Key": "b", "VersionId": "null"})
    equal(back["CopySourceVersionId"], "null")
    equal(s3.get_object(Bucket=bucket.name, Key="b")["Body"].read(), b"before")

    objects = [{"Key": "a", "VersionId": ids["a"][2]}, {"Key": "b", "VersionId": marker["VersionId"]}, {"Key": "c/z"}, {"Key": "a", "VersionId": "no-id"}]
    answer = s3.delete_objects(Bucket=bucket.name, Delete={"Objects": objects})
    put_down = answer["Deleted"][2].pop("DeleteMarkerVersionId")
    equal(answer["Deleted"], [objects[0], {**objects[1], "DeleteMarker": True, "DeleteMarkerVersionId": marker["VersionId"]}, {"Key": "c/z", "DeleteMarker": True}])
    equal([error["Code"] for error in answer["Errors"]], ["NoSuchVersion"])
    equal(s3.get_object(Bucket=bucket.name, Key="a")["Body"].read(), b"1")
    equal([version.id for version in bucket.object_versions.filter(Prefix="c/z")], [*reversed(ids["c/z"]), put_down])

    bucket.Versioning().suspend()
    equal(bucket.Versioning().status, "Suspended")
    equal([s3.put_object(Bucket=bucket.name, Key="a", Body=b"s")["VersionId"] for _ in range(2)], ["null", "null"])
    equal(s3.delete_object(Bucket=bucket.name, Key="a")["VersionId"], "null")
    equal(len(list(bucket.object_versions.filter(Prefix="a"))), 3)
    equal(refused("delete_bucket", Bucket=bucket.name), ("BucketNotEmpty", 409))
    bucket.objects.delete()
    equal(refused("delete_bucket", Bucket=bucket.name), ("BucketNotEmpty", 409))
    bucket.object_versions.delete()
    bucket.delete()


def tags_of_objects_and_buckets():
    bucket = resource.create_bucket(Bucket="boto-tags")
    equal(refused("get_bucket_tagging", Bucket=bucket.name), ("NoSuchTagSet", 404))
    bucket.Tagging().put(Tagging=tag_set(team="green + blue"))
    equal(bucket.Tagging().tag_set, [{"Key": "team", "Value": "green + blue"}])
    bucket.Tagging().delete()
    equal(refused("get_bucket_tagging", Bucket=bucket.name), ("NoSuchTagSet", 404))
    bucket.Versioning().enable()
    put = s3.put_object(Bucket=bucket.name, Key="k", Body=b"", Tagging="colour=light%20blue&empty=")
    equal(tags(Bucket=bucket.name, Key="k"), {"colour": "light blue", "empty": ""})
    equal(s3.get_object(Bucket=bucket.name, Key="k")["TagCount"], 2)
    s3.put_object(Bucket=bucket.name, Key="k", Body=b"")
    equal(tags(Bucket=bucket.name, Key="k"), {})
    version = dict(Bucket=bucket.name, Key="k", VersionId=put["VersionId"])
    equal(s3.put_object_tagging(Tagging=tag_set(größe="10 m"), **version)["VersionId"], put["VersionId"])
    equal((tags(**version), tags(Bucket=bucket.name, Key="k")), ({"größe": "10 m"}, {}))
    s3.copy_object(Bucket=bucket.name, Key="copied", CopySource=version)
    equal(tags(Bucket=bucket.name, Key="copied"), {"größe": "10 m"})
    s3.copy_object(Bucket=bucket.name, Key="copied", CopySource=version, TaggingDirective="REPLACE", Tagging="new=1")
    equal(tags(Bucket=bucket.name, Key="copied"), {"new": "1"})
    s3.copy_object(Bucket=bucket.name, Key="copied", CopySource=version, TaggingDirective="REPLACE")
    equal(tags(Bucket=bucket.name, Key="copied"), {})
    equal(s3.delete_object_tagging(**version)["VersionId"], put["VersionId"])
    equal(tags(**version), {})
    s3.upload_fileobj(io.BytesIO(LARGE), bucket.name, "large", ExtraArgs={"Tagging": "size=large"}, Config=IN_PARTS)
    equal(tags(Bucket=bucket.name, Key="large"), {"size": "large"})
    equal(refused("put_object_tagging", Bucket=bucket.name, Key="k", Tagging={"TagSet": tag_set(a="1")["TagSet"] * 2}), ("InvalidTag", 400))
    equal(refused("put_object_tagging", Bucket=bucket.name, Key="k", Tagging=tag_set(**{"t%d" % n: "" for n in range(11)})), ("BadRequest", 400))
    equal(refused("put_object_tagging", Bucket=bucket.name, Key="gone", Tagging=tag_set(a="1")), ("NoSuchKey", 404))


def locks():
    s3.create_bucket(Bucket="boto-locks", ObjectLockEnabledForBucket=True)
    bucket = resource.Bucket("boto-locks")
    equal(bucket.Versioning().status, "Enabled")
    equal(refused("put_bucket_versioning", Bucket=bucket.name, VersioningConfiguration={"Status": "Suspended"}), ("InvalidBucketState", 409))
    version = dict(Bucket=bucket.name, Key="k", VersionId=s3.put_object(Bucket=bucket.name, Key="k", Body=b"kept")["VersionId"])
    for operation in ("get_object_retention", "get_object_legal_hold"):
        equal(refused(operation, **version), ("NoSuchObjectLockConfiguration", 404))
    until = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=1)
    s3.put_object_retention(Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until}, **version)
    equal(s3.get_object_retention(**version)["Retention"], {"Mode": "GOVERNANCE", "RetainUntilDate": until})
    earlier = until - datetime.timedelta(hours=1)
    equal(refused("put_object_retention", Retention={"Mode": "GOVERNANCE", "RetainUntilDate": earlier}, **version), ("AccessDenied", 403))
    equal(refused("delete_object", **version), ("AccessDenied", 403))
    listed = {"Objects": [{"Key": "k", "VersionId": version["VersionId"]}]}
    equal([error["Code"] for error in s3.delete_objects(Bucket=bucket.name, Delete=listed)["Errors"]], ["AccessDenied"])
    s3.put_object_retention(Retention={"Mode": "GOVERNANCE", "RetainUntilDate": earlier}, BypassGovernanceRetention=True, **version)
    s3.put_object_legal_hold(LegalHold={"Status": "ON"}, **version)
    head = s3.head_object(**version)
    equal((head["ObjectLockMode"], head["ObjectLockRetainUntilDate"], head["ObjectLockLegalHoldStatus"]), ("GOVERNANCE", earlier, "ON"))
    equal(refused("delete_object", BypassGovernanceRetention=True, **version), ("AccessDenied", 403))
    s3.put_object_legal_hold(LegalHold={"Status": "OFF"}, **version)
    equal(s3.get_object_legal_hold(**version)["LegalHold"], {"Status": "OFF"})
    deleted = s3.delete_objects(Bucket=bucket.name, Delete=listed, BypassGovernanceRetention=True)
    equal((deleted["Deleted"], "Errors" in deleted), (listed["Objects"], False))

    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 2}}
    s3.put_object_lock_configuration(Bucket=bucket.name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule})
    equal(s3.get_object_lock_configuration(Bucket=bucket.name)["ObjectLockConfiguration"], {"ObjectLockEnabled": "Enabled", "Rule": rule})
    s3.put_object(Bucket=bucket.name, Key="small", Body=b"by default")
    s3.upload_fileobj(io.BytesIO(LARGE), bucket.name, "large", Config=IN_PARTS)
    s3.copy({"Bucket": bucket.name, "Key": "large"}, bucket.name, "copied", Config=IN_PARTS)
    s3.upload_fileobj(io.BytesIO(b"held"), bucket.name, "held", ExtraArgs={"ObjectLockLegalHoldStatus": "ON"})
    for key in ("small", "large", "copied", "held"):
        head = s3.head_object(Bucket=bucket.name, Key=key)
        equal(head["ObjectLockMode"], "GOVERNANCE")
        # An object made of parts shows when its upload began, and is retained from when it was complete.
        equal((head["ObjectLockRetainUntilDate"] - head["LastModified"]).days, 2)
    equal(s3.get_object_legal_hold(Bucket=bucket.name, Key="held")["LegalHold"], {"Status": "ON"})
    s3.put_object_legal_hold(Bucket=bucket.name, Key="held", LegalHold={"Status": "OFF"})
    equal({error["Code"] for answer in bucket.object_versions.delete() for error in answer["Errors"]}, {"AccessDenied"})
    bucket.object_versions.delete(BypassGovernanceRetention=True)
    bucket.delete()


versions_and_markers()
tags_of_objects_and_buckets()
locks()
print("OK")
