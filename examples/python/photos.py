"""An album of photos in a bucket: the program under test."""


class Album:
    def __init__(self, s3, bucket: str):
        self._s3 = s3
        self._bucket = bucket

    def add(self, name: str, image: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=f"photos/{name}", Body=image)

    def names(self) -> list[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix="photos/")
        return [entry["Key"].removeprefix("photos/") for page in pages for entry in page.get("Contents", [])]

    def image(self, name: str) -> bytes | None:
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=f"photos/{name}")["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return None
