/** What the kernels, which are generated, and the classes that use them agree on: places and sizes in their memory, in bytes. */

/** The checks that a kernel computes. */
export type CrcAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME";

/**
 * Where a byte may be added (XOR) to instead of being looked at: so many bytes behind it, at each of these places, ascending. That holds
 * when 1 + x^(-8 a) + x^(-8 b) + … is a multiple of the polynomial. Such places are found by trying; the fewer they are, the farther they
 * reach. One wrong place would spoil every value. None is closer than a vector.
 */
export const CRC_FOLDS: Readonly<Record<CrcAlgorithm, readonly number[]>> = {
  CRC32: [1_927, 2_181, 4_018],
  CRC32C: [154, 177, 183, 258, 290],
  CRC64NVME: [288, 411, 651, 734, 963, 1060, 1198, 1356],
};

/** As much is folded at once: four vectors. */
export const CRC_STEP_SIZE_BYTES = 64;
/** And so much before what was folded is moved to the front again: it stays in the processor's nearest cache. */
export const CRC_BLOCK_SIZE_BYTES: number = 16 * 1024;
/** At least the farthest fold, in whole steps. */
export const CRC_MAX_WINDOW_SIZE_BYTES = 4_032;

/** Eight tables of 256 entries of 8 bytes come first. */
export const CRC_TABLE_SIZE_BYTES: number = 256 * 8;
/** Then the register, 8 bytes; */
export const CRC_REGISTER: number = 8 * CRC_TABLE_SIZE_BYTES;
/** the bytes that are looked up, a window and less than a step, and what the last step writes behind them; */
export const CRC_REST: number = CRC_REGISTER + CRC_STEP_SIZE_BYTES;
const CRC_MAX_REST_SIZE_BYTES: number = CRC_MAX_WINDOW_SIZE_BYTES + 2 * CRC_STEP_SIZE_BYTES;
/** what has been folded, behind a window and before zeros; */
export const CRC_FOLDED: number = CRC_REST + CRC_MAX_REST_SIZE_BYTES + CRC_MAX_WINDOW_SIZE_BYTES;
/** and the bytes to be checked, which begin a page of memory and have as much room as the user wants. */
export const CRC_INPUT: number = 64 * 1024;

/** MD5 works in blocks. */
export const MD5_BLOCK_SIZE_BYTES = 64;
/** Streams that are under way at most; four are what the kernel advances at once, the others are there to choose from. */
export const MD5_MAX_STREAMS = 32;
/** What waits of one stream, at most: as much as a body is read in at once, so that the next one's comes in time. */
export const MD5_WAITING_SIZE_BYTES: number = 256 * 1024;

/** The states of the streams at work come first: all first words, all second words, and so on; */
export const MD5_STATES = 0;
/** then what is kept of each stream: its state, which has a block to itself, and the bytes that wait. */
export const MD5_STREAMS: number = MD5_STATES + MD5_BLOCK_SIZE_BYTES;
/** Of one stream. */
export const MD5_STREAM_SIZE_BYTES: number = MD5_BLOCK_SIZE_BYTES + MD5_WAITING_SIZE_BYTES;
/** All of it. */
export const MD5_MEMORY_SIZE_BYTES: number = MD5_STREAMS + MD5_MAX_STREAMS * MD5_STREAM_SIZE_BYTES;
