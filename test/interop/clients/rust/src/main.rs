//! The low-level calls of the AWS SDK for Rust with its default settings. Arguments: endpoint, rounds. Prints a line for each round: OK, or
//! what differed.

use std::fmt::Debug;

use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart, Delete, ObjectIdentifier,
};
use aws_sdk_s3::{Client, Config};

type Outcome = Result<(), String>;

const MIB: usize = 1024 * 1024;
/// The content in three parts, the last of them short.
const PARTS: [(usize, usize); 3] = [(0, 5 * MIB), (5 * MIB, 10 * MIB), (10 * MIB, 11 * MIB)];
/// What Python's hashlib and zlib, and awscrt, say of the content and its parts.
const ETAG: &str = "\"af35a684675c366900bb097be2dffe92-3\"";
const CRC64NVME: &str = "cylAzBaemac=";
const CRC32_OF_PARTS: [&str; 3] = ["yIv8rA==", "LBkB/Q==", "3+9FHg=="];
const SHA256_OF_SHA256S: &str = "/2Ev3Iz11GOk9QELX/yh2aM6x+EbZKwY9T1F0lYQUpA=-3";
const HELLO_ETAG: &str = "\"5d41402abc4b2a76b9719d911017c592\"";
const HELLO_CRC32: &str = "NhCmhg==";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let endpoint = arguments.next().expect("an endpoint");
    let variable = |name| std::env::var(name).expect(name);
    let keys = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .credentials_provider(Credentials::new(keys.0, keys.1, None, None, "environment"))
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .retry_config(RetryConfig::disabled())
        .build();
    let client = Client::from_conf(config);
    for name in arguments {
        match play(&client, &name).await {
            Ok(()) => println!("{name}: OK"),
            Err(what) => println!("{name}: {}", what.replace('\n', " ")),
        }
    }
}

/// Plays a round in a bucket of its own.
async fn play(client: &Client, name: &str) -> Outcome {
    let bucket = format!("rust-{name}");
    client.create_bucket().bucket(&bucket).send().await.map_err(told)?;
    match name {
        "multipart" => multipart(client, &bucket).await,
        "algorithm" => algorithm(client, &bucket).await,
        "objects" => objects(client, &bucket).await,
        _ => Err("no such round".into()),
    }
}

/// An upload with nothing set: the SDK sends a CRC32 with each part all the same.
async fn multipart(client: &Client, bucket: &str) -> Outcome {
    let content = content();
    let upload = client
        .create_multipart_upload()
        .bucket(bucket)
        .key("k")
        .send()
        .await
        .map_err(told)?;
    let id = upload.upload_id().unwrap();
    let mut sent = CompletedMultipartUpload::builder();
    for (index, (start, end)) in PARTS.into_iter().enumerate() {
        let number = index as i32 + 1;
        let body = ByteStream::from(content[start..end].to_vec());
        let part = client
            .upload_part()
            .bucket(bucket)
            .key("k")
            .upload_id(id)
            .part_number(number)
            .body(body);
        let answer = part.send().await.map_err(told)?;
        same(answer.checksum_crc32(), Some(CRC32_OF_PARTS[index]), "the checksum of a part")?;
        sent = sent.parts(CompletedPart::builder().part_number(number).set_e_tag(answer.e_tag).build());
    }
    let listed = client
        .list_parts()
        .bucket(bucket)
        .key("k")
        .upload_id(id)
        .send()
        .await
        .map_err(told)?;
    same(listed.parts().len(), PARTS.len(), "the number of parts")?;
    same(listed.parts()[0].checksum_crc32(), None, "the checksum of a listed part")?;
    let complete = client.complete_multipart_upload().bucket(bucket).key("k").upload_id(id);
    let done = complete.multipart_upload(sent.build()).send().await.map_err(told)?;
    same(done.e_tag(), Some(ETAG), "the ETag")?;
    same(done.checksum_crc64_nvme(), Some(CRC64NVME), "the checksum")?;
    same(
        done.checksum_type(),
        Some(&ChecksumType::FullObject),
        "the type of the checksum",
    )?;
    let got = client.get_object().bucket(bucket).key("k").send().await.map_err(told)?;
    same(got.e_tag(), Some(ETAG), "the ETag of GET")?;
    same(
        got.body.collect().await.map_err(|e| e.to_string())?.to_vec() == content,
        true,
        "the content",
    )?;
    let part = client
        .get_object()
        .bucket(bucket)
        .key("k")
        .part_number(2)
        .send()
        .await
        .map_err(told)?;
    same(part.parts_count(), Some(3), "the number of parts")?;
    let second = &content[PARTS[1].0..PARTS[1].1];
    same(
        part.body.collect().await.map_err(|e| e.to_string())?.to_vec() == second,
        true,
        "the content of part 2",
    )
}

/// An upload whose algorithm is named when it begins.
async fn algorithm(client: &Client, bucket: &str) -> Outcome {
    let content = content();
    let algorithm = ChecksumAlgorithm::Sha256;
    let upload = client
        .create_multipart_upload()
        .bucket(bucket)
        .key("k")
        .checksum_algorithm(algorithm.clone());
    let upload = upload.send().await.map_err(told)?;
    same(upload.checksum_algorithm(), Some(&algorithm), "the algorithm of the upload")?;
    let id = upload.upload_id().unwrap();
    let mut sent = CompletedMultipartUpload::builder();
    for (index, (start, end)) in PARTS.into_iter().enumerate() {
        let number = index as i32 + 1;
        let body = ByteStream::from(content[start..end].to_vec());
        let part = client
            .upload_part()
            .bucket(bucket)
            .key("k")
            .upload_id(id)
            .part_number(number)
            .body(body);
        let answer = part.checksum_algorithm(algorithm.clone()).send().await.map_err(told)?;
        let part = CompletedPart::builder().part_number(number).set_e_tag(answer.e_tag);
        sent = sent.parts(part.set_checksum_sha256(answer.checksum_sha256).build());
    }
    let complete = client.complete_multipart_upload().bucket(bucket).key("k").upload_id(id);
    let done = complete.multipart_upload(sent.build()).send().await.map_err(told)?;
    same(done.checksum_sha256(), Some(SHA256_OF_SHA256S), "the checksum")?;
    same(
        done.checksum_type(),
        Some(&ChecksumType::Composite),
        "the type of the checksum",
    )?;
    let got = client.get_object().bucket(bucket).key("k").send().await.map_err(told)?;
    same(
        got.body.collect().await.map_err(|e| e.to_string())?.to_vec() == content,
        true,
        "the content",
    )
}

/// Objects in one request, under a key with everything that an address escapes.
async fn objects(client: &Client, bucket: &str) -> Outcome {
    let key = "a b/ü+%2F";
    let put = |key| {
        client
            .put_object()
            .bucket(bucket)
            .key(key)
            .body(ByteStream::from_static(b"hello"))
    };
    let done = put(key).metadata("colour", "blue").send().await.map_err(told)?;
    same(done.e_tag(), Some(HELLO_ETAG), "the ETag")?;
    same(done.checksum_crc32(), Some(HELLO_CRC32), "the checksum")?;
    let refusal = put(key).if_none_match("*").send().await.err();
    same(
        refusal.as_ref().and_then(|e| e.code()),
        Some("PreconditionFailed"),
        "the refusal",
    )?;
    let got = client
        .get_object()
        .bucket(bucket)
        .key(key)
        .checksum_mode(ChecksumMode::Enabled);
    let got = got.send().await.map_err(told)?;
    same(got.checksum_crc32(), Some(HELLO_CRC32), "the checksum of GET")?;
    same(
        got.metadata().and_then(|m| m.get("colour")).map(String::as_str),
        Some("blue"),
        "the metadata",
    )?;
    same(
        got.body.collect().await.map_err(|e| e.to_string())?.to_vec(),
        b"hello".to_vec(),
        "the content",
    )?;
    client.put_object().bucket(bucket).key("empty").send().await.map_err(told)?;
    let source = format!("{bucket}/a%20b/%C3%BC%2B%252F");
    client
        .copy_object()
        .bucket(bucket)
        .key("copy")
        .copy_source(source)
        .send()
        .await
        .map_err(told)?;
    let head = client.head_object().bucket(bucket).key("copy").send().await.map_err(told)?;
    same(head.content_length(), Some(5), "the length of the copy")?;
    let list = client.list_objects_v2().bucket(bucket).send().await.map_err(told)?;
    let keys: Vec<&str> = list.contents().iter().filter_map(|object| object.key()).collect();
    same(&keys, &vec![key, "copy", "empty"], "the keys")?;
    let all = keys
        .iter()
        .map(|key| ObjectIdentifier::builder().key(*key).build().unwrap())
        .collect();
    let delete = Delete::builder().set_objects(Some(all)).build().unwrap();
    let gone = client
        .delete_objects()
        .bucket(bucket)
        .delete(delete)
        .send()
        .await
        .map_err(told)?;
    same((gone.deleted().len(), gone.errors().len()), (3, 0), "what was deleted")?;
    client.delete_bucket().bucket(bucket).send().await.map(|_| ()).map_err(told)
}

/// Every byte tells its place, so that parts in the wrong order show.
fn content() -> Vec<u8> {
    (0..11 * MIB).map(|at| (at % 251) as u8).collect()
}

fn told(error: impl std::error::Error) -> String {
    DisplayErrorContext(error).to_string()
}

fn same<T: PartialEq + Debug>(found: T, expected: T, what: &str) -> Outcome {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: {found:?}, not {expected:?}"))
    }
}
