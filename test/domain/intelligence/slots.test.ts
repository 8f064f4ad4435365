import { expect, it } from 'vitest';
import { areOpposed, slotsOf } from '../../../domain/intelligence/slots.ts';

it.each([
  ['新', '老'],
  ['高', '低'],
  ['高活跃', '低活跃'],
  ['房', '车'],
  ['黄金', '白金'],
  ['未', '已'],
  ['活跃', '不活跃'],
  ['active', 'inactive'],
  ['', '不'],
  ['海外', '国内'],
])('%s and %s are values of one property', (left, right) => {
  expect(areOpposed(left ?? '', right ?? '')).toBe(true);
  expect(areOpposed(right ?? '', left ?? '')).toBe(true);
});

it.each([
  ['高价值', '重点'],
  ['买家', '客户'],
  ['沉默', '沉默'],
  ['', '新'],
  ['白金', '铂金'],
  ['海外', '境外'],
  ['女', '女性'],
])('%s and %s may mean the same', (left, right) => {
  expect(areOpposed(left, right)).toBe(false);
});

it('splits two names into what they share and what differs', () => {
  expect(slotsOf(['新', '客户'], ['老', '客户'])).toEqual({
    head: '客户',
    left: '新',
    right: '老',
  });
  expect(slotsOf(['客户'], ['重点', '客户'])).toEqual({ head: '客户', left: '', right: '重点' });
  expect(slotsOf(['新', '客户'], ['沉默', '用户'])).toBeNull();
  expect(slotsOf(['客户'], ['客户'])).toBeNull();
});
