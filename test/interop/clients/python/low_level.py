"""boto3's low-level calls, as programs make them that use no transfer helper. argv: endpoint, rounds. Prints a
line for each round: OK, or what differed."""
import base64
import hashlib
import sys
import zlib

import urllib3
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from boto3_client import client
from content import CONTENT, CRC64NVME, PARTS, md5, members, multipart_etag, play, same

endpoint = sys.argv[1]
s3 = client(endpoint)


def text(digest):
    return base64.b64encode(digest).decode()


DIGESTS = {
    "CRC32": lambda content: zlib.crc32(content).to_bytes(4, "big"),
    "SHA1": lambda content: hashlib.sha1(content).digest(),
    "SHA256": lambda content: hashlib.sha256(content).digest(),
}


def checksum(algorithm, content):
    return text(DIGESTS[algorithm](content))


def composite(algorithm, parts):
    return "%s-%d" % (text(DIGESTS[algorithm](b"".join(map(DIGESTS[algorithm], parts)))), len(parts))


def refused(code, message, call, **request):
    try:
        call(**request)
    except ClientError as error:
        same((error.response["Error"]["Code"], error.response["Error"]["Message"]), (code, message), "the refusal")
        return error.response["Error"]
    raise AssertionError("%s was not refused with %s" % (call.__name__, code))


def upload_parts(key, upload_id, **more):
    """Uploads PARTS and returns what completion needs of each; checks that S3 gives back the checksum boto3 sent."""
    algorithm = more.get("ChecksumAlgorithm", "CRC32")
    sent = []
    for number, part in enumerate(PARTS, 1):
        answer = s3.upload_part(Bucket=B, Key=key, UploadId=upload_id, PartNumber=number, Body=part, **more)
        same(answer["ETag"], '"%s"' % md5(part), "the ETag of part %d" % number)
        same(answer.get("Checksum" + algorithm), checksum(algorithm, part), "the checksum of part %d" % number)
        sent.append({"PartNumber": number, "ETag": answer["ETag"]})
    return sent


def is_whole(key, **checksums):
    """The object has its content and ETag, whole, by part and by range, and these checksums."""
    etag = multipart_etag(PARTS)
    got = s3.get_object(Bucket=B, Key=key)
    same(got["Body"].read() == CONTENT, True, "the content of %s read whole" % key)
    same(got["ETag"], etag, "the ETag")
    same(members(got, *checksums), checksums, "the checksums of GET")
    head = s3.head_object(Bucket=B, Key=key, ChecksumMode="ENABLED")
    same((head["ETag"], head["ContentLength"], head.get("PartsCount")), (etag, len(CONTENT), None), "HEAD")
    same(members(head, *checksums), checksums, "the checksums of HEAD")
    part = s3.get_object(Bucket=B, Key=key, PartNumber=2)
    same(part["Body"].read() == PARTS[1], True, "the content of part 2")
    same((part["PartsCount"], part["ContentLength"], part["ETag"]), (len(PARTS), len(PARTS[1]), etag), "part 2")
    over = len(PARTS[0])
    piece = s3.get_object(Bucket=B, Key=key, Range="bytes=%d-%d" % (over - 10, over + 9))
    same(piece["Body"].read(), CONTENT[over - 10 : over + 10], "a range over two parts")
    everything = s3.get_object(Bucket=B, Key=key, Range="bytes=0-")
    same(everything["Body"].read() == CONTENT, True, "the content of a range that is everything")
    same(members(everything, *checksums), checksums, "the checksums of a range that is everything")
    known = s3.get_object_attributes(Bucket=B, Key=key, ObjectAttributes=["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"])
    same(members(known, "ETag", "ObjectSize", "StorageClass"), {"ETag": etag.strip('"'), "ObjectSize": len(CONTENT), "StorageClass": "STANDARD"}, "the attributes")
    # Here a composite checksum goes without the number of its parts.
    same(known["Checksum"], {name: value.split("-")[0] for name, value in checksums.items()}, "the checksum among the attributes")
    same(known["ObjectParts"]["TotalPartsCount"], len(PARTS), "the number of parts among the attributes")
    return known


def multipart_with_nothing_set():
    upload = s3.create_multipart_upload(Bucket=B, Key="k")
    same(members(upload, "Bucket", "Key", "ChecksumAlgorithm", "ChecksumType"), {"Bucket": B, "Key": "k", "ChecksumAlgorithm": None, "ChecksumType": None}, "the upload")
    going = s3.list_multipart_uploads(Bucket=B)["Uploads"]
    same([members(u, "Key", "UploadId") for u in going], [{"Key": "k", "UploadId": upload["UploadId"]}], "the uploads under way")
    sent = upload_parts("k", upload["UploadId"])
    listed = s3.list_parts(Bucket=B, Key="k", UploadId=upload["UploadId"])["Parts"]
    same([members(p, "PartNumber", "ETag", "Size", "ChecksumCRC32") for p in listed], [dict(p, Size=len(PARTS[p["PartNumber"] - 1]), ChecksumCRC32=None) for p in sent], "the parts")
    done = s3.complete_multipart_upload(Bucket=B, Key="k", UploadId=upload["UploadId"], MultipartUpload={"Parts": sent})
    expected = {"ETag": multipart_etag(PARTS), "ChecksumCRC64NVME": CRC64NVME, "ChecksumType": "FULL_OBJECT", "ChecksumCRC32": None}
    same(members(done, *expected), expected, "the completion")
    is_whole("k", ChecksumCRC64NVME=CRC64NVME, ChecksumType="FULL_OBJECT")
    listed = s3.list_objects_v2(Bucket=B)["Contents"]
    same([members(o, "Key", "Size", "ETag", "ChecksumAlgorithm", "ChecksumType") for o in listed], [{"Key": "k", "Size": len(CONTENT), "ETag": multipart_etag(PARTS), "ChecksumAlgorithm": ["CRC64NVME"], "ChecksumType": "FULL_OBJECT"}], "the list")


def multipart_with_an_algorithm():
    for algorithm in DIGESTS:
        key = "with " + algorithm
        upload = s3.create_multipart_upload(Bucket=B, Key=key, ChecksumAlgorithm=algorithm)
        same(members(upload, "ChecksumAlgorithm", "ChecksumType"), {"ChecksumAlgorithm": algorithm, "ChecksumType": "COMPOSITE"}, "the upload")
        sent = upload_parts(key, upload["UploadId"], ChecksumAlgorithm=algorithm)
        sums = ["Checksum" + algorithm, "ETag"]
        with_sums = [dict(p, **{sums[0]: checksum(algorithm, part)}) for p, part in zip(sent, PARTS)]
        listed = s3.list_parts(Bucket=B, Key=key, UploadId=upload["UploadId"])
        same([members(p, "PartNumber", *sums) for p in listed["Parts"]], with_sums, "the parts")
        same(members(listed, "ChecksumAlgorithm", "ChecksumType"), {"ChecksumAlgorithm": algorithm, "ChecksumType": "COMPOSITE"}, "the list of parts")
        done = s3.complete_multipart_upload(Bucket=B, Key=key, UploadId=upload["UploadId"], MultipartUpload={"Parts": with_sums})
        expected = {sums[0]: composite(algorithm, PARTS), "ETag": multipart_etag(PARTS), "ChecksumType": "COMPOSITE"}
        same(members(done, *expected), expected, "the completion")
        known = is_whole(key, **{sums[0]: composite(algorithm, PARTS), "ChecksumType": "COMPOSITE"})
        same([p[sums[0]] for p in known["ObjectParts"]["Parts"]], [p[sums[0]] for p in with_sums], "the parts among the attributes")
        part = s3.head_object(Bucket=B, Key=key, PartNumber=2, ChecksumMode="ENABLED")
        same(part[sums[0]], with_sums[1][sums[0]], "the checksum of part 2")


def multipart_of_a_full_object_checksum():
    upload = s3.create_multipart_upload(Bucket=B, Key="full", ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    sent = upload_parts("full", upload["UploadId"])
    whole = checksum("CRC32", CONTENT)
    done = s3.complete_multipart_upload(Bucket=B, Key="full", UploadId=upload["UploadId"], MultipartUpload={"Parts": sent}, ChecksumCRC32=whole, ChecksumType="FULL_OBJECT")
    same(members(done, "ChecksumCRC32", "ChecksumType"), {"ChecksumCRC32": whole, "ChecksumType": "FULL_OBJECT"}, "the completion")
    is_whole("full", ChecksumCRC32=whole, ChecksumType="FULL_OBJECT")
    for number, part in enumerate(PARTS, 1):
        got = s3.get_object(Bucket=B, Key="full", PartNumber=number)
        same(got["Body"].read() == part, True, "the content of part %d" % number)
        same(got.get("ChecksumCRC32"), checksum("CRC32", part), "the checksum of part %d" % number)


def multipart_with_another_algorithm_at_parts():
    upload = s3.create_multipart_upload(Bucket=B, Key="other", ChecksumAlgorithm="SHA256")
    message = "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32"
    refused("InvalidRequest", message, s3.upload_part, Bucket=B, Key="other", UploadId=upload["UploadId"], PartNumber=1, Body=b"part")
    s3.abort_multipart_upload(Bucket=B, Key="other", UploadId=upload["UploadId"])
    refused("NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.", s3.list_parts, Bucket=B, Key="other", UploadId=upload["UploadId"])


def multipart_with_checksums_at_parts_only():
    for algorithm in ("SHA1", "SHA256"):
        upload = s3.create_multipart_upload(Bucket=B, Key=algorithm)
        sent = upload_parts(algorithm, upload["UploadId"], ChecksumAlgorithm=algorithm)
        with_sums = [dict(p, **{"Checksum" + algorithm: checksum(algorithm, part)}) for p, part in zip(sent, PARTS)]
        refusal = refused(
            "InvalidPart",
            "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
            s3.complete_multipart_upload,
            Bucket=B,
            Key=algorithm,
            UploadId=upload["UploadId"],
            MultipartUpload={"Parts": with_sums},
        )
        same((refusal["UploadId"], refusal["PartNumber"], refusal["ETag"]), (upload["UploadId"], "1", md5(PARTS[0])), "the part that the refusal names")
        done = s3.complete_multipart_upload(Bucket=B, Key=algorithm, UploadId=upload["UploadId"], MultipartUpload={"Parts": sent})
        same(members(done, "ChecksumCRC64NVME", "ChecksumType"), {"ChecksumCRC64NVME": CRC64NVME, "ChecksumType": "FULL_OBJECT"}, "the completion")
        is_whole(algorithm, ChecksumCRC64NVME=CRC64NVME, ChecksumType="FULL_OBJECT")


def multipart_of_copied_parts():
    s3.put_object(Bucket=B, Key="source", Body=CONTENT)
    upload = s3.create_multipart_upload(Bucket=B, Key="of copies")
    sent, start = [], 0
    for number, part in enumerate(PARTS, 1):
        piece = "bytes=%d-%d" % (start, start + len(part) - 1)
        copied = s3.upload_part_copy(Bucket=B, Key="of copies", UploadId=upload["UploadId"], PartNumber=number, CopySource={"Bucket": B, "Key": "source"}, CopySourceRange=piece)
        same(copied["CopyPartResult"]["ETag"], '"%s"' % md5(part), "the ETag of the copied part %d" % number)
        sent.append({"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]})
        start += len(part)
    done = s3.complete_multipart_upload(Bucket=B, Key="of copies", UploadId=upload["UploadId"], MultipartUpload={"Parts": sent})
    same(members(done, "ChecksumCRC64NVME", "ChecksumType"), {"ChecksumCRC64NVME": CRC64NVME, "ChecksumType": "FULL_OBJECT"}, "the completion")
    is_whole("of copies", ChecksumCRC64NVME=CRC64NVME, ChecksumType="FULL_OBJECT")


def objects():
    for algorithm in DIGESTS:
        put = s3.put_object(Bucket=B, Key=algorithm, Body=b"hello", ChecksumAlgorithm=algorithm, Metadata={"colour": "blue"})
        expected = {"ETag": '"%s"' % md5(b"hello"), "Checksum" + algorithm: checksum(algorithm, b"hello"), "ChecksumType": "FULL_OBJECT"}
        same(members(put, *expected), expected, "the answer to PUT")
        got = s3.get_object(Bucket=B, Key=algorithm)
        same(got["Body"].read(), b"hello", "the content")
        same(members(got, *expected), expected, "the answer to GET")
        same(got["Metadata"], {"colour": "blue"}, "the metadata")
        head = s3.head_object(Bucket=B, Key=algorithm, ChecksumMode="ENABLED")
        same(members(head, *expected), expected, "the answer to HEAD")
        known = s3.get_object_attributes(Bucket=B, Key=algorithm, ObjectAttributes=["Checksum", "ObjectParts"])
        same(known["Checksum"], {name: expected[name] for name in ("Checksum" + algorithm, "ChecksumType")}, "the attributes")
        same(known.get("ObjectParts"), None, "the parts of an object without any")
    same(s3.put_object(Bucket=B, Key="default", Body=b"hello")["ChecksumCRC32"], checksum("CRC32", b"hello"), "the checksum boto3 sends by itself")
    keys = sorted([*DIGESTS, "default"])
    same([o["Key"] for o in s3.list_objects(Bucket=B)["Contents"]], keys, "list_objects")
    listed = [o for page in s3.get_paginator("list_objects_v2").paginate(Bucket=B, FetchOwner=True, PaginationConfig={"PageSize": 1}) for o in page["Contents"]]
    same([(o["Key"], o["ChecksumAlgorithm"], o["ChecksumType"], list(o["Owner"])) for o in listed], [(key, [key if key in DIGESTS else "CRC32"], "FULL_OBJECT", ["ID"]) for key in keys], "list_objects_v2")
    same([(v["Key"], v["VersionId"], v["IsLatest"]) for v in s3.list_object_versions(Bucket=B)["Versions"]], [(key, "null", True) for key in keys], "list_object_versions")
    same(B in [b["Name"] for b in s3.list_buckets()["Buckets"]], True, "list_buckets has the bucket")
    gone = s3.delete_objects(Bucket=B, Delete={"Objects": [{"Key": key} for key in [*keys, "never there"]]})
    same((sorted(d["Key"] for d in gone["Deleted"]), gone.get("Errors")), (sorted([*keys, "never there"]), None), "delete_objects")
    same(s3.list_objects_v2(Bucket=B)["KeyCount"], 0, "the objects that are left")
    s3.delete_bucket(Bucket=B)


def copies():
    s3.put_object(Bucket=B, Key="source +ü", Body=b"hello", Metadata={"colour": "blue"}, ContentType="text/x-test")
    source = {"Bucket": B, "Key": "source +ü"}
    for algorithm in (None, "SHA256"):
        asked = {} if algorithm is None else {"ChecksumAlgorithm": algorithm}
        copied = s3.copy_object(Bucket=B, Key="copy", CopySource=source, **asked)["CopyObjectResult"]
        name = "Checksum" + (algorithm or "CRC32")
        expected = {"ETag": '"%s"' % md5(b"hello"), name: checksum(algorithm or "CRC32", b"hello"), "ChecksumType": "FULL_OBJECT"}
        same(members(copied, *expected), expected, "the answer to a copy")
        got = s3.get_object(Bucket=B, Key="copy")
        same((got["Body"].read(), got["Metadata"], got["ContentType"]), (b"hello", {"colour": "blue"}, "text/x-test"), "the copy")
        same(members(got, *expected), expected, "the checksums of the copy")
    s3.copy_object(Bucket=B, Key="copy", CopySource=source, MetadataDirective="REPLACE", Metadata={"colour": "red"})
    same(s3.head_object(Bucket=B, Key="copy")["Metadata"], {"colour": "red"}, "replaced metadata")


def conditions():
    failed = "At least one of the pre-conditions you specified did not hold"
    s3.put_object(Bucket=B, Key="k", Body=b"first", IfNoneMatch="*")
    same(refused("PreconditionFailed", failed, s3.put_object, Bucket=B, Key="k", Body=b"second", IfNoneMatch="*")["Condition"], "If-None-Match", "the condition")
    etag = '"%s"' % md5(b"first")
    same(refused("304", "Not Modified", s3.get_object, Bucket=B, Key="k", IfNoneMatch=etag)["Code"], "304", "unchanged")
    refused("PreconditionFailed", failed, s3.put_object, Bucket=B, Key="k", Body=b"second", IfMatch='"%s"' % md5(b"other"))
    s3.put_object(Bucket=B, Key="k", Body=b"second", IfMatch=etag)
    same(s3.get_object(Bucket=B, Key="k")["Body"].read(), b"second", "the content after a write with If-Match")
    upload = s3.create_multipart_upload(Bucket=B, Key="k")
    part = s3.upload_part(Bucket=B, Key="k", UploadId=upload["UploadId"], PartNumber=1, Body=b"third")
    complete = dict(Bucket=B, Key="k", UploadId=upload["UploadId"], MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    refused("PreconditionFailed", failed, s3.complete_multipart_upload, IfNoneMatch="*", **complete)
    s3.put_object(Bucket=B, Key="k", Body=b"overtakes the upload")
    conflict = "The conditional request cannot succeed due to a conflicting operation against this resource."
    refused("ConditionalRequestConflict", conflict, s3.complete_multipart_upload, IfNoneMatch="*", **complete)
    same(s3.get_object(Bucket=B, Key="k")["Body"].read(), b"overtakes the upload", "the content after refused completions")


def put_by(url, body, **headers):
    answer = urllib3.request("PUT", url, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return answer.status


def presigned():
    request = dict(Bucket=B, Key="by url", IfNoneMatch="*")
    # Without a version asked for, boto3 signs URLs by version 2.
    for version in (None, "s3v4"):
        url = client(endpoint, **({} if version is None else {"signature_version": version})).generate_presigned_url("put_object", Params=request)
        same(put_by(url, b"first", if_none_match="*"), 200, "the first PUT")
        same(put_by(url, b"second", if_none_match="*"), 412, "the second PUT")
        same(s3.get_object(Bucket=B, Key="by url")["Body"].read(), b"first", "the content")
        s3.delete_object(Bucket=B, Key="by url")


def presigned_with_the_condition_in_the_query():
    signer = S3SigV4QueryAuth(s3._request_signer._credentials, "s3", "us-east-1")
    for condition in ("If-None-Match", "if-none-match"):
        request = AWSRequest(method="PUT", url="%s/%s/k" % (endpoint, B), params={condition: "*"})
        signer.add_auth(request)
        same(put_by(request.prepare().url, b"first"), 200, "the first PUT")
        same(put_by(request.prepare().url, b"second"), 412, "the second PUT with %s" % condition)
        same(s3.get_object(Bucket=B, Key="k")["Body"].read(), b"first", "the content")
        s3.delete_object(Bucket=B, Key="k")


for name in sys.argv[2:]:
    B = name.replace("_", "-")
    s3.create_bucket(Bucket=B)
    play(name, globals()[name])
