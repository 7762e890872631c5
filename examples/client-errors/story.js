import { explain, parseError } from "holdfast/errors";

export function story(error) {
  const { what, why, remedy, retry } = explain(error);
  return `${what}\n${why}\n${remedy}\nAgain? ${retry}\nRequest ${parseError(error).requestId}`;
}
