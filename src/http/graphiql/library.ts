import { css, editorWorkerService, graphqlWorker, js, jsonWorker } from '@graphql-yoga/render-graphiql/graphiql';

export { css };

/** The language services of Monaco, the editor, which it runs in workers, by label. */
export const workers = { editorWorkerService, json: jsonWorker, graphql: graphqlWorker };

/**
 * The property by which Motion keeps a dragged tab inside the tab bar. Whenever a tab or the window changes its size, Motion
 * moves each tab to where it then stands in proportion, though nobody dragged it. GraphiQL hides that by a style, until a tab is
 * pressed: it jumps from under the pointer, and the click goes to the tab bar.
 */
const TAB_CONSTRAINTS = /dragConstraints:\w+,(?=value:)/;

/** The stack of an error that GraphiQL shows as the response, as of a syntax error: 5,000 characters of minified code. */
const SHOWN_STACK = /(?<=message:(\w+)\.message),stack:\1\.stack(?=\})/;

/** Yoga's build of GraphiQL as a script, with two properties taken out. */
export const script = js.replace(TAB_CONSTRAINTS, '').replace(SHOWN_STACK, '');
