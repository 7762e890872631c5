module.exports = () => globalThis.holdfast.stop();
