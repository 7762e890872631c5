from photos import Album


def test_a_photo_is_kept_under_its_name(s3, bucket):
    album = Album(s3, bucket)
    album.add("sea.jpg", b"waves")
    assert album.names() == ["sea.jpg"]
    assert album.image("sea.jpg") == b"waves"


def test_a_photo_that_is_not_there_is_none(s3, bucket):
    assert Album(s3, bucket).image("sea.jpg") is None


def test_a_photo_arrives_though_s3_is_slow_at_first(s3, bucket, faults):
    faults.add(
        {
            "match": {"operations": ["PutObject"], "bucket": bucket},
            "chance": {"times": 2},
            "action": {"kind": "error", "code": "SlowDown"},
        }
    )
    album = Album(s3, bucket)
    album.add("sea.jpg", b"waves")
    assert album.image("sea.jpg") == b"waves"
