import { tagCategories, tagLevels, tagStatuses } from '../tag.ts';
import type { TagCategory, TagLevel, TagStatus } from '../tag.ts';

/** A cell's words for a value of a fixed set; null: none of them. */
type Reader<T> = (text: string) => T | null;

export const readLevel: Reader<TagLevel> = readerOf(tagLevels, {
  main: ['主标签', '主', '一级', '一级标签', '大类', '1', 'l1', 'level1'],
  sub: [
    '子标签',
    '子',
    '二级',
    '二级标签',
    '三级',
    '三级标签',
    '小类',
    '2',
    '3',
    'l2',
    'level2',
    'child',
  ],
  temporary: ['临时标签', '临时', '活动标签', 'temp'],
});

export const readCategory: Reader<TagCategory> = readerOf(tagCategories, {
  basic: ['基础', '基础属性', '基本', '基本属性', '属性', '静态', 'attribute', 'profile'],
  transaction: ['交易', '消费', '价值', '交易类', '消费类', 'transactional', 'value'],
  behaviour: ['行为', '行为类', '动态', 'behavior', 'behavioural', 'behavioral'],
  prediction: ['预测', '预测类', '模型', '算法', 'predictive', 'model'],
});

export const readStatus: Reader<TagStatus> = readerOf(tagStatuses, {
  proposed: ['待批准', '申请中', '待审批', '草稿', '待启用', 'draft', 'pending', 'requested'],
  active: [
    '使用中',
    '启用',
    '已启用',
    '有效',
    '生效',
    '在用',
    '正常',
    '上线',
    'enabled',
    'inuse',
    'valid',
  ],
  deprecated: ['已停用', '停用', '废弃', '已废弃', '禁用', 'disabled', 'retired', 'obsolete'],
  archived: ['已归档', '归档', '下线', '已下线', '删除', 'deleted'],
});

const yesOrNo: Reader<'yes' | 'no'> = readerOf(['yes', 'no'], {
  yes: ['是', '敏感', 'y', 'true', '1', '√', '✓', 'sensitive'],
  no: ['否', '不敏感', '非敏感', 'n', 'false', '0', '×', 'notsensitive', 'public'],
});

export function readYesNo(text: string): boolean | null {
  const answer = yesOrNo(text);
  return answer === null ? null : answer === 'yes';
}

const endless = new Set([
  '长期',
  '永久',
  '无',
  '无限期',
  '不限',
  '长期有效',
  '-',
  '—',
  '/',
  'none',
  'never',
  'noend',
]);

/** A number of days; null: for ever; undefined: no number of days. */
export function readDays(text: string): number | null | undefined {
  const plain = plainValue(text);
  if (endless.has(plain)) return null;
  const [, digits] = /^(\d{1,6})(?:\.0+)?(?:天|日|days?|d)?$/.exec(plain) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const everybody = new Set([
  '所有部门',
  '全部',
  '全部门',
  '所有',
  '全公司',
  '不限',
  'all',
  'every',
  'everybody',
  'everydepartment',
]);

/** The departments that a cell names; empty: every one. */
export function readList(text: string): readonly string[] {
  if (everybody.has(plainValue(text))) return [];
  return text
    .split(/[、，,;；/|\n]/u)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function readerOf<T extends string>(
  values: readonly T[],
  words: Readonly<Record<T, readonly string[]>>,
): Reader<T> {
  const byWord = new Map(
    values.flatMap((value) => [value, ...words[value]].map((word) => [word, value] as const)),
  );
  return (text) => {
    const plain = plainValue(text);
    return byWord.get(plain) ?? byWord.get(plain.replace(/(标签|类标签|类|tag)$/u, '')) ?? null;
  };
}

function plainValue(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_-]+(?=.)/gu, '')
    .trim();
}
