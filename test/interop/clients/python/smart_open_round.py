"""smart_open's writer and reader, which upload parts with boto3's defaults. argv: endpoint, rounds. Prints a line for each: OK, or what differed."""
import sys

from smart_open import open as smart_open

from boto3_client import client
from content import LARGE, MIB, md5, multipart_etag, play, same

# smart_open's own: a part goes when this much has come.
PART_SIZE = 5 * MIB
PARTS = [LARGE[start : start + PART_SIZE] for start in range(0, len(LARGE), PART_SIZE)]

s3 = client(sys.argv[1])


def write(url, content, **more):
    with smart_open(url, "wb", transport_params={"client": s3, "min_part_size": PART_SIZE, **more}) as file:
        for start in range(0, len(content), MIB):
            file.write(content[start : start + MIB])


def parts():
    s3.create_bucket(Bucket="smart-parts")
    write("s3://smart-parts/large", LARGE)
    head = s3.head_object(Bucket="smart-parts", Key="large", ChecksumMode="ENABLED")
    same((head["ETag"], head["ContentLength"], head.get("ChecksumType")), (multipart_etag(PARTS), len(LARGE), "FULL_OBJECT"), "the object")
    same("ChecksumCRC64NVME" in head, True, "the object has S3's own checksum")
    with smart_open("s3://smart-parts/large", "rb", transport_params={"client": s3}) as file:
        same(file.read() == LARGE, True, "the content")
        file.seek(PART_SIZE - 5)
        same(file.read(10), LARGE[PART_SIZE - 5 : PART_SIZE + 5], "a piece of it")


def small():
    s3.create_bucket(Bucket="smart-small")
    for multipart in (True, False):
        # An empty file is an upload that is aborted, and an object put in its place.
        for key, content in {"a b/ü+%2F": b"hello", "empty": b""}.items():
            write("s3://smart-small/" + key, content, multipart_upload=multipart)
            with smart_open("s3://smart-small/" + key, "rb", transport_params={"client": s3}) as file:
                same(file.read(), content, "the content of %s" % key)
    same(s3.head_object(Bucket="smart-small", Key="a b/ü+%2F")["ETag"], '"%s"' % md5(b"hello"), "the ETag")
    same(s3.list_multipart_uploads(Bucket="smart-small").get("Uploads"), None, "uploads left behind")


for name in sys.argv[2:]:
    play(name, globals()[name])
