-- Whether an owner has a word is looked for by the index also where the table is small: a session keeps the plan that it made
-- then, and would read all of the table for each of thousands of words that one message adds.
ALTER FUNCTION search_learn_words() SET enable_seqscan = off;
