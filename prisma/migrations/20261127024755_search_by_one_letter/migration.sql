-- One character finds the parts that begin with it: a letter that nobody has took 200,000 leads to be read. Of texts whose last
-- character it is, it may be no part; those of leads end with a digit.
CREATE OR REPLACE FUNCTION grams_query("part" text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(
    chr(39) || replace(replace(g.gram, chr(92), repeat(chr(92), 2)), chr(39), repeat(chr(39), 2)) || chr(39)
      || CASE WHEN length("part") = 1 THEN ':*' ELSE '' END, ' & ')::tsquery
  FROM unnest(CASE WHEN length("part") = 1 THEN ARRAY["part"] ELSE grams("part") END) AS g(gram)
  WHERE length(g.gram) = least(length("part"), 3)
$$;
