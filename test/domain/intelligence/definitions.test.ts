import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../domain/intelligence/parse-definition.ts';
import { comparePredicates } from '../../../domain/intelligence/predicate.ts';

describe('a definition is read as what it measures', () => {
  it.each([
    ['近12个月消费不低于10万元', 'spend', 100_000, Infinity, 365],
    ['近一年消费满十万元', 'spend', 100_000, Infinity, 365],
    ['spent at least 100,000 yuan in the last 12 months', 'spend', 100_000, Infinity, 365],
    ['spent over 100k in the last year', 'spend', 100_000, Infinity, 365],
    ['近12个月消费不足2万元', 'spend', -Infinity, 20_000, 365],
    ['近90天无登录', 'visits', 0, 0, 90],
    ['近30天未购买', 'orders', 0, 0, 30],
    ['no visit in the last 90 days', 'visits', 0, 0, 90],
    ['半年内有订单', 'orders', 1, Infinity, 183],
    ['近半年下单3次以上', 'orders', 3, Infinity, 183],
    ['首次下单未满90天的客户', 'first-order-age', -Infinity, 90, null],
    ['first ordered less than 90 days ago', 'first-order-age', -Infinity, 90, null],
    ['可投资资产超过100万', 'assets', 1_000_000, Infinity, null],
    ['客单价500元以上', 'order-value', 500, Infinity, null],
  ])('%s', (text, metric, least, most, windowDays) => {
    const [predicate] = parseDefinition(text);
    expect(predicate).toMatchObject({ metric, least, most, windowDays });
  });
});

describe('two definitions are compared by what they measure', () => {
  it.each([
    ['近12个月消费不低于10万元', 'spent at least 100,000 in the last 12 months', 'equal'],
    ['近12个月消费不低于20万元', '近12个月消费不低于10万元', 'narrower'],
    ['近12个月消费不低于10万元', '近12个月消费不低于20万元', 'wider'],
    ['近3个月消费不低于10万元', '近12个月消费不低于10万元', 'narrower'],
    ['近180天未购买', '近90天未购买', 'narrower'],
    ['近12个月消费不低于10万元', '近12个月消费不足2万元', 'contradicting'],
    ['近30天有登录', '近30天无登录', 'contradicting'],
    ['近12个月消费超过10万元', '近12个月消费10万元以下', 'contradicting'],
    ['近12个月消费不低于10万元，近半年有订单', '近12个月消费不低于10万元', 'narrower'],
    ['近12个月消费不低于10万元', '近30天无登录', 'unrelated'],
    ['销售认为重要的客户', '近30天无登录', 'unknown'],
  ])('%s / %s: %s', (first, second, relation) => {
    expect(comparePredicates(parseDefinition(first), parseDefinition(second))).toBe(relation);
  });
});
