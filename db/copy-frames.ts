/** Message types of PostgreSQL's protocol (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const copyDataType = 'd'.charCodeAt(0);
const typeBytes = 1;
/** The type and the length, which counts itself and what follows. */
const headerBytes = typeBytes + 4;
/** Four times what a socket gives at a time. */
const capacityMin = 256 * 1024;

interface CopyFrameHandlers {
  /** What one CopyData message holds: `bytes` from `from` until before `until`, valid only during the call. */
  readonly onData: (bytes: Buffer, from: number, until: number) => void;
  /** Any other message, whole and with its header. */
  readonly onOther: (message: Buffer) => void;
}

/** Takes what a PostgreSQL server sends apart into messages, wherever it is cut. Allocates nothing for CopyData. */
export class CopyFrames {
  readonly #handlers: CopyFrameHandlers;
  #bytes = Buffer.allocUnsafeSlow(capacityMin);
  #view = viewOf(this.#bytes);
  #length = 0;

  constructor(handlers: CopyFrameHandlers) {
    this.#handlers = handlers;
  }

  push(chunk: Buffer): void {
    this.#append(chunk);
    let offset = 0;
    while (offset + headerBytes <= this.#length) {
      const end = offset + typeBytes + this.#view.getInt32(offset + typeBytes);
      if (end > this.#length) break;
      if (this.#bytes[offset] === copyDataType) {
        this.#handlers.onData(this.#bytes, offset + headerBytes, end);
      } else {
        this.#handlers.onOther(Buffer.from(this.#bytes.subarray(offset, end)));
      }
      offset = end;
    }
    this.#bytes.copyWithin(0, offset, this.#length);
    this.#length -= offset;
  }

  /** The beginning of a message whose end has not come. */
  rest(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(length * 2);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
      this.#view = viewOf(larger);
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
