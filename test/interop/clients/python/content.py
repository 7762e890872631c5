"""What the Python rounds write, and how they tell what became of it."""
import hashlib

MIB = 1024 * 1024
# Three parts, the last of them short. Every byte tells its place, so that parts in the wrong order show.
CONTENT = (bytes(range(251)) * 46_000)[: 11 * MIB]
PARTS = [CONTENT[: 5 * MIB], CONTENT[5 * MIB : 10 * MIB], CONTENT[10 * MIB :]]
# What is written where nothing depends on the parts.
LARGE = (bytes(range(251)) * 84_000)[: 20 * MIB]
# Python has no CRC64NVME: this is awscrt's of CONTENT.
CRC64NVME = "cylAzBaemac="


def md5(content):
    return hashlib.md5(content).hexdigest()


def multipart_etag(parts):
    """S3's ETag of an object of parts: the MD5 of their MD5s, and how many they are."""
    return '"%s-%d"' % (md5(b"".join(hashlib.md5(part).digest() for part in parts)), len(parts))


def same(found, expected, what):
    if found != expected:
        raise AssertionError("%s: %r, not %r" % (what, found, expected))


def members(answer, *names):
    """The named members of an answer, None for those it lacks."""
    return {name: answer.get(name) for name in names}


def play(name, round):
    """Prints of a round that it is OK, or what differed."""
    try:
        round()
        print("%s: OK" % name)
    except Exception as failure:
        print("%s: %s" % (name, " ".join(repr(failure).split())))
