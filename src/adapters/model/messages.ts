/** One turn of what a model is sent. */
export type ModelMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** What a model says of its own work, where it does. */
export type ModelUsage = { model: string; tokensInput: number | null; tokensOutput: number | null };
