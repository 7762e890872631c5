const { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand } = require("@aws-sdk/client-s3");

/** What is tested here: an album of photos in a bucket. */
class Album {
  #client;
  #bucket;

  constructor(client, bucket) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async add(name, bytes) {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: `photos/${name}`, Body: bytes }));
  }

  async names() {
    const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: "photos/" }));
    return Contents.map(({ Key }) => Key.slice("photos/".length));
  }

  /** The photo's bytes, or nothing where there is no such photo. */
  async find(name) {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: `photos/${name}` }));
      return await Body.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }
}

module.exports = { Album };
