type Example = { features: number[]; holds: boolean };

const ITERATIONS = 60;

/** Returns the coefficients of a logistic regression with a ridge penalty on all but the first, by Newton's method. */
export function fitLogistic(examples: readonly Example[], ridge: number): number[] {
  const size = examples[0]?.features.length ?? 0;
  let weights = new Array<number>(size).fill(0);
  for (let step = 0; step < ITERATIONS; step += 1) {
    const penalty = (index: number) => (index === 0 ? 0 : ridge);
    const gradient = weights.map((weight, index) => penalty(index) * weight);
    const hessian = weights.map((_, row) => weights.map((_, column) => (row === column ? penalty(row) : 0)));
    for (const { features, holds } of examples) {
      const odds = features.reduce((sum, feature, index) => sum + feature * (weights[index] as number), 0);
      const probability = 1 / (1 + Math.exp(-odds));
      for (const [row, a] of features.entries()) {
        (gradient[row] as number) += a * (probability - (holds ? 1 : 0));
        for (const [column, b] of features.entries())
          ((hessian[row] as number[])[column] as number) += a * b * probability * (1 - probability);
      }
    }
    const change = solve(hessian, gradient);
    weights = weights.map((weight, index) => weight - (change[index] as number));
  }
  return weights;
}

/** Solves a system of linear equations with a symmetric, positive definite matrix, by Gaussian elimination. */
function solve(matrix: number[][], values: number[]): number[] {
  const rows = matrix.map((row, index) => [...row, values[index] as number]);
  for (const [pivot, pivotRow] of rows.entries()) {
    for (const [index, row] of rows.entries()) {
      if (index === pivot) continue;
      const factor = (row[pivot] as number) / (pivotRow[pivot] as number);
      for (const [column, value] of pivotRow.entries()) (row[column] as number) -= factor * value;
    }
  }
  return rows.map((row, index) => (row.at(-1) as number) / (row[index] as number));
}
