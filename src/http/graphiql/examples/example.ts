/** An initial tab of GraphiQL: operations with a comment at the top, and their variables as JSON. */
export type ExampleTab = { query: string; variables: string };

export const example = (query: string, variables: Record<string, unknown>): ExampleTab => ({
  query: query.trimStart(),
  variables: JSON.stringify(variables, null, 2),
});
