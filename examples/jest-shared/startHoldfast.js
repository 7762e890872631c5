/** Starts one server before all test files. They run in processes of their own, and know of it what the environment says. */
module.exports = async () => {
  const { Holdfast } = await import("holdfast");
  const holdfast = await Holdfast.start();
  const { endpoint, region, credentials } = holdfast.clientConfig();
  process.env.AWS_ENDPOINT_URL_S3 = endpoint;
  process.env.AWS_REGION = region;
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  globalThis.holdfast = holdfast;
};
