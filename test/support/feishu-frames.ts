/** One frame of Feishu's long connection: protobuf message pbbp2.Frame, as far as it is used. */
export interface FeishuFrame {
  /** 0: control, 1: data. */
  readonly method: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

export function encodeFrame({ method, headers, payload }: FeishuFrame): Buffer {
  const headerFields = Object.entries(headers).map(([key, value]) =>
    bytesField(
      5,
      Buffer.concat([bytesField(1, Buffer.from(key)), bytesField(2, Buffer.from(value))]),
    ),
  );
  return Buffer.concat([
    intField(1, 0),
    intField(2, 0),
    intField(3, 1),
    intField(4, method),
    ...headerFields,
    ...(payload.length === 0 ? [] : [bytesField(8, payload)]),
  ]);
}

export function decodeFrame(bytes: Buffer): FeishuFrame {
  const headers: Record<string, string> = {};
  let method = 0;
  let payload = Buffer.alloc(0);
  for (const { field, value } of fieldsOf(bytes)) {
    if (typeof value === 'number') {
      if (field === 4) method = value;
    } else if (field === 5) {
      const [key, text] = fieldsOf(value).map((one) => String(one.value));
      headers[key ?? ''] = text ?? '';
    } else if (field === 8) {
      payload = Buffer.from(value);
    }
  }
  return { method, headers, payload };
}

function intField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function bytesField(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function fieldsOf(bytes: Buffer): { readonly field: number; readonly value: number | Buffer }[] {
  const fields = [];
  let offset = 0;
  const next = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[offset] ?? 0;
      offset += 1;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (offset < bytes.length) {
    const key = next();
    const number = next();
    if (key % 8 === 0) {
      fields.push({ field: Math.floor(key / 8), value: number });
    } else {
      fields.push({ field: Math.floor(key / 8), value: bytes.subarray(offset, offset + number) });
      offset += number;
    }
  }
  return fields;
}
