/** One message of a prompt. */
export type ModelMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** What is known about an answer at its end; null for what the model does not report. */
export type ModelReport = {
  model: string;
  tokensInput: number | null;
  tokensOutput: number | null;
  /** The model's reasoning before the answer; only its beginning if it is long. */
  reasoning: string | null;
};
