/** Two names with a common beginning and end; what differs stands in the slot. */
export interface Slots {
  readonly head: string;
  readonly left: string;
  readonly right: string;
}

/**
 * Splits two word lists into what they share at both ends and what differs between; null where they share nothing
 * or one is the other.
 */
export function slotsOf(left: readonly string[], right: readonly string[]): Slots | null {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left[left.length - 1 - end] === right[right.length - 1 - end]) {
    end += 1;
  }
  if (start + end === 0) return null;
  const leftSlot = left.slice(start, left.length - end);
  const rightSlot = right.slice(start, right.length - end);
  if (leftSlot.length === 0 && rightSlot.length === 0) return null;
  return {
    head: [...left.slice(0, start), ...left.slice(left.length - end)].join(''),
    left: leftSlot.join(''),
    right: rightSlot.join(''),
  };
}

/** Words that speak of two values of one property and so never mean the same. */
const opposites: readonly (readonly string[])[] = [
  ['高', '中', '低'],
  ['高频', '中频', '低频'],
  ['高活跃', '中活跃', '低活跃', '不活跃'],
  ['高价值', '中价值', '低价值'],
  ['新', '老', '旧', '次新'],
  ['大', '中', '小'],
  ['多', '少'],
  ['男', '女', '男性', '女性'],
  ['已', '未', '待'],
  ['有', '无', '没有'],
  ['内', '外'],
  ['线上', '线下'],
  ['国内', '海外', '境外'],
  ['工作日', '周末'],
  ['早', '午', '晚'],
  ['黑', '白', '灰', '红'],
  ['金', '银', '铜'],
  ['黄金', '白金', '铂金', '白银', '钻石', '青铜'],
  ['普通', '高级', '尊享'],
  ['一线', '二线', '三线', '四线'],
  ['房', '车', '信用', '消费', '经营'],
  ['潜在', '流失', '沉默', '活跃', '休眠', '预流失'],
  ['首购', '复购'],
  ['个人', '企业', '对公', '对私'],
  ['自营', '加盟'],
  ['收入', '支出'],
  ['进口', '国产'],
  ['high', 'medium', 'mid', 'low'],
  ['new', 'old', 'existing', 'former'],
  ['big', 'large', 'small', 'medium'],
  ['male', 'female'],
  ['active', 'inactive', 'dormant', 'churned', 'lost'],
  ['online', 'offline'],
  ['domestic', 'overseas', 'foreign'],
  ['gold', 'silver', 'bronze', 'platinum', 'diamond'],
  ['weekday', 'weekend'],
  ['first', 'second', 'repeat'],
  ['personal', 'corporate', 'business'],
  ['public', 'private'],
  ['client', 'server'],
  ['internal', 'external'],
  ['left', 'right'],
  ['min', 'max'],
];

const groupsOfWord: ReadonlyMap<string, readonly number[]> = (() => {
  const groups = new Map<string, number[]>();
  for (const [group, words] of opposites.entries()) {
    for (const word of words) groups.set(word, [...(groups.get(word) ?? []), group]);
  }
  return groups;
})();

const gradePattern = /^(v|vip|lv|level|p|t|s|k)?\d+(\.\d+)*(\+|级|星|线|代|期|元|岁|天|月|年|x)?$/;
const chineseNumberPattern = /^第?[零一二三四五六七八九十百两]+(级|星|线|代|期|档|类)?$/;
const letterGradePattern = /^[a-z](类|级|档|\+{1,2}|-)?$/;

/** Whether the values of a slot are two values of one property: a pair of opposites, or two grades or numbers. */
export function areOpposed(left: string, right: string): boolean {
  if (left === '' || right === '' || left === right) return false;
  if (isGrade(left) && isGrade(right)) return true;
  if (sharesGroup(left, right)) return true;
  // 高 in 高价值 and 低 in 低价值: the rest of the slot is the same.
  const [leftHead, rightHead] = [left.slice(0, 1), right.slice(0, 1)];
  if (left.slice(1) === right.slice(1) && sharesGroup(leftHead, rightHead)) return true;
  const [leftTail, rightTail] = [left.slice(-1), right.slice(-1)];
  if (left.slice(0, -1) === right.slice(0, -1) && sharesGroup(leftTail, rightTail)) return true;
  return isNegationOf(left, right) || isNegationOf(right, left);
}

function sharesGroup(left: string, right: string): boolean {
  if (left === right) return false;
  const groups = groupsOfWord.get(left);
  return (
    groups !== undefined && (groupsOfWord.get(right) ?? []).some((one) => groups.includes(one))
  );
}

function isNegationOf(negated: string, plain: string): boolean {
  return ['不', '非', '未', '无', 'non', 'un', 'in', 'not'].some(
    (prefix) => negated === `${prefix}${plain}`,
  );
}

function isGrade(text: string): boolean {
  return (
    gradePattern.test(text) || chineseNumberPattern.test(text) || letterGradePattern.test(text)
  );
}
