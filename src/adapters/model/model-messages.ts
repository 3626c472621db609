/** One turn of what a model is sent. */
export type ModelMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** What is known of an answer when it has ended; null for what the model does not report. */
export type ModelReport = {
  model: string;
  tokensInput: number | null;
  tokensOutput: number | null;
  /** What the model thought before it answered; the beginning of it where that is long. */
  reasoning: string | null;
};
