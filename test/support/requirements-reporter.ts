import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Names, at the end of a run, the tests that this machine could not run, and why. */
export default class RequirementsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap(({ children }) => [...children.allTests('skipped')]).flatMap(describeNotRun);
    if (lines.length > 0) console.log(['', 'Not run on this machine:', ...lines, ''].join('\n'));
  }
}

function describeNotRun(test: TestCase): string[] {
  const reason = test.meta().notRunBecause;
  return reason ? [`  ${test.module.relativeModuleId} > ${test.fullName} (${reason})`] : [];
}
