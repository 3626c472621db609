import { expect, it } from 'vitest';
import { createSendBudget } from '#http/graphql/limits/send-budget.ts';

const MIB = 2 ** 20;

it('what waits for all readers together is bounded: those for whom most waits are cut off', () => {
  const budget = createSendBudget();
  const cut: string[] = [];
  const reader = (name: string) => ({ cut: () => void cut.push(name) });
  const [slow, slower, quick] = [reader('slow'), reader('slower'), reader('quick')];
  budget.add(slow, 20 * MIB);
  budget.add(slower, 15 * MIB);
  budget.add(slower, 15 * MIB);
  const sent = budget.add(quick, 10 * MIB);
  expect(cut).toEqual([]);
  sent();
  expect(budget.bytes()).toBe(50 * MIB);
  budget.add(quick, 15 * MIB);
  expect(cut).toEqual(['slower']);
  expect(budget.bytes()).toBe(35 * MIB);
});

it('what a reader that was cut off never took is not subtracted twice', () => {
  const budget = createSendBudget();
  const late = budget.add({ cut: () => {} }, 65 * MIB);
  expect(budget.bytes()).toBe(0);
  late();
  expect(budget.bytes()).toBe(0);
});
