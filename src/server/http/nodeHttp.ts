import type * as Http from "node:http";

/**
 * Node's `node:http`, without what an `import` of it costs: that reads all its names, of which one is a client of WebSockets, which brings
 * HTTP/2 and another HTTP client. It would be half of the time in which a process starts, for what nobody here asks for.
 */
export const nodeHttp: typeof Http = process.getBuiltinModule("node:http");
