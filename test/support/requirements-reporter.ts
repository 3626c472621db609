import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Names, at the end of a run, the tests that this machine could not run, and why; then counts in a line of its own. */
export default class RequirementsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap(({ children }) => [...children.allTests('skipped')]).flatMap(describeNotRun);
    if (lines.length > 0) console.log(['', 'Not run on this machine:', ...lines, ''].join('\n'));
    const count = (state: 'passed' | 'failed') =>
      modules.flatMap(({ children }) => [...children.allTests(state)]).length;
    console.log(`${count('passed')} passed, ${count('failed')} failed`);
  }
}

function describeNotRun(test: TestCase): string[] {
  const reason = test.meta().notRunBecause;
  return reason ? [`  ${test.module.relativeModuleId} > ${test.fullName} (${reason})`] : [];
}
