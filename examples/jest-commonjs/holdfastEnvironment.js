const { TestEnvironment } = require("jest-environment-node");

/**
 * Starts a server for each test file, as the global `holdfast`. Jest runs this file outside of its own module system, where `import()` of an
 * ES module needs no flag of Node's.
 */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    const { Holdfast } = await import("holdfast");
    this.global.holdfast = await Holdfast.start();
  }

  async teardown() {
    await this.global.holdfast?.stop();
    await super.teardown();
  }
};
