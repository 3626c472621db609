/** A message of a tree: `parent` is the id of the one before it, null for the first. */
export type TreeNode = { id: string; parent: string | null; time: string | null };

/**
 * Returns the branch that ends with a node, first message first. It begins where a parent is missing; a node that is its own
 * ancestor comes once.
 */
function branchTo<Node extends TreeNode>(nodes: ReadonlyMap<string, Node>, leafId: string): Node[] {
  const branch = new Map<string, Node>();
  for (let node = nodes.get(leafId); node && !branch.has(node.id); node = nodes.get(node.parent ?? '')) {
    branch.set(node.id, node);
  }
  return [...branch.values()].reverse();
}

/**
 * Returns the branch that was used last: up to `currentId` where there is such a node, else up to the newest one that nobody
 * answers.
 */
export function activeBranch<Node extends TreeNode>(nodes: ReadonlyMap<string, Node>, currentId: unknown): Node[] {
  if (typeof currentId === 'string' && nodes.has(currentId)) return branchTo(nodes, currentId);
  const parents = new Set(Array.from(nodes.values(), ({ parent }) => parent));
  const leaves = [...nodes.values()].filter(({ id }) => !parents.has(id));
  const last = newest(leaves) ?? newest([...nodes.values()]);
  return last ? branchTo(nodes, last.id) : [];
}

/** Like activeBranch, for a list in its order: without two answers to one message it is the branch. */
export function activeBranchOfList<Node extends TreeNode>(list: readonly Node[], currentId?: unknown): Node[] {
  const parents = new Set(list.map(({ parent }) => parent));
  const isBranch = parents.size === list.length || (parents.size === 1 && parents.has(null));
  return isBranch ? [...list] : activeBranch(new Map(list.map((node) => [node.id, node])), currentId);
}

/** Of those without a time, and of equally new ones, the last counts as the newest. */
function newest<Node extends TreeNode>(nodes: readonly Node[]): Node | undefined {
  let found: Node | undefined;
  for (const node of nodes) if (!found || (node.time ?? '') >= (found.time ?? '')) found = node;
  return found;
}
