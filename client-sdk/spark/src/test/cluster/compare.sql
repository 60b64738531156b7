-- Of a table of Spark and one of batch: rows that only one has or that differ, then rows of Spark, then texts with an error.
WITH spark AS (SELECT * FROM read_parquet('SPARK/part-*.parquet') WHERE error IS NULL),
  batch AS (SELECT * FROM read_parquet('BATCH/part-*.parquet')),
  -- Which texts were computed together shows in the last digits.
  differs AS (
    SELECT 1 FROM spark s FULL JOIN batch b ON s.id = b.id AND s.lens = b.lens AND s.position = b.position
    WHERE s.id IS NULL OR b.id IS NULL OR s.request <> b.request OR s.token_id <> b.token_id OR s.token <> b.token
      OR s.final_token <> b.final_token OR s.layer <> b.layer OR s.site <> b.site OR s.targets <> b.targets
      OR len(s.top_ids) <> len(b.top_ids) OR abs(s.final_log_prob - b.final_log_prob) > 0.01
      OR list_max([abs(pair[1] - pair[2]) FOR pair IN list_zip(s.entropy, b.entropy)]) > 0.01
      OR list_max([abs(pair[1] - pair[2]) FOR pair IN list_zip(s.kl_from_final, b.kl_from_final)]) > 0.01)
SELECT (SELECT count(*) FROM differs), (SELECT count(*) FROM spark), (SELECT count(*) FROM batch),
  (SELECT count(*) FROM read_parquet('SPARK/part-*.parquet') WHERE error IS NOT NULL)
