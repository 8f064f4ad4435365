/** Checks blocks and views as Slack does: limits, unknown types and keys. Problems come with JSON pointers. */
export function problemsOfMessage(blocks: unknown): string[] {
  const problems: string[] = [];
  list(block('message'), { max: 50 })(blocks, '/blocks', problems);
  if (JSON.stringify(blocks).length > 100_000 || textLength(blocks) > 13_200) {
    problems.push('[ERROR] msg_blocks_too_long [json-pointer:/blocks]');
  }
  return problems;
}

export function problemsOfView(view: unknown): string[] {
  const problems: string[] = [];
  if (isRecord(view) && view['type'] === 'home') {
    object({ type: oneOf('home'), blocks: list(block('home'), { max: 100 }) })(
      view,
      '/view',
      problems,
    );
    return problems;
  }
  object({
    type: oneOf('modal'),
    title: plain(24),
    blocks: list(block('modal'), { max: 100 }),
    close: optional(plain(24)),
    submit: optional(plain(24)),
    private_metadata: optional(text(3000, 0)),
    callback_id: optional(text(255)),
    clear_on_close: optional(anything),
    notify_on_close: optional(anything),
    external_id: optional(text(255)),
  })(view, '/view', problems);
  if (isRecord(view) && Array.isArray(view['blocks'])) {
    const hasInput = view['blocks'].some((each) => isRecord(each) && each['type'] === 'input');
    if (hasInput && view['submit'] === undefined) {
      problems.push('[ERROR] missing required field: submit [json-pointer:/view]');
    }
  }
  if (JSON.stringify(view).length > 250_000) problems.push('[ERROR] view_too_large');
  return problems;
}

type Check = (value: unknown, pointer: string, problems: string[]) => void;

const optionalChecks = new WeakSet<Check>();

function block(surface: 'message' | 'modal' | 'home'): Check {
  const blocks: Record<string, Record<string, Check>> = {
    header: { text: plain(150) },
    divider: {},
    image: {
      slack_file: object({ id: text(20) }),
      alt_text: text(2000),
      title: optional(plain(2000)),
    },
    context: { elements: list(typed(contextElements), { min: 1, max: 10 }) },
    section: { text: textObject(3000), fields: optional(list(textObject(2000), { max: 10 })) },
    actions: { elements: list(typed(actionElements), { min: 1, max: 25, unique: 'action_id' }) },
    rich_text: { elements: list(typed(richTextElements), { min: 1 }) },
    ...(surface === 'message'
      ? {}
      : {
          input: {
            label: plain(2000),
            element: typed(inputElements),
            optional: optional(anything),
            hint: optional(plain(2000)),
          },
        }),
  };
  const withId = Object.fromEntries(
    Object.entries(blocks).map(([type, keys]) => [
      type,
      { ...keys, block_id: optional(text(255)) },
    ]),
  );
  return typed(withId);
}

const option: Check = object({
  text: plain(75),
  value: text(150),
  description: optional(plain(75)),
});
const optionGroup: Check = object({
  label: plain(75),
  options: (value, pointer, problems) =>
    list(option, { min: 1, max: 100 })(value, pointer, problems),
});
const confirm: Check = object({
  title: plain(100),
  text: textObject(300),
  confirm: plain(30),
  deny: optional(plain(30)),
  style: optional(oneOf('primary', 'danger')),
});
const selectKeys = {
  action_id: text(255),
  options: optional(list(option, { min: 1, max: 100 })),
  option_groups: optional(list(optionGroup, { min: 1, max: 100 })),
  initial_option: optional(option),
  placeholder: optional(plain(150)),
  confirm: optional(confirm),
};
const actionElements = {
  button: {
    action_id: text(255),
    text: plain(75),
    value: optional(text(2000)),
    url: optional(text(3000)),
    style: optional(oneOf('primary', 'danger')),
    confirm: optional(confirm),
  },
  overflow: {
    action_id: text(255),
    options: list(option, { min: 1, max: 5 }),
    confirm: optional(confirm),
  },
  static_select: selectKeys,
};
const inputElements = {
  plain_text_input: {
    action_id: text(255),
    multiline: optional(anything),
    min_length: optional(anything),
    max_length: optional((value, pointer, problems) => {
      if (typeof value !== 'number' || value < 1 || value > 3000) {
        problems.push(`[ERROR] must be between 1 and 3000 [json-pointer:${pointer}]`);
      }
    }),
    initial_value: optional(text(3000)),
    placeholder: optional(plain(150)),
  },
  radio_buttons: {
    action_id: text(255),
    options: list(option, { min: 1, max: 10 }),
    initial_option: optional(option),
    confirm: optional(confirm),
  },
  static_select: selectKeys,
  external_select: {
    action_id: text(255),
    min_query_length: optional(anything),
    initial_option: optional(option),
    placeholder: optional(plain(150)),
  },
  datepicker: {
    action_id: text(255),
    initial_date: optional((value, pointer, problems) => {
      if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) {
        problems.push(`[ERROR] must be a date [json-pointer:${pointer}]`);
      }
    }),
    placeholder: optional(plain(150)),
    confirm: optional(confirm),
  },
} satisfies Record<string, Record<string, Check>>;
const contextElements = {
  plain_text: { text: text(3000), emoji: optional(anything) },
  mrkdwn: { text: text(3000), verbatim: optional(anything) },
};
const richTextInlines = {
  text: { text: text(4000), style: optional(anything) },
  link: {
    url: text(3000),
    text: optional(text(4000)),
    style: optional(anything),
    unsafe: optional(anything),
  },
  user: { user_id: text(255) },
  broadcast: { range: oneOf('here', 'channel', 'everyone') },
};
const richTextSection = { elements: list(typed(richTextInlines), { min: 1 }) };
const richTextElements = {
  rich_text_section: richTextSection,
  rich_text_list: {
    style: oneOf('bullet', 'ordered'),
    elements: list(typed({ rich_text_section: richTextSection }), { min: 1 }),
    indent: optional(anything),
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

function anything(): void {}

function object(keys: Record<string, Check>): Check {
  return (value, pointer, problems) => {
    if (!isRecord(value)) {
      problems.push(`[ERROR] must be an object [json-pointer:${pointer}]`);
      return;
    }
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(keys, key)) {
        problems.push(`[ERROR] no more allowed keys: ${key} [json-pointer:${pointer}]`);
      }
    }
    for (const [key, check] of Object.entries(keys)) {
      if (value[key] !== undefined) check(value[key], `${pointer}/${key}`, problems);
      else if (!optionalChecks.has(check)) {
        problems.push(`[ERROR] missing required field: ${key} [json-pointer:${pointer}]`);
      }
    }
  };
}

function typed(types: Record<string, Record<string, Check>>): Check {
  return (value, pointer, problems) => {
    const type = isRecord(value) ? String(value['type']) : '';
    const keys = Object.hasOwn(types, type) ? types[type] : undefined;
    if (keys === undefined) {
      problems.push(`[ERROR] unsupported type: ${type} [json-pointer:${pointer}]`);
      return;
    }
    object({ type: anything, ...keys })(value, pointer, problems);
  };
}

function list(each: Check, limits: { min?: number; max?: number; unique?: string }): Check {
  return (value, pointer, problems) => {
    if (!Array.isArray(value)) {
      problems.push(`[ERROR] must be an array [json-pointer:${pointer}]`);
      return;
    }
    if (value.length < (limits.min ?? 0) || value.length > (limits.max ?? 1000)) {
      problems.push(`[ERROR] wrong number of items: ${value.length} [json-pointer:${pointer}]`);
    }
    const { unique } = limits;
    if (unique !== undefined) {
      const ids = value.map((item) => (isRecord(item) ? item[unique] : undefined));
      if (new Set(ids).size !== ids.length) {
        problems.push(`[ERROR] ${unique} already exists [json-pointer:${pointer}]`);
      }
    }
    for (const [index, item] of value.entries()) each(item, `${pointer}/${index}`, problems);
  };
}

function text(charsMax: number, charsMin = 1): Check {
  return (value, pointer, problems) => {
    if (typeof value !== 'string') {
      problems.push(`[ERROR] must be a string [json-pointer:${pointer}]`);
    } else if (value.length > charsMax) {
      problems.push(
        `[ERROR] must be less than ${charsMax + 1} characters [json-pointer:${pointer}]`,
      );
    } else if (value.length < charsMin) {
      problems.push(`[ERROR] must be more than 0 characters [json-pointer:${pointer}]`);
    }
  };
}

function plain(charsMax: number): Check {
  return object({ type: oneOf('plain_text'), text: text(charsMax), emoji: optional(anything) });
}

function textObject(charsMax: number): Check {
  return object({
    type: oneOf('plain_text', 'mrkdwn'),
    text: text(charsMax),
    emoji: optional(anything),
    verbatim: optional(anything),
  });
}

function oneOf(...allowed: string[]): Check {
  return (value, pointer, problems) => {
    if (!allowed.includes(String(value))) {
      problems.push(`[ERROR] value must be one of ${allowed.join()} [json-pointer:${pointer}]`);
    }
  };
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (!isRecord(value) || value['type'] === 'actions') return 0;
  const own = typeof value['text'] === 'string' ? value['text'].length : 0;
  return Object.values(value).reduce<number>((sum, item) => sum + textLength(item), own);
}
