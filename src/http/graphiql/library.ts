import { css, editorWorkerService, graphqlWorker, js, jsonWorker } from '@graphql-yoga/render-graphiql/graphiql';

export { css };

/** The language services of the editor Monaco, which run in workers, by label. */
export const workers = { editorWorkerService, json: jsonWorker, graphql: graphqlWorker };

/**
 * The property by which Motion keeps a dragged tab inside the tab bar. Whenever a tab or the window is resized, Motion moves each tab
 * proportionally, although it is not dragged. GraphiQL hides that by a style until a tab is pressed: then the tab jumps away from the
 * pointer, and the click hits the tab bar.
 */
const TAB_CONSTRAINTS = /dragConstraints:\w+,(?=value:)/;

/** The stack of an error that GraphiQL shows as the response, for example of a syntax error: 5,000 characters of minified code. */
const SHOWN_STACK = /(?<=message:(\w+)\.message),stack:\1\.stack(?=\})/;

/** Yoga's build of GraphiQL as a script, without two properties. */
export const script = js.replace(TAB_CONSTRAINTS, '').replace(SHOWN_STACK, '');
