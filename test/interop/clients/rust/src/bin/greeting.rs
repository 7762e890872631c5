use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::{Client, Config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (id, secret) = (std::env::var("AWS_ACCESS_KEY_ID")?, std::env::var("AWS_SECRET_ACCESS_KEY")?);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http()) // Without TLS; leave this out for https.
        .credentials_provider(Credentials::new(id, secret, None, None, "environment"))
        .region(Region::new("us-east-1"))
        .endpoint_url(std::env::var("AWS_ENDPOINT_URL")?)
        .force_path_style(true)
        .build();
    let s3 = Client::from_conf(config);
    let body = ByteStream::from_static(b"hello");
    s3.put_object()
        .bucket("first-bucket")
        .key("greeting.txt")
        .body(body)
        .send()
        .await?;
    let object = s3.get_object().bucket("first-bucket").key("greeting.txt").send().await?;
    println!("{}", String::from_utf8(object.body.collect().await?.to_vec())?);
    if let Err(error) = s3.get_object().bucket("first-bucket").key("greting.txt").send().await {
        println!("{}", error.code().unwrap_or("no code"));
    }
    Ok(())
}
