/** One turn of what a model is sent. */
export type ModelMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** What a model reports of its own work; null for tokens that it does not report. */
export type ModelUsage = { model: string; tokensInput: number | null; tokensOutput: number | null };
