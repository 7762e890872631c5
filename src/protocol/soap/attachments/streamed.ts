import type { OutputBody, Piece } from "../../Payload.ts";

/** A body's pieces, whether they are at hand or come; none of them is empty. */
export function piecesOf({ source }: OutputBody): AsyncIterable<Piece> | Iterable<Piece> {
  if (!Buffer.isBuffer(source)) return source;
  return source.length > 0 ? [source] : [];
}

/** Pieces with bytes before and behind them. They are asked for before the first bytes are yielded, so that who stops there leaves them, too. */
export async function* between(
  before: Buffer,
  pieces: AsyncIterable<Piece> | Iterable<Piece>,
  behind: Buffer,
): AsyncGenerator<Piece, void, undefined> {
  let isBegun = false;
  for await (const piece of pieces) {
    if (!isBegun) yield before;
    isBegun = true;
    yield piece;
  }
  if (!isBegun) yield before;
  if (behind.length > 0) yield behind;
}
