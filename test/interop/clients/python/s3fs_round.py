"""s3fs, which speaks through aiobotocore. argv: endpoint, rounds. Prints a line for each: OK, or what differed."""
import sys

import s3fs

from content import LARGE, MIB, play, same

fs = s3fs.S3FileSystem(
    endpoint_url=sys.argv[1],
    use_listings_cache=False,
    config_kwargs={"s3": {"addressing_style": "path"}, "retries": {"max_attempts": 0}},
)


def large():
    """Written in blocks of 5 MiB, each a part; read in pieces."""
    fs.mkdir("s3fs-large")
    with fs.open("s3fs-large/k", "wb", block_size=5 * MIB) as file:
        for start in range(0, len(LARGE), MIB):
            file.write(LARGE[start : start + MIB])
    same((fs.info("s3fs-large/k")["size"], fs.info("s3fs-large/k")["ETag"][-3:]), (len(LARGE), '-4"'), "the size, and the parts in the ETag")
    with fs.open("s3fs-large/k", "rb") as file:
        same(file.read() == LARGE, True, "the content")
        file.seek(5 * MIB - 5)
        same(file.read(10), LARGE[5 * MIB - 5 : 5 * MIB + 5], "a piece of it")
    with fs.open("s3fs-large/k", "ab", block_size=5 * MIB) as file:
        file.write(b"more")
    same(fs.cat("s3fs-large/k") == LARGE + b"more", True, "the content with more appended")
    fs.copy("s3fs-large/k", "s3fs-large/copy")
    same(fs.cat("s3fs-large/copy") == LARGE + b"more", True, "the content of the copy")
    fs.rm("s3fs-large", recursive=True)
    same(fs.exists("s3fs-large"), False, "the bucket is there")


def tree():
    fs.mkdir("s3fs-tree")
    files = {"empty": b"", "a b/ü+%2F": b"awkward", "dir/small": b"hello", "dir/other": b"other"}
    fs.pipe({"s3fs-tree/" + key: content for key, content in files.items()})
    for key, content in files.items():
        same(fs.cat("s3fs-tree/" + key), content, "the content of " + key)
    same(sorted(fs.find("s3fs-tree")), sorted("s3fs-tree/" + key for key in files), "the tree")
    same(sorted(fs.ls("s3fs-tree", detail=False)), ["s3fs-tree/a b", "s3fs-tree/dir", "s3fs-tree/empty"], "the list")
    same(fs.glob("s3fs-tree/dir/*l*"), ["s3fs-tree/dir/small"], "the names that match")
    fs.mv("s3fs-tree/dir/small", "s3fs-tree/dir/moved")
    same((fs.exists("s3fs-tree/dir/small"), fs.cat("s3fs-tree/dir/moved")), (False, b"hello"), "what was moved")
    same(fs.isdir("s3fs-tree/dir"), True, "dir is a folder")
    fs.rm("s3fs-tree/dir", recursive=True)
    same(sorted(fs.find("s3fs-tree")), ["s3fs-tree/a b/ü+%2F", "s3fs-tree/empty"], "what is left")
    fs.rm("s3fs-tree", recursive=True)


for name in sys.argv[2:]:
    play(name, globals()[name])
