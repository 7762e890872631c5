"""The AWS SDK for C++, as pyarrow brings it: files of 20 MiB and of a few bytes. argv: endpoint, rounds. Prints a line for each: OK, or what differed."""
import os
import sys

from pyarrow.fs import FileSelector, S3FileSystem

from content import LARGE, MIB, play, same

s3 = S3FileSystem(
    access_key=os.environ["AWS_ACCESS_KEY_ID"],
    secret_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    region="us-east-1",
    scheme="http",
    endpoint_override=sys.argv[1].removeprefix("http://"),
    allow_bucket_creation=True,
    allow_bucket_deletion=True,
)


def files():
    s3.create_dir("arrow")
    for name, content in {"large": LARGE, "small": b"hello", "empty": b"", "a b/ü+%2F": b"awkward"}.items():
        path = "arrow/tree/" + name
        with s3.open_output_stream(path, metadata={"Content-Type": "text/x-test"}) as file:
            file.write(content)
        same(s3.get_file_info(path).size, len(content), "the size of " + name)
        with s3.open_input_stream(path) as file:
            same(file.read() == content, True, "the content of %s as a stream" % name)
            same(file.metadata()["Content-Type"], b"text/x-test", "the content type of " + name)
    with s3.open_input_file("arrow/tree/large") as file:
        same(file.size(), len(LARGE), "the size")
        file.seek(8 * MIB - 5)
        same(file.read(10), LARGE[8 * MIB - 5 : 8 * MIB + 5], "a piece of a file")
    s3.copy_file("arrow/tree/large", "arrow/copy")
    with s3.open_input_file("arrow/copy") as file:
        same(file.read() == LARGE, True, "the content of the copy")
    s3.move("arrow/copy", "arrow/moved +1")
    found = s3.get_file_info(FileSelector("arrow", recursive=True))
    expected = ["arrow/moved +1", "arrow/tree", "arrow/tree/a b", "arrow/tree/a b/ü+%2F", "arrow/tree/empty", "arrow/tree/large", "arrow/tree/small"]
    same(sorted(info.path for info in found), expected, "the list")
    s3.delete_file("arrow/tree/small")
    s3.delete_dir("arrow/tree")
    same([info.path for info in s3.get_file_info(FileSelector("arrow", recursive=True))], ["arrow/moved +1"], "what is left")
    s3.delete_dir("arrow")


for name in sys.argv[2:]:
    play(name, globals()[name])
