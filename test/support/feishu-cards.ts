/** Checks card JSON 2.0 as Feishu does: unknown tags and properties, missing ones, sizes and counts. */
export function problemsOfCard(card: unknown): string[] {
  const problems: string[] = [];
  object({
    schema: oneOf('2.0'),
    config: object({
      update_multi: oneOf(true),
      enable_forward: optional(oneOf(true, false)),
      summary: optional(object({ content: text(1000) })),
    }),
    header: optional(
      object({
        title: plain(1000),
        template: optional(oneOf('red', 'orange', 'blue', 'green', 'grey')),
        text_tag_list: optional(
          list(
            object({
              tag: oneOf('text_tag'),
              text: plain(100),
              color: oneOf('red', 'orange', 'blue', 'green', 'neutral'),
            }),
            { max: 3 },
          ),
        ),
      }),
    ),
    body: object({ elements: list(element(0, 'root'), { min: 1, max: 200 }) }),
  })(card, '', problems);
  if (countTags(card) > 200) problems.push('more than 200 elements');
  const names = namesIn(card);
  if (new Set(names).size !== names.length) problems.push('a name stands twice');
  if (Buffer.byteLength(JSON.stringify(JSON.stringify(card))) > 30_000) {
    problems.push('request over 30 KB');
  }
  return problems;
}

type Check = (value: unknown, pointer: string, problems: string[]) => void;

const optionalChecks = new WeakSet<Check>();
const nestedMax = 5;

/** `place` is what the element stands in: forms only at the root, inputs only in forms. */
function element(depth: number, place: 'root' | 'form' | 'inside'): Check {
  return (value, pointer, problems) => {
    if (depth > nestedMax) problems.push(`${pointer}: nested too deeply`);
    const inside = place === 'form' || place === 'inside' ? place : 'inside';
    const tags: Record<string, Record<string, Check>> = {
      div: {
        text: object({
          tag: oneOf('plain_text'),
          content: text(30_000),
          text_size: optional(oneOf('heading', 'normal', 'notation')),
          text_color: optional(oneOf('default', 'grey', 'red')),
        }),
      },
      markdown: {
        content: text(30_000),
        text_size: optional(oneOf('heading', 'normal', 'notation')),
      },
      hr: {},
      img: {
        img_key: text(100),
        alt: plain(1000),
        title: optional(plain(1000)),
        scale_type: optional(oneOf('crop_center', 'fit_horizontal', 'crop_top')),
        preview: optional(oneOf(true, false)),
      },
      column_set: {
        flex_mode: optional(oneOf('none', 'stretch', 'flow', 'bisect', 'trisect')),
        horizontal_spacing: optional(pixels),
        columns: list(
          object({
            tag: oneOf('column'),
            width: optional(oneOf('auto', 'weighted')),
            weight: optional(integer(1, 5)),
            vertical_spacing: optional(pixels),
            elements: list((one, at, found) => element(depth + 1, inside)(one, at, found), {
              min: 1,
            }),
          }),
          { min: 1 },
        ),
      },
      button: {
        text: plain(100),
        type: optional(oneOf('default', 'primary', 'danger', 'primary_filled', 'danger_filled')),
        behaviors: list(object({ type: oneOf('callback'), value: anyObject }), { min: 1 }),
        confirm: optional(confirm),
        ...(place === 'form'
          ? { name: text(100), form_action_type: oneOf('submit', 'reset') }
          : {}),
      },
      overflow: { options: list(menuOption, { min: 1 }), confirm: optional(confirm) },
      ...(place === 'root'
        ? {
            form: {
              name: text(100),
              elements: list((one, at, found) => element(depth + 1, 'form')(one, at, found), {
                min: 1,
              }),
            },
          }
        : {}),
      ...(place === 'form' ? inputs : {}),
    };
    const tag = isRecord(value) ? String(value['tag']) : '';
    const keys = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
    if (keys === undefined) {
      problems.push(`${pointer}: unsupported tag ${tag}`);
      return;
    }
    object({ tag: oneOf(tag), ...keys })(value, pointer, problems);
    if (tag === 'form' && !JSON.stringify(value).includes('"form_action_type":"submit"')) {
      problems.push(`${pointer}: a form without a submit button`);
    }
  };
}

const confirm = object({ title: plain(1000), text: plain(1000) });
const menuOption = object({ text: plain(100), value: text(1000) });
const inputs: Record<string, Record<string, Check>> = {
  input: {
    name: text(100),
    label: optional(plain(1000)),
    required: optional(oneOf(true, false)),
    width: optional(oneOf('default', 'fill')),
    max_length: optional(integer(1, 1000)),
    default_value: optional(text(1000)),
    input_type: optional(oneOf('text', 'multiline_text')),
    rows: optional(integer(1, 20)),
  },
  select_static: {
    name: text(100),
    required: optional(oneOf(true, false)),
    width: optional(oneOf('default', 'fill')),
    placeholder: optional(plain(100)),
    initial_index: optional(integer(0, 1000)),
    options: (value, pointer, problems) => {
      list(menuOption, { min: 1 })(value, pointer, problems);
      const values = Array.isArray(value) ? value.map((one) => JSON.stringify(one?.value)) : [];
      if (new Set(values).size !== values.length) problems.push(`${pointer}: a value stands twice`);
    },
  },
  date_picker: {
    name: text(100),
    required: optional(oneOf(true, false)),
    placeholder: optional(plain(100)),
    initial_date: optional((value, pointer, problems) => {
      if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) {
        problems.push(`${pointer}: not a date`);
      }
    }),
  },
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function optional(check: Check): Check {
  const wrapped: Check = (value, pointer, problems) => check(value, pointer, problems);
  optionalChecks.add(wrapped);
  return wrapped;
}

function object(keys: Record<string, Check>): Check {
  return (value, pointer, problems) => {
    if (!isRecord(value)) {
      problems.push(`${pointer}: not an object`);
      return;
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(keys, key)) problems.push(`${pointer}: unknown property ${key}`);
    }
    for (const [key, check] of Object.entries(keys)) {
      if (value[key] !== undefined) check(value[key], `${pointer}/${key}`, problems);
      else if (!optionalChecks.has(check)) problems.push(`${pointer}: ${key} is missing`);
    }
  };
}

function anyObject(value: unknown, pointer: string, problems: string[]): void {
  if (!isRecord(value)) problems.push(`${pointer}: not an object`);
}

function list(each: Check, { min = 0, max = 1000 }: { min?: number; max?: number }): Check {
  return (value, pointer, problems) => {
    if (!Array.isArray(value)) {
      problems.push(`${pointer}: not an array`);
      return;
    }
    if (value.length < min || value.length > max) {
      problems.push(`${pointer}: ${value.length} items`);
    }
    for (const [index, item] of value.entries()) each(item, `${pointer}/${index}`, problems);
  };
}

function text(charsMax: number): Check {
  return (value, pointer, problems) => {
    if (typeof value !== 'string') problems.push(`${pointer}: not a text`);
    else if (value === '') problems.push(`${pointer}: empty`);
    else if (value.length > charsMax) problems.push(`${pointer}: over ${charsMax} characters`);
  };
}

function plain(charsMax: number): Check {
  return object({ tag: oneOf('plain_text'), content: text(charsMax) });
}

function integer(min: number, max: number): Check {
  return (value, pointer, problems) => {
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) {
      problems.push(`${pointer}: not from ${min} to ${max}`);
    }
  };
}

function pixels(value: unknown, pointer: string, problems: string[]): void {
  if (!/^\d{1,2}px$/.test(String(value))) problems.push(`${pointer}: not in pixels`);
}

function oneOf(...allowed: readonly (string | boolean)[]): Check {
  return (value, pointer, problems) => {
    if (!allowed.includes(value as string)) problems.push(`${pointer}: not ${allowed.join()}`);
  };
}

function countTags(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + countTags(one), 0);
  if (!isRecord(value)) return 0;
  const inside = Object.values(value).reduce<number>((sum, one) => sum + countTags(one), 0);
  return inside + (typeof value['tag'] === 'string' ? 1 : 0);
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isRecord(value)) return [];
  const own = typeof value['tag'] === 'string' && typeof value['name'] === 'string';
  const inside = Object.entries(value)
    .filter(([key]) => key !== 'behaviors')
    .flatMap(([, one]) => namesIn(one));
  return own ? [String(value['name']), ...inside] : inside;
}
