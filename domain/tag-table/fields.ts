import type { Locale } from '../locale.ts';

/** What a column of a table of tags may hold. */
export const tagFields = [
  'code',
  'name',
  'nameEn',
  'definition',
  'definitionEn',
  'level',
  'category',
  'parent',
  'departments',
  'owner',
  'status',
  'lifeDays',
  'successor',
  'confirmEveryDays',
  'criteria',
  'sensitive',
  'seenBy',
] as const;
export type TagField = (typeof tagFields)[number];

/** How a column is headed in a file that Tagwarden writes. */
export const fieldHeaders: Readonly<Record<Locale, Readonly<Record<TagField, string>>>> = {
  'zh-CN': {
    code: '编码',
    name: '名称',
    nameEn: '英文名称',
    definition: '定义',
    definitionEn: '英文定义',
    level: '层级',
    category: '类别',
    parent: '上级标签',
    departments: '适用部门',
    owner: '责任人',
    status: '状态',
    lifeDays: '有效期（天）',
    successor: '接替标签',
    confirmEveryDays: '确认周期（天）',
    criteria: '判定条件（JSON）',
    sensitive: '敏感',
    seenBy: '可见部门',
  },
  en: {
    code: 'Code',
    name: 'Name',
    nameEn: 'English name',
    definition: 'Definition',
    definitionEn: 'English definition',
    level: 'Level',
    category: 'Category',
    parent: 'Parent',
    departments: 'Departments',
    owner: 'Owner',
    status: 'Status',
    lifeDays: 'Lifetime (days)',
    successor: 'Successor',
    confirmEveryDays: 'Confirm every (days)',
    criteria: 'Criteria (JSON)',
    sensitive: 'Sensitive',
    seenBy: 'Seen by',
  },
};

/** Other words that companies head such columns with; without brackets, spaces and capitals. */
const otherHeaders: Readonly<Record<TagField, readonly string[]>> = {
  code: [
    '标签编码',
    '标签代码',
    '标签编号',
    '标签id',
    '编号',
    '代码',
    'id',
    'tagcode',
    'tagid',
    'key',
  ],
  name: [
    '标签名称',
    '标签名',
    '标签',
    '中文名称',
    '中文名',
    '标签中文名',
    'tag',
    'tagname',
    'chinesename',
  ],
  nameEn: ['英文名', '标签英文名', 'nameen', 'englishname', 'tagnameen'],
  definition: [
    '标签定义',
    '标签说明',
    '标签含义',
    '业务口径',
    '口径',
    '含义',
    '说明',
    '描述',
    '标签描述',
    '备注说明',
    'description',
    'meaning',
    'chinesedefinition',
  ],
  definitionEn: ['英文说明', '英文描述', 'definitionen', 'englishdescription', 'descriptionen'],
  level: ['标签层级', '级别', '标签级别', '标签等级', '主子标签', 'taglevel'],
  category: ['标签类别', '标签类型', '类型', '分类', '标签分类', 'type', 'tagcategory', 'tagtype'],
  parent: [
    '父标签',
    '父级',
    '父级标签',
    '上级',
    '主标签',
    '所属主标签',
    '所属标签',
    '一级标签',
    'parenttag',
    'parentcode',
    'maintag',
  ],
  departments: [
    '部门',
    '使用部门',
    '可用部门',
    '所属部门',
    '归口部门',
    '业务部门',
    'department',
    'usedby',
    'scope',
  ],
  owner: [
    '负责人',
    '标签责任人',
    '标签负责人',
    '责任人姓名',
    '维护人',
    'tagowner',
    'ownercode',
    'responsible',
  ],
  status: ['标签状态', '使用状态', '启用状态', 'tagstatus', 'state'],
  lifeDays: [
    '有效期',
    '有效天数',
    '有效期天数',
    '生命周期',
    'lifetime',
    'lifedays',
    'ttl',
    'validdays',
    'expiresafter',
  ],
  successor: [
    '替代标签',
    '后继标签',
    '接替',
    '到期后改为',
    'replacedby',
    'replacement',
    'successorcode',
  ],
  confirmEveryDays: ['确认周期', '复核周期', 'confirmevery', 'confirmeverydays', 'reviewdays'],
  criteria: ['判定条件', '打标条件', '条件', '打标规则', '判定规则', 'condition', 'rule'],
  sensitive: ['是否敏感', '敏感标签', '敏感性', 'issensitive', 'sensitivity'],
  seenBy: ['可见范围', '可查看部门', '查看部门', 'visibleto', 'seenbydepartments'],
};

const fieldByHeader: ReadonlyMap<string, TagField> = new Map(
  tagFields.flatMap((field) =>
    [field, fieldHeaders['zh-CN'][field], fieldHeaders.en[field], ...otherHeaders[field]].map(
      (words) => [plainHeader(words), field] as const,
    ),
  ),
);

/** What a column of this heading holds, as far as the words say; null: they say nothing. */
export function fieldOfHeader(header: string): TagField | null {
  const whole = header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s*_\-:]/gu, '');
  return fieldByHeader.get(whole) ?? fieldByHeader.get(plainHeader(header)) ?? null;
}

/** Without what stands in brackets, and without signs such as the star of what has to be filled in. */
function plainHeader(words: string): string {
  return words
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\([^)]*\)|\[[^\]]*\]/gu, '')
    .replaceAll(/[\s*_\-:]/gu, '');
}

const headerSearchRowsMax = 10;

/**
 * The row that names the columns: of the first ones the one with most known headings, so that a title above the
 * table does no harm. Row 0 where none is known.
 */
export function findHeader(rows: readonly (readonly string[])[]): {
  readonly headerAt: number;
  readonly columns: readonly (TagField | null)[];
} {
  let best = { headerAt: 0, known: 0 };
  for (const [headerAt, row] of rows.slice(0, headerSearchRowsMax).entries()) {
    const known = new Set(row.map(fieldOfHeader).filter((field) => field !== null)).size;
    if (known > best.known) best = { headerAt, known };
  }
  const seen = new Set<TagField>();
  const columns = (rows[best.headerAt] ?? []).map((header) => {
    const field = fieldOfHeader(header);
    if (field === null || seen.has(field)) return null;
    seen.add(field);
    return field;
  });
  return { headerAt: best.headerAt, columns };
}
